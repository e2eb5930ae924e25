"""Records that may be the same: found, reviewed, merged, and taken apart again."""

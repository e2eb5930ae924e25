"""All that is set in an installation as one file: written out, looked at, read in again."""

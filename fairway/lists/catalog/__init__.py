"""The lists there are, one file each."""

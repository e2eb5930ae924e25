"""Lists: what each one has to show, filters on any of it, views that are kept, export, and many rows at once."""

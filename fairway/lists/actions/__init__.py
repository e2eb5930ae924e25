"""Every write of lists: tags on records, and views that are kept."""

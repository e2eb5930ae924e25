"""Operating procedures: drafts, published versions and the shipped library."""

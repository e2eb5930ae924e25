"""The pages of lists: one template for all of them; rows written without one, for they are most of a page."""

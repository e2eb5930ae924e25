"""The page of one run: what stands on it, put together from the queries of `runs` and the columns of its domain."""

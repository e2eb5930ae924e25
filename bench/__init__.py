"""The measured promises: each prints its figure, a ratio to the bare rows, its bound, and pass or fail."""

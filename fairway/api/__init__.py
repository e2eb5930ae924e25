"""The JSON door: one file per resource, described by OpenAPI."""

"""The HTML door: views, templates and assets."""

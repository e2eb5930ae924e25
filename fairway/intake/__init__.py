"""Files, forms and mail that become leads."""

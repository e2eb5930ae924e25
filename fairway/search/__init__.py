"""Finding any record by a part of its name, by phone or by number."""

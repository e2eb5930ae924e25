"""How a list says that it does not understand what is asked of it."""

from __future__ import annotations


class Misread(ValueError):
    """A filter, order or grouping that the list does not know; the message is a sentence in the reader's language."""

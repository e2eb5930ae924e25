"""Fairway (航道): the sales SOP that runs itself."""

__version__ = "0.1.0"

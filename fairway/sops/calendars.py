"""The working calendar of an SOP: the firm's own table where there is one, else the shipped one."""

from __future__ import annotations

import functools

from fairway.engine.calendar import Calendar
from fairway.engine.calendars import shipped

__all__ = ["calendar_of"]


@functools.cache
def calendar_of(key: str) -> Calendar:
    """The calendar of that name. Raises KeyError where there is none."""
    return shipped(key)

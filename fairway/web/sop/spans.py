"""Spans of time as an SOP gives them (`24h`, `3wd`), in the reader's words."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import ngettext

from fairway.engine.duration import Duration, Unit

_UNITS: dict[Unit, Callable[[int], str]] = {
    "m": lambda n: ngettext("%(number)s minute", "%(number)s minutes", n),
    "h": lambda n: ngettext("%(number)s hour", "%(number)s hours", n),
    "d": lambda n: ngettext("%(number)s day", "%(number)s days", n),
    "w": lambda n: ngettext("%(number)s week", "%(number)s weeks", n),
    "mo": lambda n: ngettext("%(number)s month", "%(number)s months", n),
    "wd": lambda n: ngettext("%(number)s working day", "%(number)s working days", n),
    "wh": lambda n: ngettext("%(number)s working hour", "%(number)s working hours", n),
}


def span(duration: Duration) -> str:
    """A span in words: `3wd` is “3 working days”."""
    return _UNITS[duration.unit](duration.amount) % {"number": duration.amount}

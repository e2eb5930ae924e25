"""Times and amounts of many rows in the reader's words: each word is looked up once for a page.

What `formats` says is said here too, for the same moment (a test holds that); a list shows hundreds of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.html import escape
from django.utils.translation import pgettext

from fairway.web import formats
from fairway.web.formats import DAY, HOUR, MINUTE, SOON

_PARTS: dict[str, Callable[[datetime | date, list[str]], str]] = {
    "Y": lambda at, _months: f"{at.year:04d}",
    "m": lambda at, _months: f"{at.month:02d}",
    "n": lambda at, _months: f"{at.month}",
    "d": lambda at, _months: f"{at.day:02d}",
    "j": lambda at, _months: f"{at.day}",
    "M": lambda at, months: months[at.month],
    "H": lambda at, _months: f"{at.hour:02d}" if isinstance(at, datetime) else "",
    "i": lambda at, _months: f"{at.minute:02d}" if isinstance(at, datetime) else "",
}
_SECONDS_SOON = SOON.total_seconds()


class Words:
    """Says times to one reader at one moment."""

    def __init__(self, now: datetime, zone: ZoneInfo | None = None) -> None:
        self.now = now
        self.zone = zone or timezone.get_current_timezone()
        self._months = ["", *(str(MONTHS_3[number]).capitalize() for number in range(1, 13))]
        self._minute = pgettext("date format", "j M Y, H:i")
        self._day = pgettext("date format", "j M Y")
        self._left: dict[tuple[bool, int, int, bool], tuple[str, str]] = {}
        self._ago: dict[tuple[bool, int, int], str] = {}

    def exact(self, moment: datetime) -> str:
        """A moment to the minute, in the reader's time zone."""
        return self._written(moment.astimezone(self.zone), self._minute)

    def day(self, day: date) -> str:
        """A day."""
        return self._written(day, self._day)

    def _written(self, at: datetime | date, pattern: str) -> str:
        months = self._months
        return "".join(_PARTS[sign](at, months) if sign in _PARTS else sign for sign in pattern.replace("\\", ""))

    def left(self, due: datetime) -> tuple[str, str]:
        """How long is left, or overdue, and the tone that colours it; safe to be shown."""
        seconds = int((due - self.now).total_seconds())
        size, number = _unit(abs(seconds))
        key = (seconds < 0, size, number, 0 <= seconds <= _SECONDS_SOON)
        known = self._left.get(key)
        if known is None:
            said = formats.time_left(due, now=self.now)
            known = self._left[key] = (escape(said.text), said.tone)
        return known

    def ago(self, moment: datetime) -> str:
        """How long ago, or how soon; safe to be shown."""
        seconds = int((self.now - moment).total_seconds())
        key = (seconds < 0, *(_unit(abs(seconds)) if abs(seconds) >= MINUTE else (0, 0)))
        known = self._ago.get(key)
        if known is None:
            known = self._ago[key] = escape(formats.relative(moment, now=self.now))
        return known


def _unit(seconds: int) -> tuple[int, int]:
    """The size of the unit that a length of time is said in, and how many of it."""
    if seconds < HOUR:
        return MINUTE, max(1, seconds // MINUTE)
    if seconds < 2 * DAY:
        return HOUR, seconds // HOUR
    return DAY, seconds // DAY

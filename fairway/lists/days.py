"""Days as filters say them: 2026-03-31, or from today on (`-7d`, `this-month`), in the asker's time zone."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from fairway.lists.errors import Misread

_AWAY = re.compile(r"([+-]?)(\d{1,4})([dwmy])")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")
Span = tuple[date, date]
WORDS = (
    "today", "yesterday", "tomorrow", "this-week", "last-week", "next-week", "this-month", "last-month", "next-month",
    "this-quarter", "this-year",
)  # fmt: skip


def span(text: str, today: date) -> Span:
    """The first and last day that a text means. Raises Misread."""
    try:
        found = _named(text, today) or _counted(text, today) or _written(text)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise Misread(_("“%(text)s” is no day: 2026-03-31, today, -7d, this-month …") % {"text": text[:40]})
    return found


def _named(text: str, today: date) -> Span | None:
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    if text in ("today", "now"):
        return today, today
    if text in ("yesterday", "tomorrow"):
        day = today + timedelta(days=1 if text == "tomorrow" else -1)
        return day, day
    weeks = {"last-week": -1, "this-week": 0, "next-week": 1}
    if text in weeks:
        begin = monday + timedelta(weeks=weeks[text])
        return begin, begin + timedelta(days=6)
    months = {"last-month": -1, "this-month": 0, "next-month": 1}
    if text in months:
        return month(_months_on(first, months[text]))
    if text == "this-quarter":
        begin = first.replace(month=first.month - (first.month - 1) % 3)
        return begin, month(_months_on(begin, 2))[1]
    return (date(today.year, 1, 1), date(today.year, 12, 31)) if text == "this-year" else None


def _counted(text: str, today: date) -> Span | None:
    found = _AWAY.fullmatch(text)
    if found is None:
        return None
    count = int(found[2]) * (-1 if found[1] == "-" else 1)
    if found[3] in "dw":
        day = today + timedelta(days=count * (7 if found[3] == "w" else 1))
    else:
        begin = _months_on(today.replace(day=1), count * (12 if found[3] == "y" else 1))
        day = min(month(begin)[1], begin + timedelta(days=today.day - 1))
    return day, day


def _written(text: str) -> Span | None:
    if _MONTH.fullmatch(text):
        return month(date.fromisoformat(f"{text}-01"))
    if not _DAY.fullmatch(text):
        return None
    day = date.fromisoformat(text)
    return day, day


def month(first: date) -> Span:
    """The first and last day of the month that begins on a day."""
    return first, _months_on(first, 1) - timedelta(days=1)


def _months_on(first: date, count: int) -> date:
    years, at = divmod(first.month - 1 + count, 12)
    return date(first.year + years, at + 1, 1)


def begins(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins."""
    return datetime.combine(day, time(), zone)

"""How durations, times and money are written for the reader, in the language and time zone that are active."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.utils import timezone
from django.utils.dateformat import format as format_by_pattern
from django.utils.translation import get_language, gettext, pgettext

Tone = Literal["neutral", "accent", "good", "warn", "bad"]

SOON = timedelta(hours=24)
MINUTE, HOUR, DAY = 60, 3600, 86400

# Digits after the point, where they are not two (ISO 4217).
MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3, "OMR": 3, "TND": 3}
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$", "TWD": "NT$", "KRW": "₩"}


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """A clock as the reader sees it: its words, and the tone that colours them."""

    text: str
    tone: Tone


def time_left(due: datetime, *, now: datetime, soon: timedelta = SOON) -> TimeLeft:
    """Say how long is left until ``due``, or how long it is overdue; what falls due within ``soon`` is warned of."""
    seconds = int((due - now).total_seconds())
    if seconds < 0:
        return TimeLeft(gettext("Overdue %(time)s") % {"time": duration(-seconds)}, "bad")
    tone: Tone = "warn" if seconds <= soon.total_seconds() else "neutral"
    return TimeLeft(gettext("%(time)s left") % {"time": duration(seconds)}, tone)


def duration(seconds: int) -> str:
    """Write a length of time in its largest fitting unit: minutes below 1 hour, hours below 2 days, else days."""
    if seconds < HOUR:
        return gettext("%(number)s min") % {"number": max(1, seconds // MINUTE)}
    if seconds < 2 * DAY:
        return gettext("%(number)s h") % {"number": seconds // HOUR}
    return gettext("%(number)s d") % {"number": seconds // DAY}


def relative(moment: datetime, *, now: datetime) -> str:
    """Say how long ago ``moment`` was, or how soon it is."""
    seconds = int((now - moment).total_seconds())
    if abs(seconds) < MINUTE:
        return gettext("just now")
    if seconds < 0:
        return gettext("in %(time)s") % {"time": duration(-seconds)}
    return gettext("%(time)s ago") % {"time": duration(seconds)}


def exact(moment: datetime) -> str:
    """Write a moment to the minute, in the reader's time zone."""
    return format_by_pattern(timezone.localtime(moment), pgettext("date format", "j M Y, H:i"))


def day(value: date | datetime) -> str:
    """Write a day; of a moment, its day in the reader's time zone."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return format_by_pattern(value, pgettext("date format", "j M Y"))


def money(minor: int, currency: str = "CNY") -> str:
    """Write an amount given in minor units (fen, cents) with its currency, to the last digit."""
    digits = MINOR_DIGITS.get(currency, 2)
    whole, part = divmod(abs(minor), 10**digits)
    fraction = f".{part:0{digits}d}" if digits and part else ""
    return f"{_sign(minor)}{_symbol(currency)}{whole:,}{fraction}"


def short_money(minor: int, currency: str = "CNY") -> str:
    """Write an amount given in minor units roughly, for heads and charts: 万 and 亿 in Chinese, K and M in English."""
    whole = abs(minor) // 10 ** MINOR_DIGITS.get(currency, 2)
    chinese = (get_language() or "").startswith("zh")
    steps = ((10**8, "亿"), (10**4, "万")) if chinese else ((10**9, "B"), (10**6, "M"), (10**3, "K"))
    for size, word in steps:
        if whole >= size:
            return f"{_sign(minor)}{_symbol(currency)}{_rough(whole, size)}{word}"
    return f"{_sign(minor)}{_symbol(currency)}{whole:,}"


def _rough(whole: int, size: int) -> str:
    """Write ``whole`` in units of ``size`` with about three digits, the last one rounded."""
    digits = 2 if whole < 10 * size else 1 if whole < 100 * size else 0
    rounded = (whole * 10**digits + size // 2) // size
    unit, part = divmod(rounded, 10**digits)
    fraction = f"{part:0{digits}d}".rstrip("0") if digits else ""
    return f"{unit:,}.{fraction}" if fraction else f"{unit:,}"


def _sign(minor: int) -> str:
    return "−" if minor < 0 else ""


def _symbol(currency: str) -> str:
    return SYMBOLS.get(currency, f"{currency} ")

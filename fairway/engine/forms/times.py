"""Dates and times as people write them, kept as ISO text; a time without a zone is the reader's own."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, TypeVar

from fairway.engine.forms.refusals import Wrong, repeated
from fairway.engine.forms.texts import narrow

YEARS = range(1900, 2201)

Day = TypeVar("Day", bound=date)

_DATE = r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
_COMPACT = r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"
_TIME = (
    r"(?P<hour>\d{1,2})\s*[:点时]\s*(?:(?P<minute>\d{1,2})\s*分?\s*"
    r"(?:[:]?\s*(?P<second>\d{1,2})(?:[.,](?P<part>\d{1,9}))?\s*秒?)?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2}(?::\d{2})?)?"
)
_ONLY_DATE = re.compile(rf"(?:{_DATE}|{_COMPACT})", re.ASCII)
_WITH_TIME = re.compile(rf"(?:{_DATE}|{_COMPACT})(?:[T\s]\s*|(?<=日)){_TIME}", re.ASCII | re.IGNORECASE)


def date_of(raw: Any) -> str:
    """A day as `2026-03-02`. Takes ISO, `2026/3/2`, `2026年3月2日`, `20260302`. Raises Wrong otherwise."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return _in_range(raw, raw).isoformat()
    if not isinstance(raw, str):
        raise _no_date(raw)
    match = _ONLY_DATE.fullmatch(narrow(raw).strip()[:60])
    if match is None:
        raise _no_date(raw)
    return _day(match, raw).isoformat()


def datetime_of(raw: Any, zone: tzinfo) -> str:
    """A moment as ISO text in UTC. One without an offset is in `zone`; a bare date is its midnight there.

    Raises Wrong when it is none.
    """
    moment = raw if isinstance(raw, datetime) else _moment(raw)
    _in_range(moment, raw)
    aware = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
    return _in_range(aware.astimezone(UTC), raw).isoformat()


def _moment(raw: Any) -> datetime:
    if isinstance(raw, date):
        return datetime.combine(raw, time())
    if not isinstance(raw, str):
        raise _no_time(raw)
    text = narrow(raw).strip()[:60]
    match = _WITH_TIME.fullmatch(text)
    if match is None:
        if only := _ONLY_DATE.fullmatch(text):
            return datetime.combine(_day(only, raw), time())
        raise _no_time(raw)
    part = (match["part"] or "")[:6].ljust(6, "0")
    try:
        clock = time(int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0), int(part))
        zone = _offset(match["zone"])
    except ValueError:
        raise _no_time(raw) from None
    return datetime.combine(_day(match, raw), clock, zone)


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    return UTC if text in "Zz" else datetime.fromisoformat(f"2000-01-01T00:00:00{text}").tzinfo


def _day(match: re.Match[str], raw: Any) -> date:
    try:
        found = date(
            *(int(match[long] or match[short]) for long, short in (("year", "y"), ("month", "m"), ("day", "d")))
        )
    except ValueError:
        raise Wrong(
            "no_such_day", f"There is no such day: “{repeated(raw)}”.", f"没有这一天：“{repeated(raw)}”。"
        ) from None
    return _in_range(found, raw)


def _in_range(found: Day, raw: Any) -> Day:
    if found.year not in YEARS:
        raise Wrong(
            "out_of_range",
            f"The year of “{repeated(raw)}” is not between {YEARS[0]} and {YEARS[-1]}.",
            f"“{repeated(raw)}”的年份不在 {YEARS[0]} 到 {YEARS[-1]} 之间。",
        )
    return found


def _no_date(raw: Any) -> Wrong:
    shown = repeated(raw)
    return Wrong("not_a_date", f"“{shown}” is no date; write 2026-03-02.", f"“{shown}”不是日期，请写成 2026-03-02。")


def _no_time(raw: Any) -> Wrong:
    shown = repeated(raw)
    return Wrong(
        "not_a_time",
        f"“{shown}” is no date with time; write 2026-03-02 09:30.",
        f"“{shown}”不是时间，请写成 2026-03-02 09:30。",
    )

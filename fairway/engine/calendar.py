"""Working time: which days and hours a firm works, and when working time that starts now is over.

A calendar is data: opening hours by weekday, holidays, and make-up days on which a weekend is worked (调休). Where the
holidays of a year are announced the year before, a year may not be announced yet: then only weekends are known, and
what was reckoned over such days is marked provisional, so that it can be reckoned again.

Days are those of the calendar's zone. Where its clock leaps, a time that the clock skips is the moment of the leap, and
an hour that the clock shows twice is passed once: reckoning never runs backwards.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from fairway.engine.findings import say

Hours = tuple[tuple[int, int], ...]  # (opens, closes) in minutes after midnight, in order; none: not a working day
Name = Mapping[str, str]  # by language
Direction = Literal[1, -1]

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_MIDNIGHT = time()


class Due(NamedTuple):
    """A moment reckoned (aware, UTC); `provisional` when it leans on a year whose holidays are not announced."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working time of a firm.

    `week` has the hours of Monday to Sunday; `holidays` and `workdays` (make-up days) their names by date. `announced`
    are the years whose holidays are known; None where nothing is announced from year to year. A make-up day has the
    hours of the first working day of the week.

    Raises ValueError for a table that contradicts itself, ZoneInfoNotFoundError for an unknown zone.
    """

    key: str
    zone: str
    week: tuple[Hours, ...]
    holidays: Mapping[date, Name] = field(default_factory=dict)
    workdays: Mapping[date, Name] = field(default_factory=dict)
    announced: frozenset[int] | None = None
    title: Name = field(default_factory=dict)

    def __post_init__(self) -> None:
        ZoneInfo(self.zone)
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("A week has seven days, and work on at least one of them.")
        if not all(hours_in_order(hours) for hours in self.week):
            raise ValueError("Working hours lie in order between 00:00 and 24:00.")
        for day, message in clashes(self.week, self.holidays, self.workdays):
            raise ValueError(f"{day}: {message['en']}")

    @property
    def tz(self) -> ZoneInfo:
        """The zone whose days and hours these are."""
        return ZoneInfo(self.zone)

    def announces(self, year: int) -> bool:
        """Whether the holidays of that year are known."""
        return self.announced is None or year in self.announced

    def hours(self, day: date) -> Hours:
        """The working hours of a day; empty when nobody works."""
        if day in self.holidays:
            return ()
        return next(filter(None, self.week)) if day in self.workdays else self.week[day.weekday()]

    def is_working(self, day: date) -> bool:
        """Whether that day is worked, at any hour."""
        return bool(self.hours(day))

    def add_working_days(self, start: datetime, days: int) -> Due:
        """The same time of day on the `days`-th working day after `start`.

        From outside working hours, the close of that working day; a working day that has not opened yet counts as the
        first. A time at which that day is not worked becomes its opening or close. No days: `start` itself.
        """
        return self._days(start, days, 1)

    def subtract_working_days(self, start: datetime, days: int) -> Due:
        """The mirror of `add_working_days`: so many working days before; outside working hours, the opening."""
        return self._days(start, days, -1)

    def add_working_hours(self, start: datetime, hours: float) -> Due:
        """The moment when so many hours of working time have passed since `start`."""
        return self._hours(start, timedelta(hours=hours), 1)

    def subtract_working_hours(self, start: datetime, hours: float) -> Due:
        """The moment from which so many hours of working time lead up to `start`."""
        return self._hours(start, timedelta(hours=hours), -1)

    def _days(self, start: datetime, days: int, way: Direction) -> Due:
        if days == 0:
            return Due(_utc(start))
        wall = wall_clock(start, self.tz)
        first = day = wall.date()
        since_midnight = wall - datetime.combine(day, _MIDNIGHT)
        span = self._span(day)
        inside = span is not None and span[0] <= since_midnight <= span[1]
        whole_day_ahead = span is not None and (since_midnight < span[0] if way > 0 else since_midnight > span[1])
        left = days - 1 if whole_day_ahead else days
        while left:
            day += way * _DAY
            left -= self.is_working(day)
        opens, closes = self._span(day) or (timedelta(), timedelta())
        edge = closes if way > 0 else opens
        at = instant(day, min(max(since_midnight, opens), closes) if inside else edge, self.tz)
        return Due(at, self._guessed(first, day))

    def _hours(self, start: datetime, amount: timedelta, way: Direction) -> Due:
        at = _utc(start)
        if not amount:
            return Due(at)
        first = day = start.astimezone(self.tz).date()
        while True:
            for opens, closes in _intervals(day, self.hours(day), self.tz)[::way]:
                begin, end = (max(at, opens), closes) if way > 0 else (min(at, closes), opens)
                room = max(way * (end - begin), timedelta())
                if amount <= room:
                    return Due(begin + way * amount, self._guessed(first, day))
                amount -= room
            day += way * _DAY

    def _span(self, day: date) -> tuple[timedelta, timedelta] | None:
        """Opening and close of a working day, since midnight."""
        hours = self.hours(day)
        return (hours[0][0] * _MINUTE, hours[-1][1] * _MINUTE) if hours else None

    def _guessed(self, first: date, last: date) -> bool:
        low, high = sorted((first.year, last.year))
        return not all(self.announces(year) for year in range(low, high + 1))


def hours_in_order(hours: Hours) -> bool:
    """Whether intervals have a length, and follow each other within one day."""
    edges = [edge for interval in hours for edge in interval]
    return all(0 <= edge <= 24 * 60 for edge in edges) and all(a < b for a, b in pairwise(edges))


def clashes(
    week: tuple[Hours, ...], holidays: Mapping[date, Name], workdays: Mapping[date, Name]
) -> Iterator[tuple[date, dict[str, str]]]:
    """Make-up days that cannot be: (day, why), in order."""
    for day in sorted(workdays):
        if day in holidays:
            yield day, say("This day is both a holiday and a make-up day.", "这一天既是放假日又是调休上班日。")
        elif week[day.weekday()]:
            yield day, say("A make-up day falls on a day that is worked anyway.", "调休上班日落在了本来就上班的日子。")


@lru_cache(maxsize=8192)  # the same days are reckoned over again and again
def _intervals(day: date, hours: Hours, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """The moments (UTC) at which a day's hours open and close."""
    return tuple((instant(day, a * _MINUTE, zone), instant(day, b * _MINUTE, zone)) for a, b in hours)


def wall_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clock in `zone` shows at a moment (no tzinfo), held where it was put back until it has caught up."""
    local = _utc(at).astimezone(zone)
    if not local.fold:
        return local.replace(tzinfo=None)
    last = _last_leap(local, zone) - _MINUTE
    return last.astimezone(zone).replace(tzinfo=None) + _MINUTE


def instant(day: date, since_midnight: timedelta, zone: ZoneInfo) -> datetime:
    """The moment (UTC) when the clock in `zone` first shows that time, or leaps over it."""
    wall = datetime.combine(day, _MIDNIGHT) + since_midnight
    at = wall.replace(tzinfo=zone).astimezone(UTC)
    return at if at.astimezone(zone).replace(tzinfo=None) == wall else _last_leap(at, zone)


def _last_leap(at: datetime, zone: ZoneInfo) -> datetime:
    """The whole minute at or before `at` when the clock in `zone` leapt; only called shortly after one."""
    at = at.astimezone(UTC).replace(second=0, microsecond=0)
    offset = at.astimezone(zone).utcoffset()
    while (at - _MINUTE).astimezone(zone).utcoffset() == offset:
        at -= _MINUTE
    return at


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return at.astimezone(UTC)


_OFFICE: Hours = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))

# Where a firm has set up none: no holidays, Monday to Friday.
PLAIN = Calendar(
    key="plain", zone="UTC", week=(_OFFICE,) * 5 + ((), ()), title=say("Monday to Friday (UTC)", "周一至周五（UTC）")
)

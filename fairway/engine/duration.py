"""Durations as a document writes them: `24h`, `14d`, `3wd`, `8wh`, `1mo`."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, cast, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from fairway.engine.calendar import Calendar, Due, instant, wall_clock

Unit = Literal["m", "h", "d", "w", "mo", "wd", "wh"]

PATTERN = r"^(0|[1-9][0-9]{0,6})(m|h|d|w|mo|wd|wh)$"

# Ten years of each; of working time, ten years of 260 days of 8 hours.
MAX_AMOUNT: dict[Unit, int] = {
    "m": 5_256_000, "h": 87_600, "d": 3_650, "w": 521, "mo": 120, "wd": 2_600, "wh": 20_800,
}  # fmt: skip

_BY_THE_CLOCK = {
    "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(hours=24), "w": timedelta(hours=7 * 24),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Duration:
    """So much time: minutes, hours, days and weeks by the clock (a day is 24 hours), calendar months, or working time.

    Raises ValueError when the amount is negative or more than ten years.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in MAX_AMOUNT:
            raise ValueError(f"{self.unit!r} is no unit of time; there are {', '.join(get_args(Unit))}.")
        if not 0 <= self.amount <= MAX_AMOUNT[self.unit]:
            raise ValueError(f"{self.amount}{self.unit} is not between 0 and {MAX_AMOUNT[self.unit]}{self.unit}.")

    def __str__(self) -> str:
        """As a document writes it."""
        return f"{self.amount}{self.unit}"

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """From text such as `24h`. Raises ValueError saying what is wrong."""
        match = re.fullmatch(PATTERN, text, re.ASCII)
        if match is None:
            raise ValueError(
                f"{text[:40]!r} is no duration: write a number and a unit, such as 30m 24h 14d 1mo 3wd 8wh."
            )
        return cls(int(match[1]), cast("Unit", match[2]))

    @property
    def working(self) -> bool:
        """Whether it needs a calendar: working days and hours do."""
        return self.unit in {"wd", "wh"}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read from text, written as text."""
        return core_schema.no_info_plain_validator_function(
            _validated, serialization=core_schema.to_string_ser_schema(when_used="json")
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """A string with its pattern."""
        return {"type": "string", "pattern": PATTERN, "examples": ["24h", "14d", "3wd", "1mo"]}


def after(start: datetime, duration: Duration, calendar: Calendar) -> Due:
    """When `duration` has passed since `start` (aware); never before it.

    Months keep the day and the time of day in the calendar's zone; a month without that day gives its last one.
    """
    match duration.unit:
        case "wd":
            return calendar.add_working_days(start, duration.amount)
        case "wh":
            return calendar.add_working_hours(start, duration.amount)
        case "mo":
            return Due(_add_months(start, duration.amount, calendar))
    return Due(start.astimezone(UTC) + duration.amount * _BY_THE_CLOCK[duration.unit])


def before(start: datetime, duration: Duration, calendar: Calendar) -> Due:
    """When it is `duration` until `start` (aware); never after it. The mirror of `after`."""
    match duration.unit:
        case "wd":
            return calendar.subtract_working_days(start, duration.amount)
        case "wh":
            return calendar.subtract_working_hours(start, duration.amount)
        case "mo":
            return Due(_add_months(start, -duration.amount, calendar))
    return Due(start.astimezone(UTC) - duration.amount * _BY_THE_CLOCK[duration.unit])


def _add_months(start: datetime, months: int, calendar: Calendar) -> datetime:
    if months == 0:
        return start.astimezone(UTC)
    wall = wall_clock(start, calendar.tz)
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    target = wall.date().replace(year=year, month=month + 1, day=min(wall.day, monthrange(year, month + 1)[1]))
    return instant(target, wall - wall.replace(hour=0, minute=0, second=0, microsecond=0), calendar.tz)


def _validated(value: Any) -> Duration:
    """One error of type `duration` for whatever is wrong, so that a finding can be made of it."""
    if isinstance(value, Duration):
        return value
    try:
        return Duration.parse(value if isinstance(value, str) else repr(value))
    except ValueError as error:
        raise PydanticCustomError("duration", "{reason}", {"reason": str(error)}) from None

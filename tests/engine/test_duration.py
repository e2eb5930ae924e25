"""Durations: written, bounded, and reckoned from a start."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from fairway.engine.calendar import PLAIN, Calendar
from fairway.engine.duration import MAX_AMOUNT, PATTERN, Duration, after, before

NEW_YORK = Calendar(key="ny", zone="America/New_York", week=PLAIN.week)
START = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)  # a Monday

durations = st.sampled_from(sorted(MAX_AMOUNT)).flatmap(
    lambda unit: st.integers(0, MAX_AMOUNT[unit]).map(lambda amount: Duration(amount, unit))
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(durations)
def test_a_duration_is_read_back_as_written(duration: Duration) -> None:
    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize(
    "text",
    ["", "24", "h", "-1h", "+1h", "1.5h", "01h", "24 h", " 24h", "24h ", "24h\n", "24H", "٣d", "1y", "1e3h", "24h24h"],
)
def test_other_text_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="24h"):
        Duration.parse(text)


@pytest.mark.parametrize("unit", sorted(MAX_AMOUNT))
def test_ten_years_are_the_most(unit: str) -> None:
    most = MAX_AMOUNT[unit]  # type: ignore[index]
    assert Duration.parse(f"{most}{unit}").amount == most
    with pytest.raises(ValueError, match="not between 0 and"):
        Duration.parse(f"{most + 1}{unit}")


def test_a_duration_that_cannot_be_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="not between"):
        Duration(-1, "h")
    with pytest.raises(ValueError, match="no unit"):
        Duration(1, "y")  # type: ignore[arg-type]


class Clock(BaseModel):
    stay: Duration
    spans: dict[str, Duration] = {}


def test_a_model_reads_text_and_writes_text() -> None:
    clock = Clock.model_validate({"stay": "14d", "spans": {"A": "24h"}})
    assert clock.stay == Duration(14, "d")
    assert clock.model_dump(mode="json") == {"stay": "14d", "spans": {"A": "24h"}}
    assert Clock.model_validate_json(clock.model_dump_json()) == clock
    assert Clock(stay=Duration(14, "d")).stay == clock.stay


@pytest.mark.parametrize("value", ["soon", "-1d", "9999999d", 14, None, ["1d"]])
def test_a_model_refuses_what_is_no_duration(value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        Clock.model_validate({"stay": value})
    assert [(error["loc"], error["type"]) for error in caught.value.errors()] == [(("stay",), "duration")]


def test_the_schema_is_a_text_with_a_pattern() -> None:
    schema = TypeAdapter(Duration).json_schema()
    assert (schema["type"], schema["pattern"]) == ("string", PATTERN)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("0h", "2026-03-02T10:30Z"),
        ("90m", "2026-03-02T12:00Z"),
        ("24h", "2026-03-03T10:30Z"),
        ("14d", "2026-03-16T10:30Z"),
        ("2w", "2026-03-16T10:30Z"),
        ("1mo", "2026-04-02T10:30Z"),
        ("12mo", "2027-03-02T10:30Z"),
        ("5wd", "2026-03-09T10:30Z"),
        ("8wh", "2026-03-03T10:30Z"),
    ],
)
def test_each_unit_counts_its_own_way(text: str, due: str) -> None:
    at = datetime.fromisoformat(due)
    assert after(START, Duration.parse(text), PLAIN) == (at, False)
    assert before(at, Duration.parse(text), PLAIN) == (START, False)


def test_a_month_without_the_day_gives_its_last_one() -> None:
    assert after(datetime(2028, 1, 31, 9, tzinfo=UTC), Duration(1, "mo"), PLAIN).at == datetime(
        2028, 2, 29, 9, tzinfo=UTC
    )
    assert before(datetime(2026, 3, 31, 9, tzinfo=UTC), Duration(1, "mo"), PLAIN).at == datetime(
        2026, 2, 28, 9, tzinfo=UTC
    )
    assert before(datetime(2026, 1, 15, 9, tzinfo=UTC), Duration(13, "mo"), PLAIN).at == datetime(
        2024, 12, 15, 9, tzinfo=UTC
    )


def test_hours_and_days_run_by_the_clock_and_months_keep_the_time_of_day_across_a_leap_of_the_clock() -> None:
    start = datetime(2026, 3, 7, 12, tzinfo=ZoneInfo("America/New_York"))  # the clock leaps forward in the next night
    assert after(start, Duration(24, "h"), NEW_YORK).at == after(start, Duration(1, "d"), NEW_YORK).at
    assert after(start, Duration(1, "d"), NEW_YORK).at - start == timedelta(hours=24)
    assert after(start, Duration(1, "mo"), NEW_YORK).at == datetime(2026, 4, 7, 12, tzinfo=ZoneInfo("America/New_York"))


@given(start=moments, duration=durations)
def test_nothing_is_due_before_its_start(start: datetime, duration: Duration) -> None:
    due = after(start, duration, NEW_YORK).at
    assert before(start, duration, NEW_YORK).at <= start <= due
    assert due.tzinfo is UTC
    assert due - start <= timedelta(days=3_700)


@given(start=moments, unit=st.sampled_from(sorted(MAX_AMOUNT)), amount=st.integers(0, 100), more=st.integers(1, 20))
def test_more_is_never_sooner(start: datetime, unit: str, amount: int, more: int) -> None:
    less, longer = (Duration.parse(f"{n}{unit}") for n in (amount, amount + more))
    assert after(start, less, NEW_YORK).at <= after(start, longer, NEW_YORK).at
    assert before(start, less, NEW_YORK).at >= before(start, longer, NEW_YORK).at


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        after(datetime(2026, 1, 1), Duration(1, "wd"), PLAIN)  # noqa: DTZ001

"""Working time: China's holidays and make-up days, other zones, and what must hold for every calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway.engine.calendar import PLAIN, Calendar, Due, Hours, instant, wall_clock
from fairway.engine.calendars import load, shipped
from fairway.engine.findings import DocumentRefused, say
from fairway.engine.reader import Document, read

CHINA = shipped("china")
OFFICE: Hours = ((540, 720), (780, 1080))
NAME = say("Holiday", "放假")


def china(text: str) -> datetime:
    """A moment by the clock in China."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def days(*texts: str) -> dict[date, dict[str, str]]:
    return {date.fromisoformat(text): NAME for text in texts}


class TestChina:
    """The table that ships."""

    @pytest.mark.parametrize(
        ("year", "off", "made_up"), [(2023, 27, 7), (2024, 28, 8), (2025, 28, 5), (2026, 33, 6), (2027, 0, 0)]
    )
    def test_each_year_has_the_days_that_were_announced(self, year: int, off: int, made_up: int) -> None:
        announced_for = [day for day in CHINA.holidays if (day + timedelta(days=1)).year == year]
        assert len(announced_for) == off
        assert len([day for day in CHINA.workdays if day.year == year]) == made_up
        assert CHINA.announces(year) is bool(off)

    @pytest.mark.parametrize(
        ("day", "working"),
        [
            ("2022-12-31", False),
            ("2024-02-09", True),
            ("2024-02-10", False),
            ("2024-02-18", True),
            ("2025-01-26", True),
            ("2025-10-08", False),
            ("2025-10-11", True),
            ("2026-01-02", False),
            ("2026-02-23", False),
            ("2026-02-28", True),
            ("2026-03-07", False),
        ],
    )
    def test_holidays_are_off_and_make_up_days_are_worked(self, day: str, working: bool) -> None:
        assert CHINA.is_working(date.fromisoformat(day)) is working

    def test_every_holiday_is_named_in_both_languages(self) -> None:
        assert CHINA.holidays[date(2026, 2, 17)] == {"zh-hans": "春节", "en": "Spring Festival"}
        assert CHINA.workdays[date(2026, 10, 10)]["zh-hans"] == "国庆节"
        assert all(name["en"] and name["zh-hans"] for name in [*CHINA.holidays.values(), *CHINA.workdays.values()])

    @pytest.mark.parametrize(
        ("start", "count", "due"),
        [
            ("2026-03-02T10:30", 1, "2026-03-03T10:30"),  # Monday to Tuesday
            ("2026-03-06T10:30", 1, "2026-03-09T10:30"),  # over a weekend
            ("2026-03-02T12:30", 1, "2026-03-03T12:30"),  # the lunch break is within the working day
            ("2026-03-02T09:00", 1, "2026-03-03T09:00"),
            ("2026-03-02T18:00", 1, "2026-03-03T18:00"),
            ("2026-03-02T18:01", 1, "2026-03-03T18:00"),  # after the close: the close of the next working day
            ("2026-03-02T07:00", 1, "2026-03-02T18:00"),  # before the opening: this working day is the first
            ("2026-03-07T11:00", 1, "2026-03-09T18:00"),  # on a Saturday
            ("2026-02-13T15:00", 1, "2026-02-14T15:00"),  # Saturday is worked for the Spring Festival
            ("2026-02-14T15:00", 1, "2026-02-24T15:00"),  # over the Spring Festival
            ("2026-02-18T12:00", 2, "2026-02-25T18:00"),  # received in the Spring Festival
            ("2026-09-30T17:00", 3, "2026-10-10T17:00"),  # 8, 9 October and the make-up Saturday
        ],
    )
    def test_working_days_are_counted_over_holidays(self, start: str, count: int, due: str) -> None:
        assert CHINA.add_working_days(china(start), count) == (china(due), False)

    @pytest.mark.parametrize(
        ("start", "count", "due"),
        [
            ("2026-03-03T10:30", 1, "2026-03-02T10:30"),
            ("2026-02-24T15:00", 1, "2026-02-14T15:00"),
            ("2026-03-02T07:00", 1, "2026-02-28T09:00"),  # before the opening: the day before, a make-up Saturday
            ("2026-03-02T20:00", 1, "2026-03-02T09:00"),  # after the close: this working day is the first
            ("2026-02-18T12:00", 1, "2026-02-14T09:00"),
        ],
    )
    def test_working_days_before_are_the_mirror(self, start: str, count: int, due: str) -> None:
        assert CHINA.subtract_working_days(china(start), count) == (china(due), False)

    @pytest.mark.parametrize(
        ("start", "hours", "due"),
        [
            ("2026-03-02T10:00", 2, "2026-03-02T12:00"),  # up to the break
            ("2026-03-02T10:00", 3, "2026-03-02T14:00"),  # over the break
            ("2026-03-02T17:30", 1, "2026-03-03T09:30"),
            ("2026-03-02T06:00", 8, "2026-03-02T18:00"),
            ("2026-03-06T17:00", 9, "2026-03-09T18:00"),
            ("2026-02-14T17:00", 2, "2026-02-24T10:00"),
        ],
    )
    def test_working_hours_run_while_the_firm_is_open(self, start: str, hours: int, due: str) -> None:
        assert CHINA.add_working_hours(china(start), hours) == (china(due), False)

    def test_working_hours_before_are_the_mirror(self) -> None:
        assert CHINA.subtract_working_hours(china("2026-02-24T10:00"), 2).at == china("2026-02-14T17:00")
        assert CHINA.subtract_working_hours(china("2026-03-02T14:00"), 3).at == china("2026-03-02T10:00")

    def test_a_year_not_announced_is_guessed_and_said_so(self) -> None:
        assert CHINA.add_working_days(china("2026-12-30T10:00"), 1) == (china("2026-12-31T10:00"), False)
        assert CHINA.add_working_days(china("2026-12-31T10:00"), 1) == (china("2027-01-01T10:00"), True)
        assert CHINA.add_working_hours(china("2026-12-31T17:00"), 1).provisional is False
        assert CHINA.add_working_hours(china("2026-12-31T17:00"), 2).provisional is True
        assert CHINA.subtract_working_days(china("2027-01-04T10:00"), 2).provisional is True

    def test_once_the_year_is_announced_the_same_reckoning_is_certain(self) -> None:
        announced = replace(CHINA, holidays={**CHINA.holidays, **days("2027-01-01")}, announced=frozenset({2026, 2027}))
        assert announced.add_working_days(china("2026-12-31T10:00"), 1) == (china("2027-01-04T10:00"), False)


def test_the_plain_calendar_works_weekdays_and_announces_nothing() -> None:
    assert PLAIN.add_working_days(datetime(2030, 1, 4, 10, tzinfo=UTC), 1) == (
        datetime(2030, 1, 7, 10, tzinfo=UTC),
        False,
    )
    assert PLAIN.announces(2099)
    assert shipped("plain") is PLAIN


def test_no_working_time_is_the_start_itself() -> None:
    start = china("2027-05-01T03:00")
    for reckon in (CHINA.add_working_days, CHINA.subtract_working_days):
        assert reckon(start, 0) == (start, False)
    assert CHINA.add_working_hours(start, 0) == CHINA.subtract_working_hours(start, 0) == (start, False)


def test_a_time_at_which_the_later_day_is_closed_becomes_its_close_or_opening() -> None:
    short_friday = replace(PLAIN, week=(*(OFFICE,) * 4, ((600, 720),), (), ()))
    assert short_friday.add_working_days(datetime(2026, 3, 5, 17, tzinfo=UTC), 1).at == datetime(
        2026, 3, 6, 12, tzinfo=UTC
    )
    assert short_friday.add_working_days(datetime(2026, 3, 5, 9, tzinfo=UTC), 1).at == datetime(
        2026, 3, 6, 10, tzinfo=UTC
    )


class TestLeapsOfTheClock:
    """New York 2026: forward on 8 March 02:00, back on 1 November 02:00. Open all night, so that it matters."""

    ZONE = ZoneInfo("America/New_York")
    NIGHT = Calendar(key="night", zone="America/New_York", week=(((0, 480),),) * 7)

    def at(self, text: str, fold: int = 0) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=self.ZONE, fold=fold).astimezone(UTC)

    def test_a_time_that_is_leapt_over_is_the_moment_of_the_leap(self) -> None:
        assert self.NIGHT.add_working_days(self.at("2026-03-07T02:30"), 1).at == self.at("2026-03-08T03:00")
        assert instant(date(2026, 3, 8), timedelta(hours=2, minutes=45), self.ZONE) == self.at("2026-03-08T03:00")

    def test_a_time_shown_twice_is_the_first_one(self) -> None:
        assert self.NIGHT.add_working_days(self.at("2026-10-31T01:30"), 1).at == self.at("2026-11-01T01:30")

    def test_the_second_showing_of_an_hour_counts_as_its_end(self) -> None:
        assert wall_clock(self.at("2026-11-01T01:30", fold=1), self.ZONE).isoformat() == "2026-11-01T02:00:00"
        assert self.NIGHT.add_working_days(self.at("2026-11-01T01:30", fold=1), 1).at == self.at("2026-11-02T02:00")

    def test_working_hours_are_hours_that_pass(self) -> None:
        assert self.NIGHT.add_working_hours(self.at("2026-03-08T01:00"), 2).at == self.at("2026-03-08T04:00")
        assert self.NIGHT.add_working_hours(self.at("2026-11-01T01:00"), 2).at == self.at("2026-11-01T02:00")

    def test_a_skipped_day_is_passed_over(self) -> None:
        apia = Calendar(key="apia", zone="Pacific/Apia", week=(OFFICE,) * 7)  # 30 December 2011 was left out
        start = datetime(2011, 12, 29, 17, tzinfo=ZoneInfo("Pacific/Apia"))
        assert apia.add_working_hours(start, 2).at == datetime(2011, 12, 31, 10, tzinfo=ZoneInfo("Pacific/Apia"))


WEEKS = st.tuples(*[st.sampled_from([OFFICE, ((600, 900),), ((0, 1439),), ()])] * 7).filter(any)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any week, holidays and make-up days in 2025 to 2027, in zones with and without leaps."""
    week = draw(WEEKS)
    some_days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
    off = draw(st.sets(some_days, max_size=40))
    made_up = {day for day in draw(st.sets(some_days, max_size=20)) if day not in off and not week[day.weekday()]}
    return Calendar(
        key="any",
        zone=draw(st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC"])),
        week=week,
        holidays=dict.fromkeys(off, NAME),
        workdays=dict.fromkeys(made_up, NAME),
        announced=draw(st.none() | st.frozensets(st.integers(2025, 2028))),
    )


# Half of the moments lie around leaps of the clock.
MOMENTS = st.one_of(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.builds(
        lambda leap, minutes: datetime.fromisoformat(leap) + timedelta(minutes=minutes),
        st.sampled_from(["2026-03-08T07:00+00:00", "2026-11-01T06:00+00:00", "2026-04-04T15:00+00:00"]),
        st.integers(-3_000, 3_000),
    ),
)
COUNTS = st.integers(0, 60)


def local_day(calendar: Calendar, at: datetime) -> date:
    return at.astimezone(calendar.tz).date()


@given(calendars(), MOMENTS, MOMENTS, COUNTS)
def test_who_starts_later_is_never_due_sooner(calendar: Calendar, one: datetime, other: datetime, count: int) -> None:
    early, late = sorted((one, other))
    for reckon in (
        calendar.add_working_days,
        calendar.add_working_hours,
        calendar.subtract_working_days,
        calendar.subtract_working_hours,
    ):
        assert reckon(early, count).at <= reckon(late, count).at


@given(calendars(), MOMENTS)
def test_a_minute_later_is_never_due_sooner(calendar: Calendar, start: datetime) -> None:
    dues = [calendar.add_working_days(start + timedelta(minutes=minute), 1).at for minute in range(0, 240, 7)]
    assert all(a <= b for a, b in pairwise(dues))


@given(calendars(), MOMENTS, COUNTS)
def test_more_working_time_is_later_and_never_before_the_start(calendar: Calendar, start: datetime, count: int) -> None:
    for add, subtract in (
        (calendar.add_working_days, calendar.subtract_working_days),
        (calendar.add_working_hours, calendar.subtract_working_hours),
    ):
        assert start <= add(start, count).at < add(start, count + 1).at
        assert start >= subtract(start, count).at > subtract(start, count + 1).at


@given(calendars(), MOMENTS, st.integers(1, 60))
def test_nothing_falls_due_on_a_day_off(calendar: Calendar, start: datetime, count: int) -> None:
    for due in (calendar.add_working_days(start, count), calendar.add_working_hours(start, count)):
        day = local_day(calendar, due.at)
        assert calendar.is_working(day)
        assert day not in calendar.holidays


@given(calendars(), MOMENTS, COUNTS, COUNTS)
def test_days_added_in_two_goes_end_on_the_same_day(calendar: Calendar, start: datetime, one: int, two: int) -> None:
    at_once = calendar.add_working_days(start, one + two).at
    in_turn = calendar.add_working_days(calendar.add_working_days(start, one).at, two).at
    assert local_day(calendar, in_turn) == local_day(calendar, at_once)


@given(MOMENTS, COUNTS, COUNTS)
def test_days_added_in_two_goes_end_at_the_same_moment_where_all_days_have_the_same_hours(
    start: datetime, one: int, two: int
) -> None:
    in_turn = CHINA.add_working_days(CHINA.add_working_days(start, one).at, two).at
    assert in_turn == CHINA.add_working_days(start, one + two).at


@given(calendars(), MOMENTS, COUNTS, COUNTS)
def test_hours_added_in_two_goes_end_at_the_same_moment(
    calendar: Calendar, start: datetime, one: int, two: int
) -> None:
    at_once = calendar.add_working_hours(start, one + two).at
    assert calendar.add_working_hours(calendar.add_working_hours(start, one).at, two).at == at_once


@given(calendars(), MOMENTS, st.integers(1, 300))
def test_provisional_exactly_when_the_span_touches_a_year_not_announced(
    calendar: Calendar, start: datetime, count: int
) -> None:
    for due in (calendar.add_working_days(start, count), calendar.add_working_hours(start, count)):
        years = range(local_day(calendar, start).year, local_day(calendar, due.at).year + 1)
        assert due.provisional is any(calendar.announced is not None and y not in calendar.announced for y in years)


@given(calendars(), MOMENTS, st.integers(1, 60))
def test_between_start_and_due_there_are_as_many_working_days(calendar: Calendar, start: datetime, count: int) -> None:
    due = calendar.add_working_days(start, count)
    first, last = local_day(calendar, start), local_day(calendar, due.at)
    passed = sum(calendar.is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    hours = calendar.hours(first)
    opening_ahead = bool(hours) and wall_clock(start, calendar.tz) < datetime.combine(
        first, datetime.min.time()
    ) + timedelta(minutes=hours[0][0])
    assert passed + opening_ahead == count


@pytest.mark.parametrize(
    "wrong",
    [
        {"week": ()},
        {"week": ((),) * 7},
        {"week": (((720, 540),),) * 7},
        {"week": (((540, 720), (700, 800)),) * 7},
        {"week": (((540, 1441),),) * 7},
        {"holidays": days("2026-03-07"), "workdays": days("2026-03-07")},
        {"workdays": days("2026-03-04")},
    ],
)
def test_a_calendar_that_contradicts_itself_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        replace(PLAIN, **wrong)  # type: ignore[arg-type]


def test_a_calendar_needs_a_zone_that_exists() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        replace(PLAIN, zone="Asia/Nowhere")


def test_a_start_without_a_zone_is_refused() -> None:
    for reckon in (PLAIN.add_working_days, PLAIN.add_working_hours):
        with pytest.raises(ValueError, match="time zone"):
            reckon(datetime(2026, 1, 1), 1)  # noqa: DTZ001


OWN = """\
calendar: own
title: {zh-hans: 自定, en: Own}
zone: Europe/Berlin
week:
  mon: [08:00-12:00, 13:00-24:00]
names:
  fair: {zh-hans: 展会, en: Fair}
years:
  2026:
    fair: {off: 2026-10-05, work: [2026-10-10]}
"""


def test_a_calendar_of_ones_own_is_read() -> None:
    own = load(read(OWN))
    assert own.week == (((480, 720), (780, 1440)), *((),) * 6)
    assert own.holidays == {date(2026, 10, 5): {"zh-hans": "展会", "en": "Fair"}}
    assert own.hours(date(2026, 10, 10)) == own.week[0]
    assert own.add_working_days(datetime(2026, 10, 1, tzinfo=UTC), 1) == Due(datetime(2026, 10, 10, 22, tzinfo=UTC))


def test_a_calendar_from_data_without_a_text_is_read_alike() -> None:
    document = read(OWN)
    assert load(Document(document.data, {})) == load(document)


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("calendar: own\n", "", 1, "missing-key"),
        ("calendar: own", "calendar: My own", 1, "bad-key"),
        ("zh-hans: 自定", "zh-hans: ''", 2, "no-name"),
        ("zh-hans: 自定, ", "", 2, "missing-key"),
        ("Europe/Berlin", "Europe/Nowhere", 3, "unknown-zone"),
        ("Europe/Berlin", "../../etc/passwd", 3, "unknown-zone"),
        ("Europe/Berlin", "[UTC]", 3, "unknown-zone"),
        ("  mon: [08:00-12:00, 13:00-24:00]", "  moon: [08:00-12:00]", 5, "unknown-key"),
        ("  mon: [08:00-12:00, 13:00-24:00]", "  mon: []", 4, "no-working-day"),
        ("08:00-12:00", "8-12", 5, "bad-hours"),
        ("13:00-24:00", "11:00-14:00", 5, "bad-hours"),
        ("13:00-24:00", "13:00-24:30", 5, "bad-hours"),
        ("  2026:", "  26:", 9, "bad-year"),
        ("    fair: {off: 2026-10-05, work: [2026-10-10]}\n", "", 9, "year-without-holidays"),
        ("    fair: {", "    feast: {", 10, "unknown-key"),
        ("off: 2026-10-05, ", "", 10, "missing-key"),
        ("2026-10-05", "2026-10-32", 10, "bad-date"),
        ("2026-10-05", "20261005", 10, "bad-date"),
        ("2026-10-05", "2025-10-05", 10, "bad-date"),
        ("2026-10-05", "2026-10-05..2026-10-01", 10, "bad-range"),
        ("2026-10-05", "2026-10-05..2026-12-01", 10, "bad-range"),
        ("2026-10-10", "2026-10-05", 10, "impossible-make-up-day"),
        ("2026-10-10", "2026-10-12", 10, "impossible-make-up-day"),
    ],
)
def test_a_calendar_with_a_fault_is_refused_with_its_line(old: str, new: str, line: int, code: str) -> None:
    assert old in OWN
    with pytest.raises(DocumentRefused) as caught:
        load(read(OWN.replace(old, new), name="own.yaml"))
    assert (line, code) in [(found.line, found.code) for found in caught.value.findings]
    assert all(found.text("zh-hans") for found in caught.value.findings)
    assert caught.value.name == "own.yaml"


def test_a_day_in_two_holidays_is_refused() -> None:
    text = OWN.replace("  fair: {zh-hans", "  feast: {zh-hans: 节, en: Feast}\n  fair: {zh-hans")
    with pytest.raises(DocumentRefused) as caught:
        load(read(text + "    feast: {off: 2026-10-04..2026-10-06}\n"))
    assert [(found.line, found.code) for found in caught.value.findings] == [(12, "holiday-twice")]


@pytest.mark.parametrize("key", ["mars", "", "../calendar", "__init__", "china.yaml", "CHINA"])
def test_a_calendar_that_does_not_ship_is_not_found(key: str) -> None:
    with pytest.raises(KeyError):
        shipped(key)

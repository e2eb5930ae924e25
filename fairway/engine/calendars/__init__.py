"""Calendars as documents: the shipped ones lie here as `<key>.yaml`; a firm may read in its own."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from fairway.engine.calendar import PLAIN, Calendar, Hours, Name, clashes, hours_in_order
from fairway.engine.findings import DocumentRefused, Finding, Path, say
from fairway.engine.reader import Document, read

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MONTH = timedelta(days=31)
_KEY = re.compile(r"[a-z][a-z0-9_]{0,49}")
_HOURS = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
_YEAR = re.compile(r"20[0-9]{2}")


@cache
def shipped(key: str) -> Calendar:
    """A calendar that ships: `plain`, `china`. Raises KeyError for another key."""
    if key == PLAIN.key:
        return PLAIN
    file = files(__name__) / f"{key}.yaml"
    if not _KEY.fullmatch(key) or not file.is_file():
        raise KeyError(key)
    return load(read(file.read_bytes(), name=file.name))


def shipped_table(key: str) -> dict[str, Any]:
    """The table of a calendar that ships, to be changed by a firm. Raises KeyError for a key without one."""
    file = files(__name__) / f"{key}.yaml"
    if not _KEY.fullmatch(key) or not file.is_file():
        raise KeyError(key)
    return read(file.read_bytes(), name=file.name).data


def shipped_keys() -> list[str]:
    """The keys of the calendars that ship as a table."""
    return sorted(file.name.removesuffix(".yaml") for file in files(__name__).iterdir() if file.name.endswith(".yaml"))


def load(document: Document) -> Calendar:
    """The calendar that a document describes (see china.yaml for its shape).

    Raises DocumentRefused with all that is wrong: unknown or missing keys, hours out of order, no such zone or date, a
    holiday listed twice, a make-up day that is a holiday too or worked anyway, a year without holidays.
    """
    return _Loader(document).calendar()


class _Loader:
    """Turns the document into a calendar; notes every fault on the way and goes on with what is left."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Finding] = []
        self.names: dict[str, Name] = {}
        self.holidays: dict[date, Name] = {}
        self.workdays: dict[date, Name] = {}
        self.places: dict[date, Path] = {}  # of make-up days

    def calendar(self) -> Calendar:
        """The whole calendar, or DocumentRefused."""
        data = self.mapping(self.document.data, (), {"calendar", "title", "zone", "week"}, {"names", "years"})
        key, title, zone = self.key(data), self.name(data.get("title"), ("title",)), self.zone(data.get("zone"))
        week = self.week(data.get("week"))
        self.names = {name: self.name(text, ("names", name)) for name, text in self.entries(data, "names")}
        announced = frozenset(year for text, part in self.entries(data, "years") for year in self.year(text, part))
        for day, message in clashes(week, self.holidays, self.workdays):
            self.fault(self.places[day], "impossible-make-up-day", message)
        if self.findings:
            raise DocumentRefused(self.findings, self.document.name)
        return Calendar(key, zone, week, self.holidays, self.workdays, announced, title)

    def fault(self, path: Path, code: str, message: dict[str, str]) -> None:
        self.findings.append(self.document.finding(path, code, message))

    def mapping(self, value: Any, path: Path, required: set[str], optional: Iterable[str] = ()) -> Mapping[str, Any]:
        """`value` if it is a mapping with these keys; what it lacks or has too much is noted."""
        if not isinstance(value, dict):
            self.fault(path, "not-a-mapping", say("Keys and values are expected here.", "此处应为“键: 值”。"))
            return {}
        for key in sorted(required - value.keys()):
            self.fault(path, "missing-key", say(f"“{key}” is missing.", f"缺少“{key}”。"))
        for key in sorted(value.keys() - required - set(optional)):
            self.fault((*path, key), "unknown-key", say(f"“{key}” is not known here.", f"此处不认识“{key}”。"))
        return {key: part for key, part in value.items() if key in required or key in optional}

    def entries(self, data: Mapping[str, Any], key: str) -> Iterable[tuple[str, Any]]:
        """The entries of an optional mapping with keys of one's own."""
        value = data.get(key)
        return self.mapping(value, (key,), set(), value).items() if isinstance(value, dict) else ()

    def name(self, value: Any, path: Path) -> Name:
        names = self.mapping(value, path, {"zh-hans", "en"})
        for language, text in names.items():
            if not isinstance(text, str) or not text.strip():
                self.fault((*path, language), "no-name", say("A name is missing.", "缺少名称。"))
        return names

    def key(self, data: Mapping[str, Any]) -> str:
        key = str(data.get("calendar"))
        if not _KEY.fullmatch(key):
            message = say("A key is small letters, digits and _.", "键只能用小写字母、数字和下划线。")
            self.fault(("calendar",), "bad-key", message)
        return key

    def zone(self, value: Any) -> str:
        try:
            ZoneInfo(str(value))
        except (KeyError, ValueError, OSError):  # unknown, or a path that is none of the database's
            self.fault(("zone",), "unknown-zone", say("There is no such time zone.", "没有这个时区。"))
        return str(value)

    def week(self, value: Any) -> tuple[Hours, ...]:
        days = self.mapping(value, ("week",), set(), WEEKDAYS)
        week = tuple(self.hours(days.get(day) or (), ("week", day)) for day in WEEKDAYS)
        if not any(week):
            self.fault(("week",), "no-working-day", say("No day is worked.", "没有任何工作日。"))
        return week

    def hours(self, value: Any, path: Path) -> Hours:
        matches = [_HOURS.fullmatch(text) for text in _texts(value)]
        hours = tuple(
            (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) for match in matches if match
        )
        if not all(matches) or not hours_in_order(hours):
            self.fault(
                path,
                "bad-hours",
                say("Write hours in order, as 09:00-12:00.", "请按先后顺序写工作时间，如 09:00-12:00。"),
            )
            return ()
        return hours

    def year(self, text: str, value: Any) -> Iterator[int]:
        """The year, if its holidays are there; they are noted with their names."""
        path: Path = ("years", text)
        if not _YEAR.fullmatch(text):
            self.fault(path, "bad-year", say("Write the year in four digits.", "请用四位数字写年份。"))
        elif not value:
            message = say(
                "No holidays: leave the year out until it is announced.", "没有放假安排：公布之前请不要列出该年。"
            )
            self.fault(path, "year-without-holidays", message)
        else:
            for name, days in self.mapping(value, path, set(), self.names).items():
                self.holiday(
                    self.mapping(days, (*path, name), {"off"}, {"work"}), self.names[name], (*path, name), int(text)
                )
            yield int(text)

    def holiday(self, days: Mapping[str, Any], name: Name, path: Path, year: int) -> None:
        for day in self.range(days.get("off"), (*path, "off"), year):
            if day in self.holidays:
                self.fault((*path, "off"), "holiday-twice", say(f"{day} is listed twice.", f"{day} 重复列出。"))
            self.holidays[day] = name
        for place, text in enumerate(_texts(days.get("work") or ())):
            if made_up := self.day(text, (*path, "work", place), year):
                self.workdays[made_up] = name
                self.places[made_up] = (*path, "work", place)

    def range(self, value: Any, path: Path, year: int) -> Iterator[date]:
        """The days of `2026-10-01..2026-10-07`, or of a single date."""
        first_text, _, last_text = str(value).partition("..")
        first, last = self.day(first_text, path, year), self.day(last_text or first_text, path, year)
        if first is None or last is None:
            return
        if not first <= last < first + _MONTH:
            self.fault(path, "bad-range", say("The range is turned round or too long.", "日期范围颠倒或过长。"))
            return
        yield from (first + timedelta(days=number) for number in range((last - first).days + 1))

    def day(self, text: str, path: Path, year: int) -> date | None:
        """A date that an announcement for `year` may hold: in it, or within a month of it."""
        day = _date(text)
        if day is None or not date(year, 1, 1) - _MONTH <= day <= date(year, 12, 31) + _MONTH:
            message = say("Write a date of that year, as 2026-10-01.", "请写该年内的日期，如 2026-10-01。")
            self.fault(path, "bad-date", message)
            return None
        return day


def _texts(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None  # 20261001 and 2026-W40-4 are dates too, but not read at a glance

"""The holidays of one year as rows of a form, and back into the table of a calendar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

ROWS_TO_ADD = 3
MOST_ROWS = 40
Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """One holiday as it is typed: its names, its first and last day off, the days worked for it."""

    key: str = ""
    zh: str = ""
    en: str = ""
    first: str = ""
    last: str = ""
    work: str = ""
    error: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is typed."""
        return not (self.zh or self.en or self.first or self.last or self.work)


def rows_of(table: Table, year: int) -> list[HolidayRow]:
    """The holidays of a year, in the order of their days."""
    names = table.get("names", {})
    found = []
    for key, days in table.get("years", {}).get(str(year), {}).items():
        first, _sep, last = str(days.get("off", "")).partition("..")
        called = names.get(key, {})
        work = ", ".join(_list(days.get("work")))
        found.append(HolidayRow(key, called.get("zh-hans", key), called.get("en", key), first, last or first, work))
    return sorted(found, key=lambda row: row.first)


def rows_typed(data: Mapping[str, str]) -> list[HolidayRow]:
    """What was typed, empty rows left out; at most forty."""
    rows = [
        HolidayRow(**{name: data.get(f"{name}-{number}", "").strip() for name in NAMES}) for number in range(MOST_ROWS)
    ]
    return [row for row in rows if not row.empty]


NAMES = ("key", "zh", "en", "first", "last", "work")


def with_faults(rows: Iterable[HolidayRow]) -> list[HolidayRow]:
    """The rows, each with what is missing in it."""
    return [replace(row, error=_fault(row)) for row in rows]


def _fault(row: HolidayRow) -> str:
    if not (row.zh and row.en):
        return _("A name in both languages is needed.")
    return "" if row.first else _("The first day off is missing.")


def as_table(rows: Iterable[HolidayRow], table: Table) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """The rows as the holidays of a year by key, and the names of holidays that are new or renamed.

    A row whose names a known holiday has is that holiday; another becomes one of its own.
    """
    known: dict[str, dict[str, str]] = {key: dict(text) for key, text in table.get("names", {}).items()}
    holidays: dict[str, Any] = {}
    names: dict[str, dict[str, str]] = {}
    for row in rows:
        called = {"zh-hans": row.zh, "en": row.en}
        same = [key for key, text in known.items() if text == called and key not in holidays]
        key = next((key for key in (row.key, *same) if key in same), "") or _new_key(row.en, {*known, *holidays})
        known[key] = names[key] = called
        last = row.last or row.first
        holidays[key] = {"off": row.first if last == row.first else f"{row.first}..{last}"}
        if work := [day for day in re.split(r"[\s,，、;；]+", row.work) if day]:
            holidays[key]["work"] = work
    return holidays, names


def spans_typed(text: str) -> list[str]:
    """Working hours as people write them (`8:30 – 12:00，13:00至17:30`) as a calendar has them."""
    joined = re.sub(r"\s*[-–—~～至]\s*", "-", text.replace("：", ":"))
    padded = re.sub(r"(?<!\d)(\d)(?=:)", r"0\1", joined)
    return [span for span in re.split(r"[\s,，、;；]+", padded) if span]


def _new_key(title: str, taken: Iterable[str]) -> str:
    stem = re.sub(r"^[^a-z]+", "", slugify(title))[:40] or "holiday"
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in range(1, MOST_ROWS * 10))
    return next(key for key in numbered if key not in set(taken))


def _list(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]

"""A list as a file: the rows and columns that are seen, in their order, and a note of who took it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from fairway.lists.asking import Asker
from fairway.lists.columns import CHOICE, FLAG, MONEY, TAGS, Column, Row
from fairway.lists.errors import Misread
from fairway.lists.listing import Listing
from fairway.lists.reading import Reading
from fairway.lists.view import View
from fairway.people import audit

CSV, XLSX = "csv", "xlsx"
FORMATS = (CSV, XLSX)
MOST_ROWS = 200_000
CHUNK = 500
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it a spreadsheet takes UTF-8 for the code page of the machine
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9][0-9 .,]*")
_LONGEST_CELL = 32_767


class Export:
    """One view of a list as one person sees it, for a file: every row of it, whatever page it stands on.

    Amounts have their currency beside them in a column of its own. Raises Misread for a view that the list does not
    know.
    """

    def __init__(self, listing: Listing, view: View, asker: Asker) -> None:
        whole = replace(view.first_page(), size=CHUNK)
        self.listing, self.view, self.asker = listing, view, asker
        self.reading = Reading(listing, whole, asker)
        self.columns = self.reading.columns
        self._names = {
            column.key: {str(value): str(name) for value, name in column.choosable(asker)}
            for column in self.columns
            if column.kind == CHOICE and column.value is None
        }

    def head(self) -> list[str]:
        """The headings."""
        found: list[str] = []
        for column in self.columns:
            found.append(str(column.title))
            if column.kind == MONEY:
                found.append(_("Currency"))
        return found

    def rows(self) -> Iterator[list[Any]]:
        """The values of each row: texts, numbers, days, moments in the reader's time zone, or None."""
        place, sent = None, 0
        while True:
            rows = self.reading.rows(CHUNK, place=place)
            for row in rows:
                yield self._values(row)
            sent += len(rows)
            if len(rows) < CHUNK or sent >= MOST_ROWS:
                return
            place = self.reading.place_in(rows[-1])

    def _values(self, row: Row) -> list[Any]:
        found: list[Any] = []
        for column in self.columns:
            value = self._value(column, row)
            found.append(value)
            if column.kind == MONEY:
                found.append(row["currency"] if value is not None else None)
        return found

    def _value(self, column: Column, row: Row) -> Any:
        value = column.value(row, self.asker) if column.value else row[column.path]
        if column.key in self._names:
            value = self._names[column.key].get(str(value), value)
        if value is None or value == "":
            return None
        if column.kind == TAGS:
            return ", ".join(value) or None
        if column.kind == FLAG:
            return _("Yes") if value else _("No")
        if column.kind == MONEY:
            return Decimal(value) / 100
        return value.astimezone(self.asker.zone).replace(tzinfo=None) if isinstance(value, datetime) else value

    def csv_lines(self) -> Iterator[str]:
        """The lines of a CSV file, one by one; what a spreadsheet would take for a formula gets a quote before it."""
        writer = csv.writer(_Echo())
        yield MARK
        yield writer.writerow([safe(title) for title in self.head()])
        for row in self.rows():
            yield writer.writerow([safe(_written(value)) for value in row])

    def write_xlsx(self, path: Path) -> int:
        """Write an Excel file, row by row, and say how many rows it has. Texts stay texts, formulas too."""
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(str(path), options)
        sheet = book.add_worksheet(str(self.listing.title)[:31])
        formats = {kind: book.add_format(look) for kind, look in _LOOKS.items()}
        for at, title in enumerate(self.head()):
            sheet.write_string(0, at, title, formats["head"])
        number = 0
        for number, row in enumerate(self.rows(), start=1):
            for at, value in enumerate(row):
                _write_cell(sheet, formats, number, at, value)
        sheet.freeze_panes(1, 1)
        book.close()
        return number


_LOOKS = {
    "head": {"bold": True}, "day": {"num_format": "yyyy-mm-dd"}, "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "money": {"num_format": "#,##0.00"},
}  # fmt: skip


def _write_cell(sheet: Any, formats: dict[str, Any], row: int, at: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, at, value, formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(row, at, datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001
    elif isinstance(value, Decimal):
        sheet.write_number(row, at, float(value), formats["money"])
    elif isinstance(value, int):
        sheet.write_number(row, at, value)
    else:
        sheet.write_string(row, at, str(value)[:_LONGEST_CELL])


class _Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        return text


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def safe(text: str) -> str:
    """A cell's text; what a spreadsheet would take for a formula gets a quote before it, numbers stay numbers."""
    return f"'{text}" if text.startswith(_FORMULA) and not _PLAIN_NUMBER.fullmatch(text) else text


def note(export: Export, *, form: str, asker: Asker) -> None:
    """Note in the audit log who exported what, and how many rows it was (to ten thousand). Raises Misread."""
    count = export.reading.count()
    if export.view.group and export.view.opened is None:
        raise Misread(_("Open a group, or take the grouping away: groups are not exported."))
    number = f"{count.number}{'+' if count.more else ''}"
    told = {
        "query": export.view.query(), "rows": number, "format": form,
        "columns": [column.key for column in export.columns],
    }  # fmt: skip
    audit.record("list.exported", by=asker.user, now=asker.now, kind="list", name=str(export.listing.title), after=told)

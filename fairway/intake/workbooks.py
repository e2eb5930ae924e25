"""Excel sheets as text cells: numbers without an exponent, dates as ISO, a formula as the text that it shows."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from fairway.intake import limits
from fairway.intake.errors import Unreadable


def sheets_of(data: bytes) -> list[str]:
    """The names of the sheets, in order. Raises Unreadable."""
    return list(_open(data).sheet_names)


def read_sheet(data: bytes, name: str | None) -> tuple[pl.DataFrame, str]:
    """The cells of a sheet (without a name: the first that holds anything) in columns `c0`, `c1`…, and its name.

    Raises Unreadable.
    """
    book = _open(data)
    names = list(book.sheet_names)
    if name is not None and name not in names:
        raise Unreadable(
            "sheet",
            _("There is no sheet “%(name)s”. There are: %(names)s.") % {"name": name, "names": ", ".join(names)},
        )
    for one in [name] if name is not None else names:
        rows = _cells(book, one)
        if any(cell not in (None, "") for row in rows[:100] for cell in row):
            return _frame(rows), one
    raise Unreadable("empty", _("No sheet of the workbook holds anything. A table with a header row is expected."))


def _open(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, OSError, ValueError) as error:
        raise _broken(error) from error


def _cells(book: CalamineWorkbook, name: str) -> list[list[Any]]:
    try:
        sheet = book.get_sheet_by_name(name)
        height, width = sheet.total_height, sheet.total_width
        if height > limits.ROWS or width > limits.COLUMNS:
            size = {"rows": f"{height:,}", "columns": f"{width:,}", "most": f"{limits.ROWS:,}", "wide": limits.COLUMNS}
            raise Unreadable(
                "size",
                _("The sheet has %(rows)s rows in %(columns)s columns; %(most)s and %(wide)s are allowed.") % size,
            )
        return list(sheet.to_python(skip_empty_area=False))
    except (CalamineError, OSError, ValueError) as error:
        raise _broken(error) from error


def _broken(error: Exception) -> Unreadable:
    if "password" in str(error).lower():
        return Unreadable(
            "encrypted",
            _("The workbook is protected by a password. Remove the password, save it and choose it again."),
        )
    return Unreadable(
        "broken", _("The file is damaged and cannot be opened. Save it again in Excel and choose it anew.")
    )


def _frame(rows: list[list[Any]]) -> pl.DataFrame:
    width = max(len(row) for row in rows)
    columns = {
        f"c{index}": pl.Series([_text(row[index]) if index < len(row) else None for row in rows], dtype=pl.String)
        for index in range(width)
    }
    # As with delimited text, one column more, which stays empty here: a sheet has no row that is too long.
    return pl.DataFrame({**columns, f"c{width}": pl.Series([None] * len(rows), dtype=pl.String)})


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 10**15 else repr(value)
    if isinstance(value, datetime):
        is_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if is_day else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)

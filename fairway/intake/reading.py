"""From the bytes of a file to a table of text cells with a header: what it is, is found, never asked."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from fairway.engine.forms.texts import alike
from fairway.intake import limits
from fairway.intake.delimited import read_delimited, separator_of
from fairway.intake.encodings import decode
from fairway.intake.errors import Unreadable
from fairway.intake.signatures import TEXT, kind_of
from fairway.intake.workbooks import read_sheet, sheets_of

ROW = "row"
"""The column of row numbers: as a spreadsheet counts them, the header being row 1 where nothing stands above it."""
EXTRA = "extra"
"""Cells beyond the last column of the header, joined; null in a good row."""
_LOOK = 20  # rows in which the header is looked for
_DATA_LIKE = re.compile(r"[\s\d０-９+\-()./:,，%]{5,}|[^@\s]+@[^@\s]+\.[^@\s]+|[0-9０-９]+")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the file was understood. `separator` is empty for a workbook, `sheet` for text."""

    kind: str
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    has_header: bool = True
    damaged: int = 0

    def as_json(self) -> dict[str, Any]:
        """For keeping beside the file."""
        return {name: getattr(self, name) for name in self.__slots__} | {"sheets": list(self.sheets)}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text: `columns` are its headers, unique, in order; `frame` has ROW, EXTRA and one column for each."""

    dialect: Dialect
    columns: tuple[str, ...]
    frame: pl.DataFrame

    @property
    def signature(self) -> str:
        """What is the same for every file with these headers, however they are ordered and spaced."""
        return hashlib.sha256("\n".join(sorted(alike(name) for name in self.columns)).encode()).hexdigest()


def read_table(data: bytes, *, sheet: str | None = None) -> Table:
    """Read a CSV or Excel file. `sheet` names one of a workbook; without it the first that holds anything is taken.

    Raises Unreadable with what was found and what was expected.
    """
    if kind_of(data) == TEXT:
        decoded = decode(data)
        if "\0" in decoded.text:
            raise Unreadable("nul", _("The text holds NUL characters: the file is damaged or not a table."))
        separator = separator_of(decoded.text)
        frame = read_delimited(decoded.text, separator)
        dialect = Dialect("csv", encoding=decoded.encoding, separator=separator, damaged=decoded.damaged)
    else:
        frame, name = read_sheet(data, sheet)
        dialect = Dialect("excel", sheet=name, sheets=tuple(sheets_of(data)))
    return _with_header(frame, dialect)


def _with_header(frame: pl.DataFrame, dialect: Dialect) -> Table:
    cells = [[cell.strip() if cell else "" for cell in row] for row in frame.head(_LOOK).rows()]
    place = _header_place(cells)
    has_header = not any(_DATA_LIKE.fullmatch(cell) for cell in cells[place] if cell)
    width = len(cells[place]) - 1
    header = cells[place][:width] if has_header else [""] * width
    columns = _unique(header)
    first = place + (1 if has_header else 0)
    body = frame.with_row_index(ROW, offset=1).slice(first)
    kept = [f"c{index}" for index in range(width)]
    body = body.select(
        pl.col(ROW).cast(pl.Int64),
        pl.col(f"c{width}").alias(EXTRA),
        *(pl.col(old).alias(new) for old, new in zip(kept, columns, strict=True)),
    )
    body = body.filter(pl.any_horizontal(pl.col(columns).str.strip_chars().str.len_chars() > 0))
    _check_size(body, columns)
    body, columns = _without_blank(body, columns, header)
    return Table(_noting(dialect, has_header=has_header), tuple(columns), body)


def _header_place(cells: list[list[str]]) -> int:
    """The first row that is about as wide as the rows below it: a title above the table is narrower."""
    filled = [sum(1 for cell in row if cell) for row in cells]
    if not any(filled):
        raise Unreadable("empty", _("The file is empty. A table with a header row is expected."))
    return next(place for place, count in enumerate(filled) if count * 2 >= max(filled))


def _unique(header: list[str]) -> list[str]:
    names: list[str] = []
    for index, text in enumerate(header):
        name = " ".join(text.split()) or _("Column %(number)s") % {"number": index + 1}
        if name in {ROW, EXTRA}:
            name = name.capitalize()
        number, whole = 2, name
        while name in names:
            name, number = f"{whole} ({number})", number + 1
        names.append(name)
    return names


def _check_size(body: pl.DataFrame, columns: list[str]) -> None:
    if body.height == 0:
        raise Unreadable(
            "no_rows", _("The file has a header (%(header)s) and no rows.") % {"header": ", ".join(columns)}
        )
    if body.height > limits.ROWS:
        raise Unreadable(
            "rows",
            _("The table has more than %(limit)s rows. Cut it into several files.") % {"limit": f"{limits.ROWS:,}"},
        )


def _without_blank(body: pl.DataFrame, columns: list[str], header: list[str]) -> tuple[pl.DataFrame, list[str]]:
    """Leave out columns without a heading in which nothing stands: the trailing separators of some exports."""
    blank = [
        name
        for name, title in zip(columns, header, strict=True)
        if not title and body.get_column(name).fill_null("").str.strip_chars().eq("").all()
    ]
    return body.drop(blank), [name for name in columns if name not in blank]


def _noting(dialect: Dialect, *, has_header: bool) -> Dialect:
    return Dialect(**{**dialect.as_json(), "sheets": dialect.sheets, "has_header": has_header})

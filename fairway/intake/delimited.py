"""CSV and its relatives: the separator is found, quotes and line ends are taken as they come."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

import polars as pl
from django.utils.translation import gettext as _

from fairway.intake import limits
from fairway.intake.errors import Unreadable

SEPARATORS = ",;\t|，"
_SAMPLE = 1 << 18
_SAMPLE_ROWS = 50
_SWALLOWED = 10  # lines in the last cell: then its quotation mark took in the rest of the file

csv.field_size_limit(1 << 24)


def separator_of(text: str) -> str:
    """The separator that cuts the first rows into equally many cells, the more the better; a comma for one column."""
    sample = _whole_lines(text)
    best, most = ",", 0.0
    for separator in SEPARATORS:
        widths = [len(row) for row in islice(_rows(sample, separator), _SAMPLE_ROWS) if any(row)]
        if not widths or max(widths) == 1:
            continue
        usual = max(set(widths), key=widths.count)
        score = widths.count(usual) / len(widths) * (1 + min(usual, 50) / 100) if usual > 1 else 0
        if score > most:
            best, most = separator, score
    return best


def read_delimited(text: str, separator: str) -> pl.DataFrame:
    """All rows as text cells in columns `c0`, `c1`…; missing cells are null. Raises Unreadable."""
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    width = _width(text, separator)
    if width > limits.COLUMNS:
        raise Unreadable(
            "columns",
            _("The table has %(found)s columns; %(limit)s are allowed.") % {"found": width, "limit": limits.COLUMNS},
        )
    # One column more than the header has: a row with too many cells shows in it, instead of losing them.
    schema = {f"c{index}": pl.String for index in range(width + 1)}
    try:
        frame = pl.read_csv(
            io.BytesIO(text.encode("utf-8", "replace")), has_header=False, schema=schema, separator=separator,
            truncate_ragged_lines=True, missing_columns="insert", n_rows=limits.ROWS + 100,
        )  # fmt: skip
    except (pl.exceptions.PolarsError, ValueError):
        frame = _by_hand(text, separator, schema)
    return frame


def _width(text: str, separator: str) -> int:
    """The number of columns: the widest that at least two of the first rows agree on, else that of the first row."""
    rows = list(islice(_rows(_whole_lines(text), separator), _SAMPLE_ROWS))
    widths = [len(row) for row in rows if any(row)]
    if not widths:
        raise Unreadable("empty", _("The file is empty. A table with a header row is expected."))
    return max(widths, key=lambda width: (widths.count(width), width))


def _by_hand(text: str, separator: str, schema: dict[str, type[pl.String]]) -> pl.DataFrame:
    """Quotes in the middle of cells are beyond the fast reader; this one takes them."""
    width = len(schema)
    rows: list[list[str | None]] = []
    try:
        for row in _rows(text, separator):
            cells: list[str | None] = [*row[:width]]
            rows.append(cells + [None] * (width - len(cells)))
            if len(rows) > limits.ROWS + 100:
                break
    except csv.Error as error:
        raise _open_quote(len(rows)) from error
    if rows and any(cell is not None and cell.count("\n") >= _SWALLOWED for cell in rows[-1]):
        raise _open_quote(len(rows))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _open_quote(row: int) -> Unreadable:
    return Unreadable("quotes", _("Around row %(row)s a quotation mark opens and never closes.") % {"row": row})


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _whole_lines(text: str) -> str:
    if len(text) <= _SAMPLE:
        return text
    end = text.rfind("\n", 0, _SAMPLE)
    return text[: end + 1] if end > 0 else text[:_SAMPLE]

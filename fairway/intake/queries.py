"""Reads of imports: how a file would be brought in, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.utils.translation import get_language

from fairway.intake.cells import choice_reader
from fairway.intake.checking import mapped_fields, mended, raw_column
from fairway.intake.fieldmap import FieldMap
from fairway.intake.fields import Target, Targets
from fairway.intake.models import Import
from fairway.intake.preparing import duplicates_of, make_ready
from fairway.intake.reading import ROW, Table
from fairway.intake.reasons import ERROR, field_name, reason
from fairway.intake.reports import key_name, lead_names, match_name
from fairway.people.scope import Scope

LOOKED_AT = 20_000
SHOWN = 20
WORDS = 40


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """One cell as it stands in the file, with what is wrong with it, in words."""

    heading: str
    text: str
    reason: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row. `state` is good, duplicate or bad; `why` says what a duplicate matches, or what is wrong as a whole."""

    number: int
    state: str
    why: str
    cells: list[PreviewCell]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of a file: `imported`, `duplicates` and `rejected` of the `looked_at` rows."""

    headings: list[str]
    rows: list[PreviewRow]
    looked_at: int
    imported: int
    duplicates: int
    rejected: int


def preview(
    intake: Import, table: Table, fieldmap: FieldMap, targets: Targets, scope: Scope, *, now: datetime,
    only: str = "",
) -> Preview:  # fmt: skip
    """The first twenty rows with their problems; `only` bad or duplicate shows the first twenty of those.

    Looks at the first 20,000 rows of a longer file. The same few queries for every file.
    """
    part = Table(table.dialect, table.columns, table.frame.head(LOOKED_AT))
    ready = make_ready(
        part, fieldmap, by=intake.by, now=now, zone=intake.zone, new_sources=intake.new_sources, targets=targets
    )  # fmt: skip
    repeats = duplicates_of(ready, fieldmap, intake.signature)
    problems = ready.checked.problems
    bad = problems.filter(pl.col("level") == ERROR).get_column(ROW)
    chosen = {"bad": bad, "duplicate": repeats.get_column(ROW)}.get(only, part.frame.get_column(ROW))
    numbers = chosen.unique().sort().head(SHOWN).to_list()
    rows = _rows(part, fieldmap, targets, numbers, problems, repeats, scope)
    height = ready.checked.frame.height
    return Preview(
        [_title(one) for one in mapped_fields(targets, fieldmap)], rows, part.frame.height,
        height - repeats.height, repeats.height, ready.checked.rejected,
    )  # fmt: skip


def _rows(
    table: Table, fieldmap: FieldMap, targets: Targets, numbers: list[int], problems: pl.DataFrame,
    repeats: pl.DataFrame, scope: Scope,
) -> list[PreviewRow]:  # fmt: skip
    fields = mapped_fields(targets, fieldmap)
    shown = Table(table.dialect, table.columns, table.frame.filter(pl.col(ROW).is_in(numbers)))
    columns = {one.key: _column(shown, fieldmap, one) for one in fields}
    said: dict[int, dict[str, tuple[str, str, str]]] = {}
    for row, key, code, value, level in problems.filter(pl.col(ROW).is_in(numbers)).iter_rows():
        said.setdefault(row, {})[key] = (code, value or "", level)
    same = {row: (by, other, lead) for row, by, other, lead in repeats.filter(pl.col(ROW).is_in(numbers)).iter_rows()}
    names = lead_names([lead for _, _, lead in same.values() if lead is not None], scope)
    found = []
    for place, number in enumerate(shown.frame.get_column(ROW)):
        wrong = said.get(number, {})
        cells = [_cell(one, columns[one.key][place], wrong.get(one.key)) for one in fields]
        is_bad = any(level == ERROR for _, _, level in wrong.values())
        # What keeps a row out stands at its beginning too: the cell may be far to the right.
        rest = [
            f"{field_name(key, targets.by_key.get(key))}: {reason(code, targets.by_key.get(key), value)}"
            for key, (code, value, level) in wrong.items()
            if level == ERROR
        ]
        if number in same and not is_bad:
            by, other, lead = same[number]
            rest.append(f"{key_name(by)}: {match_name(other, lead, names)}")
        state = "bad" if is_bad else "duplicate" if number in same else "good"
        found.append(PreviewRow(number, state, " ".join(rest), cells))
    return found


def _column(table: Table, fieldmap: FieldMap, target: Target) -> list[str]:
    source = fieldmap.columns.get(target.key)
    if source is None:
        return [fieldmap.defaults[target.key]] * table.frame.height
    return raw_column(table, source).fill_null("").to_list()


def _cell(target: Target, text: str, wrong: tuple[str, str, str] | None) -> PreviewCell:
    if wrong is None:
        return PreviewCell(_title(target), text)
    code, value, level = wrong
    return PreviewCell(_title(target), text, reason(code, target, value), "bad" if level == ERROR else "warn")


def _title(target: Target) -> str:
    return target.title.in_language(get_language() or "en")


@dataclass(frozen=True, slots=True)
class SourceWord:
    """A word of the column of sources: how many rows say it, and which source is meant (empty: none is known)."""

    word: str
    rows: int
    meant: str


def source_words(table: Table, fieldmap: FieldMap, targets: Targets) -> list[SourceWord]:
    """The words that stand in the column of sources, the most frequent first, with what each means."""
    source, target = fieldmap.columns.get("source"), targets.by_key.get("source")
    if source is None or target is None:
        return []
    counted = mended(raw_column(table, source)).drop_nulls().alias("word").value_counts(sort=True).head(WORDS)
    read = choice_reader(target, fieldmap.values.get("source", {}))
    return [SourceWord(word, rows, read(word)[0] or "") for word, rows in counted.iter_rows()]


def samples(table: Table, column: str) -> str:
    """Some of what stands in a column, for who decides what it is."""
    cells = table.frame.get_column(column).head(200).drop_nulls().str.strip_chars()
    return " · ".join(cell[:40] for cell in cells.filter(cells != "").unique(maintain_order=True).head(3))

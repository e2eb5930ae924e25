"""From a file and its mapping to rows ready to become leads, once per import; the result lies beside the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from fairway.engine.program import Program
from fairway.intake import access
from fairway.intake.checking import Checked, Surroundings, check
from fairway.intake.duplicates import known_rows, repeated_rows
from fairway.intake.fieldmap import FieldMap
from fairway.intake.fields import Targets, targets_of
from fairway.intake.models import Import
from fairway.intake.reading import ROW, Table, read_table
from fairway.intake.scorecards import ScoreCards
from fairway.leads.actions import SOP
from fairway.people.models import User
from fairway.runs.actions.starting import current_version
from fairway.sops.programs import program_of

SOURCE, CHECKED, PROBLEMS = "source", "checked.parquet", "problems.parquet"


@dataclass(frozen=True, slots=True)
class Ready:
    """What a file comes to before anything is written: `checked` rows, and which of them `repeat` earlier ones."""

    checked: Checked
    repeats: pl.DataFrame


def current_program() -> Program:
    """The program that new leads take. Raises NoVersion."""
    return program_of(current_version(SOP).pk)


def current_targets() -> Targets:
    """The fields that a file may bring at present."""
    return targets_of(current_program())


def table_of(intake: Import) -> Table:
    """The table of the file that was kept."""
    return read_table((intake.path / SOURCE).read_bytes(), sheet=intake.dialect.get("sheet") or None)


def make_ready(
    table: Table, fieldmap: FieldMap, *, by: User | None, now: datetime, zone: str, new_sources: bool,
    targets: Targets | None = None,
) -> Ready:  # fmt: skip
    """Check a table as `by` would import it. A handful of queries whatever its size; fewer with `targets` at hand."""
    targets = targets or current_targets()
    around = Surroundings(now, ZoneInfo(zone), access.owner_names(by), access.team_names(by), new_sources=new_sources)
    checked = check(table, fieldmap, targets, around)
    cards = ScoreCards(targets, checked.frame.columns, by=by, now=now, zone=around.zone)
    if cards.any:
        checked = _without(checked, cards.problems(checked.frame))
    return Ready(checked, repeated_rows(checked.frame, fieldmap.match))


def _without(checked: Checked, problems: pl.DataFrame) -> Checked:
    if not problems.height:
        return checked
    rest = checked.frame.filter(~pl.col(ROW).is_in(problems.get_column(ROW).implode()))
    return replace(checked, frame=rest, problems=pl.concat([checked.problems, problems]).sort(ROW, maintain_order=True))


def duplicates_of(ready: Ready, fieldmap: FieldMap, signature: str) -> pl.DataFrame:
    """Every row that would be passed over now: repeats within the file, and leads that are there."""
    fresh = ready.checked.frame.filter(~pl.col(ROW).is_in(ready.repeats.get_column(ROW).implode()))
    return pl.concat([ready.repeats, known_rows(fresh, fieldmap.match, signature)]).sort(ROW)


def keep(intake: Import, ready: Ready) -> None:
    """Write down what was found, whole files at once: who goes on after a crash finds all or nothing."""
    marked = ready.checked.frame.join(ready.repeats.select(ROW, "by", "other_row"), on=ROW, how="left")
    _write(marked.sort(ROW), intake.path / CHECKED)
    _write(ready.checked.problems, intake.path / PROBLEMS)


def _write(frame: pl.DataFrame, path: Path) -> None:
    aside = path.with_suffix(".part")
    frame.write_parquet(aside)
    aside.replace(path)


def summary(problems: pl.DataFrame) -> list[list[str | int]]:
    """[field, code, level, rows] of what was found, errors first, the most frequent first."""
    counted = problems.group_by("field", "code", "level").agg(pl.col(ROW).n_unique().alias("rows"))
    ordered = counted.sort(["level", "rows", "field", "code"], descending=[False, True, False, False])
    return [list(one) for one in ordered.select("field", "code", "level", "rows").rows()]

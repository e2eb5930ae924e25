"""Good rows become leads, a chunk at a time: each chunk is one transaction with the mark of how far the import is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from fairway.engine.program import Program
from fairway.intake.checking import AS_WRITTEN
from fairway.intake.duplicates import external_of, known_rows
from fairway.intake.fieldmap import FieldMap
from fairway.intake.fields import CREATED, EXTERNAL, LEAD, OWNER, TEAM, targets_of
from fairway.intake.models import FieldMapTemplate, Import, ImportedRow
from fairway.intake.preparing import CHECKED, PROBLEMS, Ready, keep, make_ready, summary, table_of
from fairway.intake.reading import ROW
from fairway.intake.reasons import NOTE
from fairway.intake.scorecards import ScoreCards
from fairway.leads import kind
from fairway.leads.actions import SOP
from fairway.leads.models import Lead, Source
from fairway.people import audit
from fairway.people.models import User
from fairway.runs.actions.starting import current_version
from fairway.runs.bulk import Begun, NewRun, Starter
from fairway.runs.copying import insert, reserve
from fairway.runs.jobs import owe
from fairway.runs.models import Run
from fairway.search import index
from fairway.sops.programs import program_of

CHUNK = 2_000
_ROW_COLUMNS = ("intake_id", "row", "lead_id", "external")
_KEYS = ("phone_key", "email_key", "company_key")
Progress = Callable[[Import], None]


def prepare(intake: Import, *, now: datetime) -> None:
    """Check the file and mark the import as running; nothing to do where that was done before.

    Raises Unreadable, BadFieldMap.
    """
    if intake.state != Import.WAITING:
        return
    ready = make_ready(
        table_of(intake), FieldMap.from_json(intake.fieldmap), by=intake.by, now=now, zone=intake.zone,
        new_sources=intake.new_sources,
    )  # fmt: skip
    with transaction.atomic():
        ready = _with_sources(ready, intake, now)
        keep(intake, ready)
        checked = ready.checked
        Import.objects.filter(pk=intake.pk, state=Import.WAITING).update(
            state=Import.RUNNING, started_at=now, total=checked.total, good=checked.frame.height,
            rejected=checked.rejected, noted=summary(checked.problems),
        )  # fmt: skip
    intake.refresh_from_db()


def _with_sources(ready: Ready, intake: Import, now: datetime) -> Ready:
    """Take in the sources that nobody knew, where the importer allowed it, and let the rows name them by key."""
    frame = ready.checked.frame
    if not intake.new_sources or "source" not in frame.columns:
        return ready
    known = {choice.key for choice in targets_of(program_of(current_version(SOP).pk)).by_key["source"].choices}
    new = {name: _source(name, intake, now) for name in frame.get_column("source").unique() if name not in known}
    renamed = frame.with_columns(pl.col("source").replace(new)) if new else frame
    return Ready(type(ready.checked)(renamed, ready.checked.problems, ready.checked.total), ready.repeats)


def _source(name: str, intake: Import, now: datetime) -> str:
    """The key of a source by that name, made where there is none."""
    known = Source.objects.filter(title_zh=name[:100]).values_list("key", flat=True).first()
    if known is not None:
        return known
    key = f"online.{slugify(name)[:30] or name.encode().hex()[:30]}"
    if Source.objects.filter(key=key).exists():
        key = f"{key[:37]}.{name.encode().hex()[-12:]}"
    source = Source.objects.create(key=key, title_zh=name[:100], title_en=name[:100], family="online")
    audit.record(
        "source.added", by=intake.by, now=now, kind="source", subject_id=source.pk, name=name, after={"key": key}
    )  # fmt: skip
    return key


def run_to_end(intake: Import, *, now: datetime, progress: Progress | None = None) -> None:
    """Prepare and write everything here and now."""
    go_on(intake, now=now, may_go_on=lambda: True, progress=progress)


def go_on(
    intake: Import, *, now: datetime, may_go_on: Callable[[], bool], progress: Progress | None = None
) -> None:  # fmt: skip
    """Prepare where that is to be done, then write chunks until all are written or `may_go_on` says no."""
    prepare(intake, now=now)
    if intake.state != Import.RUNNING:
        return
    writer = Writer(intake, now=now)
    while intake.state == Import.RUNNING and may_go_on():
        writer.write_chunk()
        intake.refresh_from_db()
        if progress is not None:
            progress(intake)


class Writer:
    """Writes the checked rows of one import. One query for the owners; the rest is per chunk."""

    def __init__(self, intake: Import, *, now: datetime) -> None:
        """`now` is when the runs that it starts begin."""
        self.intake, self.now = intake, now
        self.frame = pl.read_parquet(intake.path / CHECKED)
        self.fieldmap = FieldMap.from_json(intake.fieldmap)
        version = current_version(SOP)
        self.program = program_of(version.pk)
        targets = targets_of(self.program)
        self.starter = Starter(version, face="lead", by=intake.by, now=now, through="import")
        self.cards = ScoreCards(targets, self.frame.columns, by=intake.by, now=now, zone=ZoneInfo(intake.zone))
        self.leads = _LeadRows(self.program, [one.column for one in targets.of(LEAD)], self.frame.columns, intake, now)
        self.owners = _owners(self.frame)
        self.left_out = _left_out(intake, self.frame.columns)
        self.written = [name for name in self.frame.columns if name.endswith(AS_WRITTEN)]
        self.asked = [
            (name, name.removeprefix("lead."))
            for name in self.program.asked_facts
            if name.startswith("lead.") and name.removeprefix("lead.") in self.frame.columns
        ]

    def write_chunk(self) -> None:
        """Write the next chunk, or nothing where another process was faster: then the import has moved on already."""
        start = self.intake.place
        part = self.frame.slice(start, CHUNK)
        is_last = start + part.height >= self.frame.height
        with transaction.atomic():
            # The first statement takes the lock; who comes second finds another place and writes nothing.
            mine = Import.objects.filter(pk=self.intake.pk, place=start, state=Import.RUNNING)
            ended = {"state": Import.DONE, "finished_at": self.now} if is_last else {}
            if not mine.update(place=start + part.height, **ended):
                return
            fresh = part.filter(pl.col("other_row").is_null())
            known = known_rows(fresh, self.fieldmap.match, self.intake.signature)
            new = fresh.filter(~pl.col(ROW).is_in(known.get_column(ROW).implode()))
            self._write(new.rows(named=True))
            Import.objects.filter(pk=self.intake.pk).update(
                imported=F("imported") + new.height, duplicates=F("duplicates") + part.height - new.height
            )
            known.write_parquet(self.intake.path / f"known-{start:09d}.parquet")
            if is_last:
                finish(self.intake, now=self.now)

    def _write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return
        begun = self.starter.start([self._run(row) for row in rows])
        ids = list(reserve(Lead, len(rows)))
        pairs = list(zip(ids, rows, strict=True))
        leads = [self.leads.row(lead_id, row, one) for (lead_id, row), one in zip(pairs, begun, strict=True)]
        insert(Lead, self.leads.columns, leads)
        index.add_rows(Lead, self.leads.columns, leads)
        insert(ImportedRow, _ROW_COLUMNS, [self._trace(lead_id, row) for lead_id, row in pairs])

    def _run(self, row: Mapping[str, Any]) -> NewRun:
        owner = self.owners.get(row.get(OWNER) or "")
        team = int(row[TEAM]) if row.get(TEAM) else None
        data: dict[str, Any] = {"import": self.intake.pk, "row": row[ROW]}
        said = dict(self.left_out.get(row[ROW], ()))
        said |= {name.removesuffix(AS_WRITTEN): row[name] for name in self.written if row[name] is not None}
        if said:
            data["as_written"] = said
        return NewRun(
            title=row["company"], owner=owner, team_id=team or (owner.team_id if owner else self.intake.team_id),
            facts={name: row[column] for name, column in self.asked}, data=data,
            filled=self.cards.of(row) if self.cards.any else (),
        )  # fmt: skip

    def _trace(self, lead_id: int, row: Mapping[str, Any]) -> list[Any]:
        number = row.get(EXTERNAL)
        return [self.intake.pk, row[ROW], lead_id, external_of(self.intake.signature, number) if number else ""]


class _LeadRows:
    """Rows of the table of leads: what all have, what a score card fills, what the file says."""

    def __init__(
        self, program: Program, mapped: Sequence[str], there: Sequence[str], intake: Import, now: datetime
    ) -> None:
        fields = Lead._meta.concrete_fields  # noqa: SLF001 - documented by Django
        self.columns = tuple(field.attname for field in fields)
        self.place = {name: index for index, name in enumerate(self.columns)}
        self.program, self.now = program, now
        common = {"intake": intake.pk, "created_by_id": intake.by_id, "created_at": now}
        self.common = [common.get(field.attname, _empty(field)) for field in fields]
        self.copied = [(name, self.place[name]) for name in (*mapped, *_KEYS) if name in there]
        self.has_dates = CREATED in there
        self._bases: dict[int, tuple[Begun, list[Any]]] = {}

    def row(self, lead_id: int, row: Mapping[str, Any], begun: Begun) -> list[Any]:
        """One lead."""
        values = list(self._base(begun))
        values[self.place["id"]], values[self.place["run_id"]] = lead_id, begun.run_id
        for name, place in self.copied:
            if row[name] is not None:
                values[place] = row[name]
        if self.has_dates and row[CREATED] is not None:
            # The date that the file has is the lead's; its run, and with it every clock, begins now.
            values[self.place["created_at"]] = datetime.fromisoformat(row[CREATED])
        return values

    def _base(self, begun: Begun) -> list[Any]:
        """What all runs of one decision have in common: its values are one object."""
        found = self._bases.get(id(begun.values))
        if found is None:
            values = list(self.common)
            filled = kind.values_for(begun.values)
            if filled:
                lead = Lead(**filled)
                filled["bant_grade"] = kind.bant_grade(self._run_of(begun), lead)
            for name, value in filled.items():
                values[self.place[name]] = value
            found = self._bases[id(begun.values)] = (begun, values)
        return found[1]

    def _run_of(self, begun: Begun) -> Run:
        return Run(version_id=self.version_id, started_at=self.now, grade=begun.grade)

    @property
    def version_id(self) -> int:
        """The version whose BANT rules hold."""
        return current_version(SOP).pk


def _empty(field: Any) -> Any:
    if field.null or field.primary_key:
        return None
    return False if field.get_internal_type() == "BooleanField" else ""


def _owners(frame: pl.DataFrame) -> dict[str, User]:
    if OWNER not in frame.columns:
        return {}
    ids = [int(one) for one in frame.get_column(OWNER).drop_nulls().unique()]
    return {str(user.pk): user for user in User.objects.filter(pk__in=ids, is_active=True)}


def _left_out(intake: Import, columns: Sequence[str]) -> dict[int, list[tuple[str, str]]]:
    """What the file said where it was not understood: it goes into the history of the lead."""
    problems = pl.read_parquet(intake.path / PROBLEMS).filter(pl.col("level") == NOTE)
    found: dict[int, list[tuple[str, str]]] = {}
    for row, name, value in problems.select(ROW, "field", "value").iter_rows():
        found.setdefault(row, []).append((name, value))
    return found


def finish(intake: Import, *, now: datetime) -> None:
    """Keep the mapping for the next file with these headers, and tell the importer; with the last chunk."""
    counts = Import.objects.values("imported", "duplicates", "rejected").get(pk=intake.pk)
    FieldMapTemplate.objects.update_or_create(
        signature=intake.signature,
        defaults={
            "fieldmap": intake.fieldmap, "file_name": intake.file_name, "updated_by": intake.by, "updated_at": now,
        },
    )  # fmt: skip
    if intake.by_id is not None:
        said = {"users": [intake.by_id], "code": "import_done", "import": intake.pk, "file": intake.file_name, **counts}
        owe("tell", f"import:{intake.pk}:done", said, now=now)

"""`fairway import leads`: a file of leads from the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from fairway.intake import reports
from fairway.intake.access import check_importer, team_names
from fairway.intake.actions import claim, discard, open_import, set_fieldmap, suggested, unfinished
from fairway.intake.errors import BadFieldMap, Unreadable
from fairway.intake.fieldmap import FieldMap, check_columns, from_pairs, read_document
from fairway.intake.limits import FILE_BYTES
from fairway.intake.models import Import
from fairway.intake.preparing import PROBLEMS, Ready, current_targets, duplicates_of, make_ready, summary
from fairway.intake.reading import ROW, Table, read_table
from fairway.intake.reasons import field_name, reason
from fairway.intake.running import run_to_end
from fairway.people.models import Team, User
from fairway.runs.actions.starting import NoVersion
from fairway.runs.errors import Forbidden
from fairway.web.exports import csv_lines

HELP = "Bring leads in from a CSV or Excel file."
EXAMPLES = """  fairway import leads leads.csv                            columns are guessed by name and content
  fairway import leads leads.xlsx --dry-run                 say what would happen, write nothing
  fairway import leads leads.csv --report bad.csv           bad rows with field and reason
  fairway import leads crm.csv --map map.yaml --as wang     columns by a mapping, in the name of wang
  fairway import leads crm.csv --map company=Account --map phone=Mobile

the last line is: imported N, duplicates N, rejected N"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    leads = what.add_parser("leads", help="leads, each with its run, tasks and clocks")
    leads.add_argument("file", metavar="FILE", type=Path)
    leads.add_argument(
        "--map", action="append", default=[], metavar="M", help="a YAML or JSON file, or FIELD=COLUMN; more than once"
    )
    leads.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
    leads.add_argument("--report", type=Path, metavar="OUT.csv", help="write the bad rows with row, field and reason")
    leads.add_argument("--duplicates", type=Path, metavar="OUT.csv", help="write the duplicates with what they match")
    leads.add_argument("--as", dest="user", default="", metavar="USER", help="who imports (default: the machine)")
    leads.add_argument("--team", default="", help="whose queue takes leads without an owner (default: the importer's)")
    leads.add_argument("--sheet", default=None, help="of a workbook (default: the first that holds anything)")
    leads.add_argument("--new-sources", action="store_true", help="take sources in that are not known yet")


def run(args: argparse.Namespace) -> int:
    """Import, or say why not. Returns 0 when it ran, whatever became of the rows."""
    try:
        _import(args)
    except (BadFieldMap, Unreadable, Forbidden, OSError, User.DoesNotExist, Team.DoesNotExist, NoVersion) as problem:
        for line in problem.problems if isinstance(problem, BadFieldMap) else [str(problem)]:
            print(f"fairway import: {line}", file=sys.stderr)
        return 1
    return 0


def _import(args: argparse.Namespace) -> None:
    now = datetime.now(UTC)
    by = _user(args.user)
    check_importer(by)
    team = _team(args.team, by)
    data = _bytes(args.file)
    zone = (by.timezone if by else "") or settings.TIME_ZONE
    if args.dry_run:
        table = read_table(data, sheet=args.sheet)
        fieldmap = _fieldmap(args.map, table)
        _say_mapping(table, fieldmap)
        ready = make_ready(table, fieldmap, by=by, now=now, zone=zone, new_sources=args.new_sources)
        _forecast(args, table, ready, duplicates_of(ready, fieldmap, table.signature))
        return
    intake, table = open_import(data, args.file.name, by=by, now=now, zone=zone, sheet=args.sheet, team=team)
    fieldmap = _fieldmap(args.map, table)
    intake = _resumed(intake, fieldmap, by)
    _say_mapping(table, fieldmap)
    if intake.state == Import.DRAFT:
        set_fieldmap(intake, fieldmap, by=by, now=now, new_sources=args.new_sources, team=team)
        claim(intake)
    run_to_end(intake, now=now, progress=_show_progress)
    _finish(args, table, intake)


def _resumed(draft: Import, fieldmap: FieldMap, by: User | None) -> Import:
    """The import of this file that was broken off, in place of the new one."""
    begun = unfinished(draft.digest, fieldmap, by=by)
    if begun is None:
        return draft
    discard(draft, by=by)
    print(f"going on with import {begun.pk} after {begun.place} rows", file=sys.stderr)
    return begun


def _bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > FILE_BYTES:
        raise Unreadable("file_size", f"{path} has {size:,} bytes; {FILE_BYTES:,} are allowed")
    return path.read_bytes()


def _user(name: str) -> User | None:
    if not name:
        return None
    found = User.objects.with_roles().filter(username__iexact=name, is_active=True).first()
    if found is None:
        raise User.DoesNotExist(f"there is no active user {name!r}; `fairway user list` shows all")
    return found


def _team(name: str, by: User | None) -> Team | None:
    if not name:
        return None
    known = team_names(by)
    found = Team.objects.filter(name=name, pk__in=known.values()).first()
    if found is None:
        raise Team.DoesNotExist(f"there is no team {name!r} that may be given leads")
    return found


def _fieldmap(given: Iterable[str], table: Table) -> FieldMap:
    """What was given, over what was used before for such files or guessed."""
    targets = current_targets()
    fieldmap = suggested(table)
    pairs = [one for one in given if "=" in one and not Path(one).exists()]
    for one in given:
        if one not in pairs:
            path = Path(one)
            # A mapping in a file is whole: nothing is guessed beside it.
            fieldmap = check_columns(read_document(path.read_bytes(), targets, name=path.name), table.columns)
    if pairs:
        fieldmap = check_columns(from_pairs(pairs, targets), table.columns).over(fieldmap)
    return fieldmap


# -- what is said ------------------------------------------------------------------------------------------------------


def _say_mapping(table: Table, fieldmap: FieldMap) -> None:
    dialect = table.dialect
    how = dialect.sheet if dialect.kind == "excel" else f"{dialect.encoding}, separator {dialect.separator!r}"
    print(f"{table.frame.height:,} rows in {len(table.columns)} columns ({dialect.kind}, {how})", file=sys.stderr)
    for key, column in fieldmap.columns.items():
        print(f"  {key} <- {column}", file=sys.stderr)


def _show_progress(intake: Import) -> None:
    print(f"\r{intake.place:,} of {intake.good:,} rows", end="", file=sys.stderr, flush=True)


def _forecast(args: argparse.Namespace, table: Table, ready: Ready, duplicates: pl.DataFrame) -> None:
    checked = ready.checked
    named = duplicates.join(checked.frame.select(ROW, "company"), on=ROW, how="left")
    _say_found(summary(checked.problems), named)
    _write_files(args, table, checked.problems, named)
    _last_line(checked.frame.height - duplicates.height, duplicates.height, checked.rejected)


def _finish(args: argparse.Namespace, table: Table, intake: Import) -> None:
    print(file=sys.stderr)
    duplicates = reports.kept_duplicates(intake)
    _say_found(intake.noted, duplicates)
    _write_files(args, table, pl.read_parquet(intake.path / PROBLEMS), duplicates)
    _last_line(intake.imported, intake.duplicates, intake.rejected)


def _say_found(noted: Iterable[Iterable[str | int]], duplicates: pl.DataFrame) -> None:
    targets = current_targets()
    for field, code, level, rows in noted:
        target = targets.by_key.get(str(field))
        print(f"{level}: {rows} x {field_name(str(field), target)}: {reason(str(code), target)}", file=sys.stderr)
    counted = duplicates.with_columns(pl.col("lead").is_null().alias("within")).group_by("by", "within").len()
    for by, within, count in counted.sort("by", "within").iter_rows():
        where = "within the file" if within else "among the leads"
        print(f"duplicate: {count} x same {reports.key_name(by)} {where}", file=sys.stderr)


def _write_files(args: argparse.Namespace, table: Table, problems: pl.DataFrame, duplicates: pl.DataFrame) -> None:
    if args.report:
        _write_file(args.report, reports.bad_rows(problems, table, current_targets()))
    if args.duplicates:
        _write_file(args.duplicates, reports.duplicate_rows(duplicates, None))


def _write_file(path: Path, rows: Iterator[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(csv_lines(next(rows), rows))


def _last_line(imported: int, duplicates: int, rejected: int) -> None:
    print(f"imported {imported}, duplicates {duplicates}, rejected {rejected}")

"""Bringing files in. The screen, the worker and the command line call these."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import time
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fairway.intake.access import check_importer, team_of, teams_for
from fairway.intake.errors import BadFieldMap, Unreadable
from fairway.intake.fieldmap import FieldMap, check_columns, guess
from fairway.intake.models import FieldMapTemplate, Import
from fairway.intake.preparing import SOURCE, current_targets
from fairway.intake.reading import Table, read_table
from fairway.intake.running import go_on
from fairway.people.models import Team, User
from fairway.runs.errors import Forbidden
from fairway.runs.jobs import GiveUp, owe
from fairway.runs.models import Job

JOB = "import"
SLICE_SECONDS = 20
"""How long one job writes before it makes room for others: clocks must not wait for a million rows."""


def open_import(
    data: bytes, file_name: str, *, by: User | None, now: datetime, zone: str = "UTC", sheet: str | None = None,
    team: Team | None = None,
) -> tuple[Import, Table]:  # fmt: skip
    """Keep a file and guess its mapping; nothing becomes a lead yet. The import and the table that was read.

    Raises Forbidden, Unreadable.
    """
    check_importer(by)
    _check_team(by, team)
    table = read_table(data, sheet=sheet)
    intake = Import(
        by=by, team_id=team_of(by, team, now), file_name=file_name[-255:], folder=secrets.token_hex(16), size=len(data),
        digest=hashlib.sha256(data).hexdigest(), signature=table.signature, dialect=table.dialect.as_json(),
        fieldmap=suggested(table).as_json(), zone=zone, total=table.frame.height, created_at=now,
    )  # fmt: skip
    intake.path.mkdir(parents=True)
    (intake.path / SOURCE).write_bytes(data)
    intake.save()
    return intake, table


def suggested(table: Table) -> FieldMap:
    """The mapping last used for files with these headers, else a guess."""
    guessed = guess(table, current_targets())
    kept = FieldMapTemplate.objects.filter(signature=table.signature).values_list("fieldmap", flat=True).first()
    if kept is None:
        return guessed
    try:
        return check_columns(FieldMap.from_json(kept), table.columns)
    except BadFieldMap:
        return guessed


def set_fieldmap(
    intake: Import, fieldmap: FieldMap, *, by: User | None, now: datetime, new_sources: bool = False,
    team: Team | None = None,
) -> None:  # fmt: skip
    """Keep another mapping for a file that does not run yet. Raises Forbidden, BadFieldMap when it runs already."""
    _check_own(intake, by)
    _check_team(by, team)
    changed = Import.objects.filter(pk=intake.pk, state=Import.DRAFT).update(
        fieldmap=fieldmap.as_json(), new_sources=new_sources,
        team_id=team_of(by, team, now) if team is not None else intake.team_id,
    )  # fmt: skip
    if not changed:
        raise BadFieldMap([_("This import runs already; its mapping stays as it is.")])
    intake.refresh_from_db()


def ask_to_run(intake: Import, *, by: User | None, now: datetime) -> bool:
    """Let the worker import the file; False when that was asked before. Raises Forbidden."""
    _check_own(intake, by)
    with transaction.atomic():
        asked = Import.objects.filter(pk=intake.pk, state=Import.DRAFT).update(state=Import.WAITING)
        if asked:
            owe(JOB, f"{JOB}:{intake.pk}:0", {"import": intake.pk}, now=now)
    intake.refresh_from_db()
    return bool(asked)


def discard(intake: Import, *, by: User | None) -> bool:
    """Throw away a file that was not imported; False when it was. Raises Forbidden."""
    _check_own(intake, by)
    gone, _rows = Import.objects.filter(pk=intake.pk, state=Import.DRAFT).delete()
    if gone:
        shutil.rmtree(intake.path, ignore_errors=True)
    return bool(gone)


def claim(intake: Import) -> None:
    """Take a draft over to be run by this very process (the command line)."""
    Import.objects.filter(pk=intake.pk, state=Import.DRAFT).update(state=Import.WAITING)
    intake.refresh_from_db()


def unfinished(digest: str, fieldmap: FieldMap, *, by: User | None) -> Import | None:
    """An import of the same file by the same person that was broken off."""
    begun = Import.objects.filter(digest=digest, by=by, state__in=(Import.WAITING, Import.RUNNING)).order_by("-id")
    return next((one for one in begun if one.fieldmap == fieldmap.as_json()), None)


def run_job(job: Job, now: datetime) -> None:
    """Go on with an import for a while; what is left is owed anew. Raises GiveUp for a file that cannot be imported."""
    intake = Import.objects.select_related("by").filter(pk=job.payload["import"]).first()
    if intake is None:
        raise GiveUp("the import is gone")
    until = time.monotonic() + SLICE_SECONDS
    try:
        go_on(intake, now=now, may_go_on=lambda: time.monotonic() < until)
    except (Unreadable, BadFieldMap, FileNotFoundError) as error:
        Import.objects.filter(pk=intake.pk).update(state=Import.FAILED, error=str(error), finished_at=now)
        raise GiveUp(str(error)) from error
    if intake.is_under_way:
        owe(JOB, f"{JOB}:{intake.pk}:{intake.place}", {"import": intake.pk}, now=now)


def _check_own(intake: Import, by: User | None) -> None:
    check_importer(by)
    if by is not None and intake.by_id != by.pk:
        raise Forbidden(_("This is somebody else's import."))


def _check_team(by: User | None, team: Team | None) -> None:
    if team is not None and team not in teams_for(by):
        raise Forbidden(_("You may not fill the queue of that team."))

"""Logging an attempt to reach the contact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from fairway.engine.commands import Contact, ContactOutcome
from fairway.people.models import User
from fairway.runs.actions.retry import swapping
from fairway.runs.actions.submitting import add_record, parse_form
from fairway.runs.models import Attempt, Run
from fairway.runs.permissions import check_leads, check_work
from fairway.runs.turn import Turn

CONTACT_FORM = "contact_log"


@swapping
def log_contact(
    run_id: int, *, outcome: ContactOutcome, channel: str, by: User | None, now: datetime, note: str = "",
    task_id: int | None = None, raw: Mapping[str, Any] | None = None, zone: tzinfo | None = None,
    revision: int | None = None,
) -> Run:  # fmt: skip
    """Log a call, visit, mail or message and what came of it (L8, L11).

    A contact that was reached does the open contact task that is due first (or `task_id`); silence in a row is
    counted, and the SOP's triggers hear of it. `raw` fills the SOP's form `contact_log`, where it has one.
    """
    turn = Turn.begin(run_id, by=by, now=now, revision=revision)
    task = turn.rows.tasks.get(task_id) if task_id is not None else None
    if task is not None:
        check_work(by, turn.run, task, now)
    else:
        check_leads(by, turn.run, now)
    form = turn.program.sop.forms.get(CONTACT_FORM) if raw else None
    if form is not None:
        values = parse_form(turn, CONTACT_FORM, form, raw or {}, zone or ZoneInfo("UTC"), task)
        add_record(turn, task.step if task else "", CONTACT_FORM, form, values, task)
    turn.decide(Contact(outcome, task.pk if task else None, CONTACT_FORM if form else None))
    turn.commit("contact_logged", {"outcome": outcome, "channel": channel, **({"note": note} if note else {})})
    Attempt.objects.create(run=turn.run, task=task, channel=channel, outcome=outcome, note=note, at=now, by=by)
    return turn.run

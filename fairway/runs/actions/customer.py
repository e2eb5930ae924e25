"""The customer's own answer, by a link and without an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from fairway.engine.commands import Answer
from fairway.engine.refused import refuse
from fairway.people.models import User
from fairway.runs.actions.retry import action
from fairway.runs.actions.submitting import Submitted, add_record, parse_form
from fairway.runs.models import Task
from fairway.runs.permissions import check_leads
from fairway.runs.turn import Turn


@action
def answer_by_customer(
    task_id: int, *, agrees: bool, now: datetime, by: User | None = None, note: str = "",
    raw: Mapping[str, Any] | None = None, zone: tzinfo | None = None,
) -> Submitted:  # fmt: skip
    """Take the customer's confirmation or correction on a task of kind `customer` (N5, D2, S5).

    `by` None: the customer, by the link. A person given as `by` writes down an answer that came on paper, by phone or
    mail, and says how in `note`. The form of the step, where it has one, is filled from `raw`. A correction says what
    is wrong. The same answer again changes nothing.
    """
    run_id = Task.objects.values_list("run_id", flat=True).get(pk=task_id)
    turn = Turn.begin(run_id, by=by, now=now)
    task = turn.rows.tasks.get(task_id)
    if task is None:
        raise refuse("task.gone")
    verdict = "agree" if agrees else "correct"
    if task.status == Task.DONE and task.verdict == verdict:
        return Submitted(turn.run, None, repeated=True)
    check_leads(by, turn.run, now)
    if not note.strip() and (by is not None or not agrees):
        raise refuse("reason.needed", step=task.step)
    step = turn.program.steps[task.step]
    task.note = note.strip()
    record = None
    if step.form is not None and (raw or agrees):
        form = turn.program.sop.forms[step.form]
        values = parse_form(turn, step.form, form, raw or {}, zone or ZoneInfo("UTC"), task)
        record = add_record(turn, step.key, step.form, form, values, task)
    turn.decide(Answer(task_id, agrees))
    turn.commit("customer_answered", {"step": task.step, "agrees": agrees, "note": note, "by_link": by is None})
    return Submitted(turn.run, record)

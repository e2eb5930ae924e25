"""A judge's verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from fairway.engine.commands import Decide, Verdict
from fairway.engine.forms import as_input, initial
from fairway.engine.refused import refuse
from fairway.engine.spec import Step
from fairway.people.models import User
from fairway.runs.actions.retry import action
from fairway.runs.actions.submitting import Submitted, add_record, parse_form
from fairway.runs.errors import Forbidden
from fairway.runs.models import Record, Task
from fairway.runs.permissions import check_judge
from fairway.runs.turn import Turn


@action
def decide_approval(
    task_id: int, *, verdict: Verdict, by: User, now: datetime, note: str = "", raw: Mapping[str, Any] | None = None,
    zone: tzinfo | None = None, revision: int | None = None,
) -> Submitted:  # fmt: skip
    """Approve, send back or reject. A send-back or rejection says why.

    `raw` fills the judge's form where the step has one; what is left out takes its default. The same verdict by the
    same person again changes nothing. Raises Forbidden for work of one's own.
    """
    run_id = Task.objects.values_list("run_id", flat=True).get(pk=task_id)
    turn = Turn.begin(run_id, by=by, now=now, revision=revision)
    task = turn.rows.tasks.get(task_id)
    if task is None:
        raise refuse("task.gone")
    if task.status == Task.DONE and task.done_by_id == by.pk and task.verdict == verdict:
        return Submitted(turn.run, None, repeated=True)
    step = turn.program.steps[task.step]
    if by is None:
        raise Forbidden(_("An approval needs a person."))
    check_judge(by, turn.run, task, _authors(turn, step), now)
    if verdict != "approve" and not note.strip():
        raise refuse("reason.needed", step=step.key)
    task.note = note.strip()
    record = _judge_record(turn, step, task, raw or {}, zone or ZoneInfo("UTC")) if verdict == "approve" else None
    turn.decide(Decide(task_id, verdict))
    turn.commit(
        "approval_decided",
        {"step": step.key, "verdict": verdict, "role": task.role, "note": note, "judged": _judged(turn, step)},
    )
    return Submitted(turn.run, record)


def _judge_record(turn: Turn, step: Step, task: Task, raw: Mapping[str, Any], zone: tzinfo) -> Record | None:
    if step.form is None:
        return None
    form = turn.program.sop.forms[step.form]
    start = as_input(form, initial(turn.program.sop, form, turn.facts, zone=zone), zone)
    values = parse_form(turn, step.form, form, {**start, **raw}, zone, task)
    return add_record(turn, step.key, step.form, form, values, task)


def _authors(turn: Turn, step: Step) -> set[int]:
    """Who did the work that is judged: the steps it needs, in their latest round."""
    return {
        task.done_by_id
        for task in turn.rows.tasks.values()
        if task.step in step.needs and task.status == Task.DONE and task.kind != "approve" and task.done_by_id
    }


def _judged(turn: Turn, step: Step) -> dict[str, int]:
    """The numbers of the records as they were judged: what was approved stays known (F5)."""
    forms = {turn.program.steps[key].form for key in step.needs} - {None}
    rows = Record.objects.filter(run=turn.run, form__in=forms, current=True).values_list("form", "number")
    return dict(rows)

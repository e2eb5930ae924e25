"""A judge's verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from fairway.engine.commands import AskJudge, Decide, Verdict, Withdraw
from fairway.engine.forms import as_input, initial
from fairway.engine.refused import refuse
from fairway.engine.spec import Step
from fairway.people.models import User
from fairway.runs.actions.retry import action
from fairway.runs.actions.submitting import Submitted, add_record, parse_form
from fairway.runs.errors import Forbidden
from fairway.runs.models import Record, Run, Task
from fairway.runs.permissions import check_judge, leads, may_work
from fairway.runs.turn import Turn


@action
def decide_approval(
    task_id: int, *, verdict: Verdict, by: User, now: datetime, note: str = "", raw: Mapping[str, Any] | None = None,
    zone: tzinfo | None = None, to: str | None = None, revision: int | None = None,
) -> Submitted:  # fmt: skip
    """Approve, send back or reject. A send-back or rejection says why; a send-back may name an earlier step `to`.

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
    turn.decide(Decide(task_id, verdict, to))
    turn.commit(
        "approval_decided",
        {
            "step": step.key,
            "verdict": verdict,
            "role": task.role,
            "note": note,
            "judged": _judged(turn, step),
            **({"to": to} if to else {}),
        },
    )
    return Submitted(turn.run, record)


@action
def add_judge(
    task_id: int, *, judge: User, why: str, by: User, now: datetime, revision: int | None = None
) -> Task:  # fmt: skip
    """Ask one more person to judge, beside the one whose task this is; their verdict counts like the others'.

    A judge may, and who acts for the owner. Raises Refused for an author of the work and for who is asked already.
    """
    turn, task, step = _asked(task_id, by, now, revision)
    if not may_work(by, turn.run, task, now):
        _check_asked(turn, step, by)
    if not why.strip():
        raise refuse("reason.needed", step=step.key)
    if not turn.directory.is_active(judge.pk):
        raise Forbidden(_("%(name)s is no longer active.") % {"name": judge.display_name})
    if judge.pk in _authors(turn, step) | {turn.run.owner_id}:
        raise refuse("judge.author", judge.display_name, step=step.key)
    others = [one for one in turn.rows.tasks.values() if one.step == step.key and one.round == task.round]
    if any(one.assignee_id == judge.pk for one in others):
        raise refuse("judge.asked", judge.display_name, step=step.key)
    before = set(turn.rows.tasks)
    turn.decide(AskJudge(task_id))
    (ref,) = set(turn.rows.tasks) - before
    added = turn.rows.tasks[ref]
    added.assignee_id, added.team_id, added.exception = judge.pk, None, ""
    turn.rows.participants.setdefault(judge.pk, added.role)
    turn.commit("judge_added", {"step": step.key, "to": judge.pk, "why": why.strip()})
    return added


@action
def withdraw_approval(task_id: int, *, why: str, by: User, now: datetime, revision: int | None = None) -> Run:
    """Take back what was put before the judges and is not decided yet, to do it better. Who asked may, saying why.

    The step that was to be judged opens again; the judges who were still asked are told.
    """
    turn, task, step = _asked(task_id, by, now, revision)
    _check_asked(turn, step, by)
    if not why.strip():
        raise refuse("reason.needed", step=step.key)
    asked = [
        one.assignee_id
        for one in turn.rows.tasks.values()
        if one.step == step.key and one.status == Task.OPEN and one.assignee_id not in (None, by.pk)
    ]
    task.note = why.strip()
    turn.decide(Withdraw(step.key))
    if asked:
        told = {"users": asked, "code": "withdrawn", "step": step.key, "why": why.strip()}
        turn.rows.messages.append(("tell", told))
    turn.commit("approval_withdrawn", {"step": step.key, "why": why.strip()})
    return turn.run


def _check_asked(turn: Turn, step: Step, by: User) -> None:
    """Raise Forbidden unless the person put it before the judges: did the work, or acts for the owner."""
    owned = turn.run.owner_id is not None and leads(by, turn.run, turn.directory, turn.now)
    if not owned and by.pk not in _authors(turn, step):
        raise Forbidden(_("Only who put it before the judges may do this."))


def _asked(task_id: int, by: User, now: datetime, revision: int | None) -> tuple[Turn, Task, Step]:
    """The open task of an approval, on a turn."""
    run_id = Task.objects.values_list("run_id", flat=True).get(pk=task_id)
    turn = Turn.begin(run_id, by=by, now=now, revision=revision)
    task = turn.rows.tasks.get(task_id)
    if task is None or task.status != Task.OPEN or task.kind != "approve":
        raise refuse("task.gone")
    return turn, task, turn.program.steps[task.step]


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

"""Whose run it is, and whose task."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from fairway.engine.refused import refuse
from fairway.people.models import User
from fairway.people.roles import MANAGER
from fairway.runs.actions.retry import action
from fairway.runs.errors import Forbidden
from fairway.runs.models import Participant, Run, Task
from fairway.runs.permissions import check_leads, check_work, may_work
from fairway.runs.turn import Turn


@action
def reassign(
    run_id: int, *, owner: User, why: str, by: User | None, now: datetime, revision: int | None = None
) -> Run:  # fmt: skip
    """Give the run another owner, saying why. Stage and clocks stay; the owner's open tasks go along.

    A manager over the run may; an owner may hand over their own. The owner already: nothing changes.
    """
    turn = Turn.begin(run_id, by=by, now=now, revision=revision)
    check_leads(by, turn.run, now)
    if by is not None and turn.run.owner_id is None and MANAGER not in by.role_keys and owner.pk != by.pk:
        raise Forbidden(_("Only a manager gives a lead to somebody else."))
    if turn.run.owner_id == owner.pk:
        return turn.run
    if not why.strip():
        raise refuse("reason.needed")
    if not turn.directory.is_active(owner.pk):
        raise Forbidden(_("%(name)s is no longer active.") % {"name": owner.display_name})
    before = turn.run.owner_id
    turn.assign(owner)
    turn.commit("reassigned", {"from": before, "to": owner.pk, "why": why.strip()})
    return turn.run


@action
def take(task_id: int, *, by: User, now: datetime) -> Task:
    """Take a task out of the queue of one's role. Taken by the same person already: nothing changes."""
    turn, task = _task(task_id, by, now)
    if task.assignee_id == by.pk:
        return task
    check_work(by, turn.run, task, now)
    _give(turn, task, by)
    turn.commit("task_taken", {"step": task.step, "to": by.pk})
    return task


@action
def hand_over(task_id: int, *, to: User, why: str, by: User, now: datetime) -> Task:
    """Hand a task to a colleague who may do it, saying why."""
    turn, task = _task(task_id, by, now)
    check_work(by, turn.run, task, now)
    if not why.strip():
        raise refuse("reason.needed", step=task.step)
    Participant.objects.get_or_create(run=turn.run, user=to, defaults={"role": task.role, "since": now})
    if task.kind == "approve" and not may_work(to, turn.run, task, now):
        raise Forbidden(_("%(name)s does not hold the role that judges here.") % {"name": to.display_name})
    before = task.assignee_id
    _give(turn, task, to)
    turn.commit("task_handed_over", {"step": task.step, "from": before, "to": to.pk, "why": why.strip()})
    return task


def _task(task_id: int, by: User, now: datetime) -> tuple[Turn, Task]:
    run_id = Task.objects.values_list("run_id", flat=True).get(pk=task_id)
    turn = Turn.begin(run_id, by=by, now=now)
    task = turn.rows.tasks.get(task_id)
    if task is None or task.status != Task.OPEN:
        raise refuse("task.gone")
    return turn, task


def _give(turn: Turn, task: Task, to: User) -> None:
    task.assignee_id, task.team_id, task.exception = to.pk, None, ""
    turn.rows.touched.add(task.pk)
    turn.rows.participants.setdefault(to.pk, task.role)
    if turn.by is None or to.pk != turn.by.pk:
        turn.rows.messages.append(("tell", {"users": [to.pk], "code": "asked", "step": task.step, "task": task.pk}))

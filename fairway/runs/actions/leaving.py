"""Handing on the work of somebody who leaves."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from fairway.people.actions.access import require_admin
from fairway.people.models import User
from fairway.runs.actions.retry import action
from fairway.runs.errors import Forbidden
from fairway.runs.models import Run, Task
from fairway.runs.people import directory
from fairway.runs.permissions import may_work
from fairway.runs.turn import Turn


def hand_on(leaver: User, *, to: User, why: str, by: User | None, now: datetime) -> tuple[int, int]:
    """Give every open run and task of `leaver` to `to`, each on record; return how many runs and tasks went.

    A task that `to` may not do (a verdict of a role they do not hold) goes to the queue of its role instead.
    Raises Forbidden for who is no administrator, and where `to` cannot take work.
    """
    require_admin(by)
    if to.pk == leaver.pk or not directory(now).is_active(to.pk):
        raise Forbidden(_("%(name)s cannot take over this work.") % {"name": to})
    owned = list(Run.objects.open().filter(owner=leaver).order_by("pk").values_list("pk", flat=True))
    for run_id in owned:
        _give_run(run_id, leaver=leaver, to=to, why=why, by=by, now=now)
    asked = Task.objects.open().filter(assignee=leaver).order_by("pk").values_list("pk", "run_id")
    tasks = list(asked)
    for task_id, run_id in tasks:
        _give_task(task_id, run_id=run_id, leaver=leaver, to=to, why=why, by=by, now=now)
    return len(owned), len(tasks)


@action
def _give_run(run_id: int, *, leaver: User, to: User, why: str, by: User | None, now: datetime) -> None:
    turn = Turn.begin(run_id, by=by, now=now)
    if turn.run.owner_id != leaver.pk:
        return  # somebody was first
    turn.assign(to)
    turn.commit("reassigned", {"from": leaver.pk, "to": to.pk, "why": why})


@action
def _give_task(task_id: int, *, run_id: int, leaver: User, to: User, why: str, by: User | None, now: datetime) -> None:
    turn = Turn.begin(run_id, by=by, now=now)
    task = turn.rows.tasks.get(task_id)
    if task is None or task.status != Task.OPEN or task.assignee_id != leaver.pk:
        return
    able = task.kind != "approve" or may_work(to, turn.run, task, now)
    if able:
        task.assignee_id, task.team_id, task.exception = to.pk, None, ""
        turn.rows.participants.setdefault(to.pk, task.role)
        turn.rows.touched.add(task.pk)
    else:
        turn.rows.find_somebody(task)
    if task.assignee_id is not None:
        told = {"users": [task.assignee_id], "code": "asked", "step": task.step, "task": task.pk}
        turn.rows.messages.append(("tell", told))
    turn.commit("task_handed_over", {"step": task.step, "from": leaver.pk, "to": task.assignee_id, "why": why})

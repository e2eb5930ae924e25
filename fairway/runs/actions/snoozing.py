"""Putting work off: out of one's own sight for a while. The clock of the SOP does not stop for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from fairway.engine.refused import refuse
from fairway.people.models import User
from fairway.runs.actions.retry import action
from fairway.runs.errors import Forbidden
from fairway.runs.models import Snooze, Task
from fairway.runs.permissions import leads, may_work
from fairway.runs.turn import Turn

LONGEST = timedelta(days=92)


@action
def snooze(task_id: int, *, until: datetime, why: str, by: User, now: datetime) -> Task:
    """Hide a task from one's own Today until then, saying why. Clock, colleagues and managers are not touched by it.

    Raises Refused without a reason, and for a time that is over or further off than `LONGEST`. The same again changes
    nothing.
    """
    turn, task = _turn(task_id, by, now)
    if not why.strip():
        raise refuse("reason.needed", step=task.step)
    if not now < until <= now + LONGEST:
        raise refuse("snooze.time", step=task.step)
    known = Snooze.objects.filter(task=task).first()
    if known is not None and (known.by_id, known.until, known.why) == (by.pk, until, why.strip()):
        return task
    kept = {"by": by, "until": until, "why": why.strip(), "at": now}
    Snooze.objects.update_or_create(task=task, defaults=kept)
    turn.commit("task_snoozed", {"step": task.step, "task": task.pk, "until": until, "why": why.strip()})
    return task


@action
def wake(task_id: int, *, by: User, now: datetime) -> Task:
    """Take back that one put a task off. Not put off by this person: nothing changes."""
    turn, task = _turn(task_id, by, now)
    if Snooze.objects.filter(task=task, by=by, until__gt=now).delete()[0]:
        turn.commit("task_woken", {"step": task.step, "task": task.pk})
    return task


def _turn(task_id: int, by: User, now: datetime) -> tuple[Turn, Task]:
    run_id = Task.objects.values_list("run_id", flat=True).get(pk=task_id)
    turn = Turn.begin(run_id, by=by, now=now)
    task = turn.rows.tasks.get(task_id)
    if task is None or task.status != Task.OPEN:
        raise refuse("task.gone")
    if not may_work(by, turn.run, task, now) and not leads(by, turn.run, turn.directory, now):
        raise Forbidden(_("This is asked of somebody else."))
    return turn, task

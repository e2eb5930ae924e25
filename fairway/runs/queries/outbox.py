"""Reads of work after the commit, for administrators: what waits, what is dead, how much is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from fairway.runs.models import ClockState, Job


@dataclass(frozen=True, slots=True)
class Counts:
    """How many jobs wait, how many of those were tried in vain, are dead, were done since `today`."""

    waiting: int
    tried: int
    dead: int
    done: int


def counts(*, today: datetime) -> Counts:
    """The figures, each from a partial index. Four queries."""
    waiting = Job.objects.filter(status=Job.WAITING).order_by()
    return Counts(
        waiting=waiting.count(),
        tried=waiting.filter(tries__gt=0).count(),
        dead=Job.objects.filter(status=Job.DEAD).order_by().count(),
        done=Job.objects.filter(status=Job.DONE, done_at__gte=today).order_by().count(),
    )


def waiting() -> QuerySet[Job]:
    """What waits, what is due first."""
    return Job.objects.filter(status=Job.WAITING).select_related("run").order_by("due_at", "id")


def dead() -> QuerySet[Job]:
    """What is not tried any more, newest first."""
    return Job.objects.filter(status=Job.DEAD).select_related("run").order_by("-id")


def clock_state() -> ClockState | None:
    """When the clocks were last looked at, and by whom they were released last."""
    return ClockState.objects.select_related("released_by").filter(pk=1).first()

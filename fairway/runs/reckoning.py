"""Clocks that leant on a year whose holidays were not announced are reckoned anew once a calendar changes.

The change owes a job; the worker goes through the runs a few at a time, each by a decision of its own, on record.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from fairway.people.models import User
from fairway.runs import jobs
from fairway.runs.models import Deadline, Job
from fairway.runs.turn import Turn

KIND = "reckon_clocks"
BATCH = 50
"""Runs in one transaction: others can write in between."""

logger = logging.getLogger(__name__)


def calendar_changed(key: str, *, by: User | None, now: datetime) -> None:
    """Owe the work, inside the transaction of the change."""
    jobs.owe(KIND, f"{KIND}:{key}:{now.isoformat()}", {"after": 0}, now=now)


def leaning() -> int:
    """How many runs have clocks that lean on days not announced. One query."""
    provisional = Deadline.objects.filter(provisional=True, fire_at__isnull=False)
    return provisional.order_by().values("run_id").distinct().count()


def under_way() -> bool:
    """Whether clocks are still to be reckoned anew. One query."""
    return Job.objects.filter(kind=KIND, status=Job.WAITING).order_by().exists()


def reckon(job: Job, now: datetime) -> None:
    """Settle the next runs with provisional clocks, and owe the rest. One that fails gets a job of its own, which an
    administrator sees when it stays so.
    """
    if "run" in job.payload:
        _settle(job.payload["run"], now)
        return
    open_ = Deadline.objects.filter(provisional=True, fire_at__isnull=False, run_id__gt=job.payload["after"])
    ids = list(open_.order_by("run_id").values_list("run_id", flat=True).distinct()[:BATCH])
    first = job.key.partition("#")[0]
    for run_id in ids:
        try:
            _settle(run_id, now)
        except Exception:
            logger.exception("the clocks of run %s could not be reckoned anew and are tried again", run_id)
            jobs.owe(KIND, f"{first}!{run_id}", {"run": run_id}, now=now)
    if len(ids) == BATCH:
        jobs.owe(KIND, f"{first}#{ids[-1]}", {"after": ids[-1]}, now=now)


@transaction.atomic
def _settle(run_id: int, now: datetime) -> None:
    turn = Turn.begin(run_id, by=None, now=now)
    turn.settle()
    if turn.rows.changes:
        turn.commit("clocks_reckoned")

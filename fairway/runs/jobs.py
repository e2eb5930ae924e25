"""Work after the commit, outbox included: claimed by lease, tried again with growing pauses, dead after the last try.

A handler that only writes here runs in the transaction that marks the job done: once. One that reaches outside (mail,
webhooks) runs before the mark: at least once, with the job's key by which the receiver drops a repeat.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from fairway.people import audit
from fairway.people.models import User
from fairway.runs.models import Job, Run

LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(hours=6)
TRIES = 16
"""With pauses doubling from twenty seconds to six hours, that is about three days (interface.md: 72 hours)."""
BATCH = 100
KEPT = timedelta(days=30)

logger = logging.getLogger(__name__)
_worker = f"{os.getpid()}-{secrets.token_hex(4)}"


class GiveUp(Exception):
    """Trying again cannot help; the message says why. The job is dead at once."""


@dataclass(frozen=True)
class Handler:
    """What a kind of job does. `outside`: it reaches beyond the database."""

    run: Callable[[Job, datetime], None]
    outside: bool = False


_handlers: dict[str, Handler] = {}
_tidiers: dict[str, Callable[[datetime], int]] = {}


def register(kind: str, run: Callable[[Job, datetime], None], *, outside: bool = False) -> None:
    """Add the handler of a kind of job. For an AppConfig's ready(). Raises ValueError for a second one."""
    handler = Handler(run, outside)
    if _handlers.setdefault(kind, handler) != handler:
        raise ValueError(f"{kind} is registered already")


def owe(
    kind: str, key: str, payload: dict[str, Any], *, now: datetime, run: Run | None = None,
    due_at: datetime | None = None,
) -> bool:  # fmt: skip
    """Owe a job, inside the caller's transaction; False when one with the key is there already."""
    _, made = Job.objects.get_or_create(
        key=key, defaults={"kind": kind, "payload": payload, "run": run, "created_at": now, "due_at": due_at or now}
    )
    return made


def deliver(now: datetime, *, limit: int = BATCH, outside: bool = True) -> int:
    """Claim and do up to `limit` jobs that are due; return how many were claimed.

    Without `outside`, what would reach outside is put down as done and never sent: for a past that is played again.
    """
    jobs = _claim(now, limit)
    for job in jobs:
        handler = _handlers.get(job.kind)
        if handler is not None and handler.outside and not outside:
            _mark_done(job, now)
        else:
            _do(job, now)
    return len(jobs)


@transaction.atomic
def _claim(now: datetime, limit: int) -> list[Job]:
    due = Job.objects.filter(status=Job.WAITING, due_at__lte=now).order_by("due_at", "id")
    if connection.features.has_select_for_update:
        due = due.select_for_update(skip_locked=True)
    jobs = list(due[:limit])
    # A lease is a due time in the future: who dies with it leaves the job to the next worker when it runs out.
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
        due_at=now + LEASE, leased_until=now + LEASE, leased_by=_worker
    )
    return jobs


def _do(job: Job, now: datetime) -> None:
    handler = _handlers.get(job.kind)
    try:
        if handler is None:
            raise GiveUp(f"nothing handles jobs of kind {job.kind}")
        if handler.outside:
            handler.run(job, now)
            _mark_done(job, now)
        else:
            with transaction.atomic():
                if _mark_done(job, now):
                    handler.run(job, now)
    except GiveUp as reason:
        _fail(job, str(reason), now, dead=True)
    except Exception as error:  # noqa: BLE001 - one that fails must not stop the others
        logger.warning("job %s (%s) failed: %s", job.pk, job.kind, error)
        _fail(job, f"{type(error).__name__}: {error}", now, dead=job.tries + 1 >= TRIES)


def _mark_done(job: Job, now: datetime) -> bool:
    mine = Job.objects.filter(pk=job.pk, status=Job.WAITING, leased_by=_worker)
    return bool(mine.update(status=Job.DONE, done_at=now, tries=job.tries + 1, leased_until=None, error=""))


def _fail(job: Job, error: str, now: datetime, *, dead: bool) -> None:
    pause = min(FIRST_PAUSE * 2**job.tries, LONGEST_PAUSE)
    Job.objects.filter(pk=job.pk, status=Job.WAITING, leased_by=_worker).update(
        status=Job.DEAD if dead else Job.WAITING, due_at=now + pause, tries=job.tries + 1, error=error[:4000],
        leased_until=None,
    )  # fmt: skip


@transaction.atomic
def replay(job_id: int, *, by: User, now: datetime) -> bool:
    """Try a dead job again from the start, on record; False when it is not dead."""
    job = Job.objects.filter(pk=job_id).first()
    again = Job.objects.filter(pk=job_id, status=Job.DEAD).update(status=Job.WAITING, due_at=now, tries=0, error="")
    if job is not None and again:
        audit.record("job.replayed", by=by, now=now, kind="job", subject_id=job_id, name=job.key,
                     before={"error": job.error, "tries": job.tries})  # fmt: skip
    return bool(again)


def register_tidier(name: str, tidier: Callable[[datetime], int]) -> None:
    """Let a higher room drop what it keeps for a while only; `tidier` takes the time and says how much it dropped."""
    if _tidiers.setdefault(name, tidier) is not tidier:
        raise ValueError(f"a tidier named {name!r} is registered already")


def tidy(now: datetime) -> int:
    """Drop what is no longer kept: jobs done long ago, and what was registered; return how many."""
    return _tidy_jobs(now) + sum(tidier(now) for tidier in _tidiers.values())


def _tidy_jobs(now: datetime) -> int:
    old = list(Job.objects.filter(status=Job.DONE, done_at__lt=now - KEPT).values_list("pk", flat=True)[:1000])
    return Job.objects.filter(pk__in=old).delete()[0] if old else 0

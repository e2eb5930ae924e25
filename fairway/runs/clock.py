"""The clocks: whatever rung is due fires once, late or not, however many workers sweep (behaviour 7).

A rung's claim, its event, its messages and its move to the next rung are one transaction: killed in the middle it
never happened, and the next sweep does it. A rung that only tells is fired set-wise; one that also does something, or
that a trigger listens to, goes through a Turn.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from fairway.engine.calendar import Calendar
from fairway.engine.clock import next_firing
from fairway.engine.commands import Fire
from fairway.engine.program import Program
from fairway.engine.spec import Rung
from fairway.people import audit
from fairway.people.directory import Directory
from fairway.people.models import User
from fairway.runs.chain import link, plain
from fairway.runs.models import ClockState, Deadline, Event, Job, Run, Task
from fairway.runs.people import directory
from fairway.runs.rows import whom
from fairway.runs.turn import Turn
from fairway.sops.calendars import calendar_of
from fairway.sops.programs import program_of

BATCH = 500
LEAP = timedelta(hours=2)
"""A wall clock that runs ahead of the machine's own steady one by more than this has leapt, and is held."""
ABSENCE = timedelta(days=45)
"""A machine that was off longer than this is not believed either, until an administrator says so."""

logger = logging.getLogger(__name__)


@dataclass
class _Pulse:
    """When this process last swept, by the wall and by the steady clock."""

    wall: datetime | None = None
    steady: float = field(default_factory=time.monotonic)


_pulse = _Pulse()


def sweep(now: datetime, *, limit: int = BATCH, vouched: bool = False) -> int:
    """Fire up to `limit` rungs that are due at `now`; return how many. Nothing fires while the clocks are held.

    `vouched`: the caller stands for `now`, which is no wall clock (a past that is played again), so that it may leap.
    With nothing due it costs one read of the state and one of a partial index.
    """
    if vouched:
        ClockState.objects.update_or_create(pk=1, defaults={"last_sweep": now})
    elif not _may_fire(now):
        return 0
    with transaction.atomic():
        due = _claim(now, limit)
        if not due:
            return 0
        who = directory(now)
        plain_ones = [one for one in due if _only_tells(one)]
        others = [one for one in due if not _only_tells(one)]
        _fire_set(plain_ones, who, now)
        for deadline in others:
            _fire_one(deadline, now)
    return len(due)


# -- held ----------------------------------------------------------------------------------------------------------


def _may_fire(now: datetime) -> bool:
    state, _ = ClockState.objects.get_or_create(pk=1)
    leapt = _leap(now, state)
    _pulse.wall, _pulse.steady = now, time.monotonic()
    if state.held_since is not None:
        if state.held_from is not None and now - state.held_from <= LEAP:
            # The clock was set right again: go on as if nothing had been.
            ClockState.objects.filter(pk=1).update(held_since=None, held_from=None, last_sweep=now)
            return True
        return False
    if leapt is not None:
        logger.error("the clock leapt from %s to %s; nothing fires until an administrator releases it", leapt, now)
        ClockState.objects.filter(pk=1).update(held_since=now, held_from=leapt)
        return False
    if state.last_sweep is None or abs(now - state.last_sweep) >= timedelta(seconds=30):
        ClockState.objects.filter(pk=1).update(last_sweep=now)
    return True


def _leap(now: datetime, state: ClockState) -> datetime | None:
    """The time before the leap, or None when time passed as it should."""
    if _pulse.wall is not None:
        passed = timedelta(seconds=time.monotonic() - _pulse.steady)
        if now - _pulse.wall > passed + LEAP:
            return _pulse.wall
        return None
    if state.last_sweep is not None and now - state.last_sweep > ABSENCE:
        return state.last_sweep
    return None


@transaction.atomic
def release(*, by: User, now: datetime) -> bool:
    """Let held clocks fire again, on an administrator's word; False when they were not held."""
    _pulse.wall, _pulse.steady = None, time.monotonic()
    state = held()
    released = ClockState.objects.filter(pk=1, held_since__isnull=False).update(
        held_since=None, held_from=None, last_sweep=now, released_by=by, released_at=now
    )
    if state is not None and released:
        audit.record("clocks.released", by=by, now=now, kind="clock", before={"held_since": state.held_since})
    return bool(released)


def held() -> ClockState | None:
    """The state of the clocks when they are held, else None."""
    return ClockState.objects.filter(pk=1, held_since__isnull=False).first()


# -- firing --------------------------------------------------------------------------------------------------------


def _claim(now: datetime, limit: int) -> list[Deadline]:
    """The deadlines due, their runs locked: on PostgreSQL row by row, on SQLite the transaction holds the file."""
    due = Deadline.objects.filter(fire_at__lte=now).order_by("fire_at", "id")
    if connection.features.has_select_for_update:
        ids = list(due.select_for_update(skip_locked=True).values_list("id", "run_id")[:limit])
        runs = set(
            Run.objects.filter(pk__in={run for _, run in ids})
            .order_by("id")
            .select_for_update(skip_locked=True)
            .values_list("id", flat=True)
        )
        due = Deadline.objects.filter(pk__in=[one for one, run in ids if run in runs]).order_by("fire_at", "id")
    return list(due.select_related("run", "task")[:limit])


def _ladder(deadline: Deadline) -> tuple[Program, Calendar, tuple[Rung, ...]]:
    program = program_of(deadline.run.version_id)
    step = deadline.task.step if deadline.task else None
    return program, calendar_of(program.sop.calendar), program.ladder(step, deadline.run.stage)


def _only_tells(deadline: Deadline) -> bool:
    program, _, ladder = _ladder(deadline)
    return not ladder[deadline.rung].do and not program.triggers.get("clock_missed")


def _fire_set(due: list[Deadline], who: Directory, now: datetime) -> None:
    """Fire many at once: the same rows that a Turn would write, in bulk."""
    events: list[Event] = []
    jobs: list[Job] = []
    runs: dict[int, Run] = {}
    for deadline in due:
        run = runs.setdefault(deadline.run_id, deadline.run)
        deadline.run = run
        _, calendar, ladder = _ladder(deadline)
        rung = ladder[deadline.rung]
        events.append(_event(deadline, rung, now))
        payload = {**whom(rung.to, run, who, now), **_message(deadline, rung)}
        jobs.append(_job(run, payload, now))
        _move_on(deadline, ladder, calendar)
    Event.objects.bulk_create(events)
    for event, job in zip(events, jobs, strict=True):
        job.payload["event"] = event.pk
    Job.objects.bulk_create(jobs)
    Deadline.objects.bulk_update(due, ["fire_at", "rung", "place"], batch_size=200)
    Run.objects.bulk_update(runs.values(), ["event_seq", "event_head"], batch_size=200)
    late = [one.task_id for one in due if one.task_id and one.due_at <= now]
    Task.objects.filter(pk__in=late, status=Task.OPEN).update(late=True)


def _event(deadline: Deadline, rung: Rung, now: datetime) -> Event:
    run = deadline.run
    data: dict[str, Any] = plain(
        {
            "step": deadline.task.step if deadline.task else None, "task": deadline.task_id, "stage": run.stage,
            "rung": deadline.rung, "to": rung.to, "due": deadline.due_at, "fire": deadline.fire_at,
            "version": run.version_id,
        }
    )  # fmt: skip
    seq = run.event_seq + 1
    digest = link(run.event_head, run_key=run.key, seq=seq, kind="clock_fired", at=now, by_id=None, data=data)
    run.event_seq, run.event_head = seq, digest
    return Event(run=run, seq=seq, kind="clock_fired", at=now, by=None, data=data, hash=digest)


def _message(deadline: Deadline, rung: Rung) -> dict[str, Any]:
    say = {"zh-hans": rung.say.zh_hans, "en": rung.say.en} if rung.say else None
    step = deadline.task.step if deadline.task else None
    return {
        "code": "clock",
        "step": step,
        "task": deadline.task_id,
        "late": rung.after is not None,
        "say": say,
        "by": None,
    }


def _job(run: Run, payload: dict[str, Any], now: datetime) -> Job:
    return Job(kind="tell", key=f"{run.key}:{run.event_seq}:0", run=run, created_at=now, due_at=now, payload=payload)


def _move_on(deadline: Deadline, ladder: tuple[Rung, ...], calendar: Calendar) -> None:
    """Set the next rung; a ladder that is climbed leaves no time to fire."""
    since = deadline.task.opened_at if deadline.task else deadline.run.entered_at
    firing = next_firing(ladder, deadline.due_at, calendar, place=deadline.place + 1, since=since)
    deadline.fire_at = firing.at if firing else None
    if firing is not None:
        deadline.rung, deadline.place = firing.index, firing.place


def _fire_one(deadline: Deadline, now: datetime) -> None:
    """Fire a rung that does something, through a Turn. One that fails is put off, and does not stop the others."""
    _, calendar, ladder = _ladder(deadline)
    index = deadline.rung
    try:
        with transaction.atomic():
            _move_on(deadline, ladder, calendar)
            deadline.save(update_fields=["fire_at", "rung", "place"])
            turn = Turn.begin(deadline.run_id, by=None, now=now)
            task = turn.rows.tasks.get(deadline.task_id or 0)
            if task is not None and deadline.due_at <= now:
                task.late = True
                turn.rows.touched.add(task.pk)
            turn.decide(Fire(deadline.task_id, index))
            turn.commit("clock_fired", {"step": task.step if task else None, "rung": index, "due": deadline.due_at})
    except Exception:
        logger.exception("the clock of run %s could not fire and is tried again", deadline.run_id)
        Deadline.objects.filter(pk=deadline.pk).update(fire_at=now + timedelta(minutes=5))

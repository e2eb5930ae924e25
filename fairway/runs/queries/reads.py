"""What the page of a run asks each time: rows by prepared queries, people by the directory instead of a join each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fairway.people.models import User
from fairway.prepared import Prepared, columns_of, made
from fairway.runs.models import Attachment, Event, Participant, Record, Run, Task, Visit, Waiver
from fairway.runs.people import directory

_RECORDS = Prepared(
    lambda run_id: Record.objects.filter(run_id=run_id).order_by("-id").values_list(*columns_of(Record))
)
_PARTICIPANTS = Prepared(
    lambda run_id: Participant.objects.filter(run_id=run_id).order_by("id").values_list(*columns_of(Participant))
)
_TASKS = Prepared(
    lambda run_id: (
        Task.objects.filter(run_id=run_id, status__in=(Task.OPEN, Task.DONE))
        .order_by("id")
        .values_list(*columns_of(Task))
    )
)
_WAIVERS = Prepared(
    lambda run_id: Waiver.objects.filter(run_id=run_id).order_by("-id").values_list(*columns_of(Waiver))
)
_VISITS = Prepared(
    lambda run_id: Visit.objects.filter(run_id=run_id).order_by("number").values_list(*columns_of(Visit))
)
_FILES = Prepared(
    lambda run_id: Attachment.objects.filter(run_id=run_id).order_by("-id").values_list(*columns_of(Attachment))
)
_EVENTS = Prepared(
    lambda run_id, *, shown: (
        Event.objects.filter(run_id=run_id).order_by("-seq").values_list(*columns_of(Event))[:shown]
    )
)


def people(ids: Iterable[int | None], now: datetime) -> dict[int, User]:
    """People by id with their names, other columns read when asked for; one query where somebody is not active."""
    wanted = {one for one in ids if one is not None}
    known = directory(now).people
    found = {one: made(User, (one, known[one].name), ("id", "display_name")) for one in wanted & known.keys()}
    gone = wanted - known.keys()
    if gone:
        found.update({one.pk: one for one in User.objects.filter(pk__in=gone).only("id", "display_name")})
    return found


def records_of(run: Run, now: datetime) -> list[Record]:
    """Every record, newest first, with its author; one query."""
    rows = [made(Record, row) for row in _RECORDS.rows(run.pk)]
    authors = people((one.created_by_id for one in rows), now)
    for one in rows:
        one.run, one.created_by = run, authors.get(one.created_by_id or 0)
    return rows


def participants_of(run: Run, now: datetime) -> tuple[Participant, ...]:
    """Who takes part; one query."""
    rows = [made(Participant, row) for row in _PARTICIPANTS.rows(run.pk)]
    users = people((one.user_id for one in rows), now)
    for one in rows:
        one.run, one.user = run, users[one.user_id]
    return tuple(rows)


def tasks_of(run: Run, now: datetime) -> list[Task]:
    """Every task that is open or done, in the order in which they opened; one query."""
    rows = [made(Task, row) for row in _TASKS.rows(run.pk)]
    users = people((id_ for one in rows for id_ in (one.assignee_id, one.done_by_id)), now)
    for one in rows:
        one.run = run
        one.assignee, one.done_by = users.get(one.assignee_id or 0), users.get(one.done_by_id or 0)
    return rows


def waivers_of(run: Run, now: datetime) -> tuple[Waiver, ...]:
    """Every waiver, newest first; one query."""
    rows = [made(Waiver, row) for row in _WAIVERS.rows(run.pk)]
    users = people((id_ for one in rows for id_ in (one.asked_by_id, one.decided_by_id, one.judge_id)), now)
    for one in rows:
        one.run, one.asked_by = run, users[one.asked_by_id]
        one.decided_by, one.judge = users.get(one.decided_by_id or 0), users.get(one.judge_id or 0)
    return tuple(rows)


def read_visits(run: Run) -> None:
    """Let the run's visits be known; one query."""
    rows = [made(Visit, row) for row in _VISITS.rows(run.pk)]
    kept = run.__dict__.setdefault("_prefetched_objects_cache", {})
    visits = run.visits.all()
    visits._result_cache = rows  # noqa: SLF001 - what prefetch_related does
    kept["visits"] = visits


def files_of(run: Run, now: datetime) -> list[Attachment]:
    """Every file, newest first; one query."""
    rows = [made(Attachment, row) for row in _FILES.rows(run.pk)]
    users = people((one.created_by_id for one in rows), now)
    for one in rows:
        one.run, one.created_by = run, users.get(one.created_by_id or 0)
    return rows


def newest_events(run: Run, *, shown: int, now: datetime) -> list[Event]:
    """The newest events; one query."""
    rows = [made(Event, row) for row in _EVENTS.rows(run.pk, shown=shown)]
    users = people((one.by_id for one in rows), now)
    for one in rows:
        one.run, one.by = run, users.get(one.by_id or 0)
    return rows

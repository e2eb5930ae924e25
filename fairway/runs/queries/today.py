"""Today: what is due for one person, in the order of its clock (interface.md, Screens)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet

from fairway.people.models import User
from fairway.people.roles import MANAGER, REP
from fairway.people.scope import Scope, scope_of
from fairway.runs import kinds
from fairway.runs.models import Task, Waiver
from fairway.runs.people import directory
from fairway.runs.texts import step_help, step_title
from fairway.sops.programs import program_of

SHOWN = 200
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One thing to do. `band` is overdue, today, soon or later; one that waits in a queue of a role is not `mine`."""

    task_id: int
    run_id: int
    url: str
    title: str
    face: str
    step: str
    step_title: str
    why: str
    kind: str
    role: str
    grade: str
    due_at: datetime | None
    band: str
    mine: bool
    assignee_id: int | None
    late: bool
    exception: str


@dataclass(frozen=True, slots=True)
class Today:
    """The queue, shown of total, the counts by band, those by kind whatever kind is asked for, waivers to judge."""

    rows: tuple[TodayRow, ...]
    total: int
    bands: dict[str, int]
    kinds: dict[str, int]
    waivers: tuple[Waiver, ...]


def tasks_of(user: User, now: datetime, *, team: bool = False) -> QuerySet[Task]:
    """The open tasks that are a person's to do: theirs, an absent colleague's, and those waiting in their queues.

    With `team`, a manager's whole team instead. Those that wait for the customer are the owner's to chase. What nobody
    could be found for is the managers' over it, and the administrators', to place (behaviour 4).
    """
    scope = scope_of(user)
    open_tasks = Task.objects.open()
    if team and MANAGER in scope.roles:
        return open_tasks.filter(run__team_id__in=sorted(scope.team_ids))
    acting = directory(now).acts_for(user.pk, now)
    mine = Q(assignee_id__in=[user.pk, *acting])
    roles = sorted(scope.roles | ({REP} if MANAGER in scope.roles else frozenset()))
    waiting = Q(assignee=None, role__in=roles) & (Q(team_id__in=sorted(scope.team_ids)) | Q(team=None))
    return open_tasks.filter(mine | waiting | _to_place(scope))


def _to_place(scope: Scope) -> Q:
    nobodys = Q(assignee=None) & ~Q(exception="")
    if scope.is_admin:
        return nobodys
    return nobodys & Q(run__team_id__in=sorted(scope.team_ids)) if MANAGER in scope.roles else Q(pk__in=())


def today(user: User, *, now: datetime, team: bool = False, kind: str = "", shown: int = SHOWN) -> Today:
    """What is due, overdue first, then by the clock; things without a clock last. Seven queries whatever the rows."""
    tasks = tasks_of(user, now, team=team)
    counted = dict(tasks.order_by().values_list("kind").annotate(Count("pk")))
    total = counted.get(kind, 0) if kind else sum(counted.values())
    if kind:
        tasks = tasks.filter(kind=kind)
    found = list(tasks.select_related("run").order_by(F("due_at").asc(nulls_last=True), "id")[:shown])
    pages = kinds.pages({(task.run_id, task.run.face) for task in found})
    zone = ZoneInfo(user.timezone)
    rows = tuple(_row(task, pages, user, now, zone) for task in found)
    waivers = Waiver.objects.filter(judge_id=user.pk, verdict=Waiver.ASKED).select_related("run", "asked_by")
    return Today(
        rows=rows,
        total=total,
        bands=dict(Counter(row.band for row in rows)) if total <= shown else _bands(tasks, now, zone),
        kinds=counted,
        waivers=tuple(waivers[:shown]),
    )


def _bands(tasks: QuerySet[Task], now: datetime, zone: ZoneInfo) -> dict[str, int]:
    """How many are in each band, counted by the database where not all of them are shown."""
    late, today_, week = Q(due_at__lt=now), Q(due_at__lt=_midnight(now, zone)), Q(due_at__lt=now + SOON)
    counted = tasks.aggregate(
        overdue=Count("pk", filter=late),
        today=Count("pk", filter=today_ & ~late),
        soon=Count("pk", filter=week & ~today_ & ~late),
        later=Count("pk", filter=Q(due_at=None) | ~(week | today_)),
    )
    return {band: count for band, count in counted.items() if count}


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """The end of the person's own day."""
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), tzinfo=zone)


def band_of(due_at: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """overdue, today (of the person's own day), soon (within a week) or later."""
    if due_at is None:
        return "later"
    if due_at < now:
        return "overdue"
    if due_at < _midnight(now, zone):
        return "today"
    return "soon" if due_at < now + SOON else "later"


def _row(task: Task, pages: dict[int, str], user: User, now: datetime, zone: ZoneInfo) -> TodayRow:
    program = program_of(task.run.version_id)
    return TodayRow(
        task_id=task.pk, run_id=task.run_id, url=pages.get(task.run_id, ""), title=task.run.title,
        face=task.run.face, step=task.step, step_title=step_title(program, task.step, task.item),
        why=step_help(program, task.step), kind=task.kind, role=task.role, grade=task.run.grade, due_at=task.due_at,
        band=band_of(task.due_at, now, zone), mine=task.assignee_id == user.pk, assignee_id=task.assignee_id,
        late=task.late, exception=task.exception,
    )  # fmt: skip

"""Today: what is due for one person, in the order of its clock (interface.md, Screens)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet

from fairway.people.models import User
from fairway.people.roles import MANAGER, REP
from fairway.people.scope import Scope, scope_of
from fairway.prepared import Prepared
from fairway.runs import kinds
from fairway.runs.models import Snooze, Task
from fairway.runs.people import directory
from fairway.runs.texts import step_help, step_title
from fairway.sops.programs import program_of

SHOWN = 50
SOON = timedelta(days=7)
PAYING = "deal"
"""The face of the runs that payments are a part of."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SORTS = ("approve", "first", "touch", "customer", "pay", "complaint", "task")
"""The sorts of work that are counted: verdicts, first contacts, touches of the cadence, customers' answers, payments,
complaints, and everything else."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose queue is looked at: one's own, that of all one's teams, or of one person in them (`user_id`).

    Rows that the person put off are left out of their own queue unless `put_off`; then they alone are there.
    """

    team: bool = False
    user_id: int | None = None
    put_off: bool = False


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One thing to do. `band` is overdue, today, soon or later; one that waits in a queue of a role is not `mine`.

    `snoozed` is until when somebody put it off and why, if so; `chased`: it is another's to do, and the person's to
    see that it comes (a payment on a run that they own).
    """

    task_id: int
    run_id: int
    url: str
    title: str
    face: str
    step: str
    step_title: str
    why: str
    kind: str
    sort: str
    role: str
    grade: str
    due_at: datetime | None
    band: str
    mine: bool
    assignee_id: int | None
    late: bool
    exception: str
    chased: bool = False
    snoozed: tuple[datetime, str] | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """The queue from where it was asked on, and counts of the whole: by band, and by sort whatever sort is asked for.

    `after` is where the next rows begin, empty at the end; `put_off` how many one hides from oneself.
    """

    rows: tuple[TodayRow, ...]
    total: int
    bands: dict[str, int]
    sorts: dict[str, int]
    after: str
    put_off: int

    @property
    def everything(self) -> int:
        """How much there is of every sort."""
        return sum(self.sorts.values())


# -- the rule --------------------------------------------------------------------------------------------------------


def tasks_of(user: User, now: datetime, *, team: bool = False) -> QuerySet[Task]:
    """The open tasks that are a person's to do: theirs, an absent colleague's, and those waiting in their queues.

    With `team`, a manager's whole team instead. Those that wait for the customer are the owner's to chase, and so are
    payments on their runs from a week before they fall due. What nobody could be found for is the managers' over it,
    and the administrators', to place (behaviour 4).
    """
    scope = scope_of(user)
    open_tasks = Task.objects.open()
    if team and MANAGER in scope.roles:
        return open_tasks.filter(run__team_id__in=sorted(scope.team_ids))
    return open_tasks.filter(_theirs(*_values(user, scope, now), **_shape(scope)))


def _values(user: User, scope: Scope, now: datetime) -> tuple[tuple[int, ...], tuple[int, ...], datetime]:
    """Those in whose place the person acts, their teams, and up to when payments are to be chased."""
    acting = directory(now).acts_for(user.pk, now)
    return (user.pk, *sorted(acting)), tuple(sorted(scope.team_ids)), now + SOON


def _shape(scope: Scope) -> dict[str, Any]:
    roles = scope.roles | ({REP} if MANAGER in scope.roles else frozenset())
    return {"roles": tuple(sorted(roles)), "manager": MANAGER in scope.roles, "admin": scope.is_admin}


def _theirs(
    people: tuple[int, ...], teams: tuple[int, ...], soon: datetime, *, roles: tuple[str, ...], manager: bool,
    admin: bool,
) -> Q:  # fmt: skip
    """The filter of `tasks_of`. Each branch stands on an index of its own."""
    mine = Q(assignee_id__in=people)
    waiting = Q(assignee=None, role__in=roles) & (Q(team_id__in=teams) | Q(team=None))
    # The face leads over the index of an owner's open runs to the few that payments can hang on.
    owed = Task.objects.open().filter(kind="pay", due_at__lt=soon, run__owner_id__in=people, run__face=PAYING)
    owed = owed.filter(run__outcome="", run__next_due__lt=soon)
    found = mine | waiting | Q(pk__in=owed.order_by().values("pk"))
    if admin or manager:
        nobodys = Task.objects.open().filter(assignee=None).exclude(exception="")
        if not admin:
            nobodys = nobodys.filter(run__team_id__in=teams)
        found |= Q(pk__in=nobodys.order_by().values("pk"))
    return found


def sort_of(kind: str, face: str, *, cadence: bool) -> str:
    """Which of `SORTS` a task is."""
    if kind == "approve":
        return kind
    if face == "complaint":
        return face
    if kind == "contact":
        return "touch" if cadence else "first"
    return kind if kind in SORTS else "task"


def _of_sort(sort: str, steps: tuple[str, ...]) -> Q:
    """The filter that goes with `sort_of`; `steps` are those of contacts of that sort."""
    if sort == "approve":
        return Q(kind=sort)
    if sort == "complaint":
        return Q(run__face=sort) & ~Q(kind="approve")
    rest = ~Q(run__face="complaint")
    if sort in {"first", "touch"}:
        return Q(kind="contact", step__in=steps) & rest
    if sort == "task":
        return ~Q(kind__in=("approve", "contact", "customer", "pay")) & rest
    return Q(kind=sort) & rest


# -- asking ----------------------------------------------------------------------------------------------------------


def _queue(
    me: int, people: tuple[int, ...], teams: tuple[int, ...], soon: datetime, now: datetime, *, mode: str,
    put_off: bool, roles: tuple[str, ...], manager: bool, admin: bool,
) -> QuerySet[Task]:  # fmt: skip
    """Open tasks of a queue: `mode` is mine, team or person (the first of `people`, on runs of `teams`)."""
    rows = Task.objects.open().order_by()
    if mode == "mine":
        rows = rows.filter(_theirs(people, teams, soon, roles=roles, manager=manager, admin=admin))
        hidden = Snooze.objects.filter(by_id=me, until__gt=now).order_by().values("task_id")
        return rows.filter(pk__in=hidden) if put_off else rows.exclude(pk__in=hidden)
    if not admin:
        rows = rows.filter(run__team_id__in=teams)
    return rows.filter(assignee_id__in=people) if mode == "person" else rows


def _counted(
    me: int, people: tuple[int, ...], teams: tuple[int, ...], soon: datetime, now: datetime, midnight: datetime,
    **shape: Any,
) -> QuerySet[Any, Any]:  # fmt: skip
    rows = _queue(me, people, teams, soon, now, **shape)
    late, today_, week = Q(due_at__lt=now), Q(due_at__lt=midnight), Q(due_at__lt=soon)
    return rows.values_list("kind", "run__face", "run__version_id", "step").annotate(
        n=Count("pk"), overdue=Count("pk", filter=late), by_midnight=Count("pk", filter=today_ | late),
        in_a_week=Count("pk", filter=week | today_),
    )  # fmt: skip


COLUMNS = (
    "id", "run_id", "run__title", "run__face", "run__version_id", "run__grade", "run__owner_id", "step", "item", "kind",
    "role", "due_at", "assignee_id", "late", "exception",
    "snooze__until", "snooze__why",
)  # fmt: skip


def _listed(
    me: int, people: tuple[int, ...], teams: tuple[int, ...], soon: datetime, now: datetime, due: datetime | None,
    last: int | None, *, sort: str, steps: tuple[str, ...], shown: int, **shape: Any,
) -> QuerySet[Any, Any]:  # fmt: skip
    rows = _queue(me, people, teams, soon, now, **shape)
    if sort:
        rows = rows.filter(_of_sort(sort, steps))
    if due is not None:
        rows = rows.filter(Q(due_at__gt=due) | Q(due_at=due, id__gt=last) | Q(due_at=None))
    elif last is not None:
        rows = rows.filter(due_at=None, id__gt=last)
    return rows.order_by(F("due_at").asc(nulls_last=True), "id").values_list(*COLUMNS)[: shown + 1]


_COUNTED, _LISTED = Prepared(_counted), Prepared(_listed)
_HIDDEN = Prepared(
    lambda me, now: (
        Snooze.objects.filter(by_id=me, until__gt=now, task__status=Task.OPEN).order_by().values_list(Count("pk"))
    )
)


def today(
    user: User, *, now: datetime, whose: Whose | None = None, sort: str = "", after: str = "", shown: int | None = None
) -> Today:
    """What is due, overdue first, then by the clock; things without a clock last. As many queries for 1 row as for 50.

    `after` is where an earlier part ended. A queue of others than oneself is for managers; others get their own.
    """
    scope, whose, zone, shown = scope_of(user), whose or Whose(), user.zone, shown or SHOWN
    people, teams, soon = _values(user, scope, now)
    mode = _mode(scope, whose)
    if mode == "person":
        people = (int(whose.user_id or 0),)
    shape = {"mode": mode, "put_off": whose.put_off and mode == "mine", **_shape(scope)}
    values = (user.pk, people, teams, soon, now)
    groups = _COUNTED.rows(*values, midnight_of(now, zone), **shape)
    cadence = {row[2:4]: _is_cadence(*row[2:4]) for row in groups}
    sorts: Counter[str] = Counter()
    for kind, face, version, step, number, *_rest in groups:
        sorts[sort_of(kind, face, cadence=cadence[version, step])] += number
    wanted = [row for row in groups if not sort or sort_of(*row[:2], cadence=cadence[row[2:4]]) == sort]
    steps = tuple(sorted({row[3] for row in wanted})) if sort in {"first", "touch"} else ()
    due, last = read_place(after)
    found = _LISTED.rows(*values, due, last, sort=sort, steps=steps, shown=shown, **shape) if wanted else []
    rows = _rows(found[:shown], user, now, zone)
    hidden = _HIDDEN.first(user.pk, now) if mode == "mine" else None
    return Today(
        rows=rows, total=sum(row[4] for row in wanted), bands=_bands(wanted), sorts=dict(sorts),
        after=place_of(rows[-1]) if len(found) > shown else "", put_off=hidden[0] if hidden else 0,
    )  # fmt: skip


def _mode(scope: Scope, whose: Whose) -> str:
    if not (scope.is_admin or MANAGER in scope.roles):
        return "mine"
    return "person" if whose.user_id is not None else "team" if whose.team else "mine"


def _bands(groups: Sequence[Sequence[Any]]) -> dict[str, int]:
    """How many are in each band, of the whole queue."""
    total, overdue, midnight, week = (sum(row[at] for row in groups) for at in range(4, 8))
    counts = {"overdue": overdue, "today": midnight - overdue, "soon": week - midnight, "later": total - week}
    return {band: count for band, count in counts.items() if count}


def _is_cadence(version: int, step: str) -> bool:
    known = program_of(version).steps.get(step)
    return known is not None and bool(known.cadence)


def place_of(row: TodayRow) -> str:
    """Where the rows after this one begin, for an address."""
    at = (row.due_at - EPOCH) // timedelta(microseconds=1) if row.due_at else ""
    return f"{at}-{row.task_id}"


def read_place(text: str) -> tuple[datetime | None, int | None]:
    """The due time and id behind a place; the beginning for what is none."""
    at, _dash, last = text.partition("-")
    if not (last.isascii() and last.isdigit() and len(last) < 19):
        return None, None
    if not (at.isascii() and at.isdigit() and len(at) < 18):
        return None, int(last)
    return EPOCH + timedelta(microseconds=int(at)), int(last)


# -- showing ---------------------------------------------------------------------------------------------------------


def midnight_of(now: datetime, zone: ZoneInfo) -> datetime:
    """The end of the person's own day."""
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), tzinfo=zone)


def band_of(due_at: datetime | None, now: datetime, midnight: datetime) -> str:
    """overdue, today (of the person's own day), soon (within a week) or later."""
    if due_at is None:
        return "later"
    if due_at < now:
        return "overdue"
    if due_at < midnight:
        return "today"
    return "soon" if due_at < now + SOON else "later"


def _rows(found: Sequence[Sequence[Any]], user: User, now: datetime, zone: ZoneInfo) -> tuple[TodayRow, ...]:
    pages = kinds.pages({(row[1], row[3]) for row in found})
    midnight = midnight_of(now, zone)
    said: dict[tuple[int, str], tuple[str, bool]] = {}
    rows = []
    for row in found:
        id_, run, title, face, version, grade, owner, step, item, kind, role, due, assignee, late, exception = row[:15]
        until, off = row[15:]
        if (version, step) not in said:
            said[version, step] = (step_help(program_of(version), step), _is_cadence(version, step))
        why, cadence = said[version, step]
        rows.append(
            TodayRow(
                task_id=id_, run_id=run, url=pages.get(run, ""), title=title, face=face, step=step,
                step_title=step_title(program_of(version), step, item), why=why, kind=kind,
                sort=sort_of(kind, face, cadence=cadence), role=role, grade=grade, due_at=due,
                band=band_of(due, now, midnight), mine=assignee == user.pk, assignee_id=assignee, late=late,
                exception=exception, chased=kind == "pay" and owner == user.pk and assignee != user.pk,
                snoozed=(until, off) if until is not None and until > now else None,
            )
        )  # fmt: skip
    return tuple(rows)


def snooze_of(task_id: int, now: datetime) -> Snooze | None:
    """Who put a task off, until when and why, as long as it is so."""
    return Snooze.objects.filter(task_id=task_id, until__gt=now).select_related("by").first()

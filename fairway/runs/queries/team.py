"""What a manager looks at: verdicts that wait, clocks missed, work without anybody, the load of each person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, F, Model, Q, QuerySet

from fairway.people.models import User
from fairway.people.roles import MANAGER, REP, SERVICE
from fairway.people.scope import Scope, scope_of
from fairway.runs.models import Run, Task

Row = TypeVar("Row", bound=Model)

MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Load:
    """How much lies with one person: open runs by face, open tasks, and how much of it is late."""

    user: User
    leads: int
    deals: int
    complaints: int
    tasks: int
    late: int


def team_runs(by: User) -> QuerySet[Run]:
    """The open runs of the teams that the person looks after; an administrator sees all."""
    return _of_teams(Run.objects.open(), scope_of(by), "team_id")


def waiting_approvals(by: User) -> QuerySet[Task]:
    """Verdicts that the team's runs wait for, whoever owes them, in the order of their clock."""
    tasks = _of_teams(Task.objects.open().filter(kind="approve"), scope_of(by), "run__team_id")
    return tasks.select_related("run", "assignee").order_by(F("due_at").asc(nulls_last=True), "id")


def without_anybody(by: User) -> QuerySet[Task]:
    """Open tasks for which nobody could be found, and those whose customer cannot be reached."""
    tasks = _of_teams(Task.objects.open().exclude(exception=""), scope_of(by), "run__team_id")
    return tasks.select_related("run").order_by(F("due_at").asc(nulls_last=True), "id")


def missed(by: User, now: datetime) -> dict[str, int]:
    """How many open runs have a clock that is overdue, by face. One query."""
    late = team_runs(by).filter(next_due__lt=now).order_by().values_list("face").annotate(Count("id"))
    return dict(late)


def loads(by: User, now: datetime) -> list[Load]:
    """The load of each person who works runs of the teams, the most late work first. Three queries."""
    scope = scope_of(by)
    people = User.objects.active().filter(grants__role__in=(REP, MANAGER, SERVICE)).distinct()
    people = _of_teams(people, scope, "team_id").select_related("team").order_by("display_name")[:MOST_PEOPLE]
    runs: dict[int | None, dict[str, int]] = {}
    counted = Run.objects.open().filter(owner__isnull=False).order_by().values_list("owner_id", "face")
    for owner, face, number in counted.annotate(n=Count("id")):
        runs.setdefault(owner, {})[face] = number
    tasks = Task.objects.open().filter(assignee__isnull=False).order_by().values_list("assignee_id")
    owed = {who: (number, late) for who, number, late in tasks.annotate(n=Count("id"), late=_late(now))}
    found = []
    for one in people:
        mine, (open_, late) = runs.get(one.pk, {}), owed.get(one.pk, (0, 0))
        found.append(
            Load(one, mine.get("lead", 0), mine.get("deal", 0), mine.get("complaint", 0), tasks=open_, late=late)
        )
    return sorted(found, key=lambda load: (-load.late, -load.tasks))


def _late(now: datetime) -> Count:
    return Count("id", filter=Q(due_at__lt=now))


def _of_teams(rows: QuerySet[Row], scope: Scope, column: str) -> QuerySet[Row]:
    return rows if scope.is_admin else rows.filter(**{f"{column}__in": sorted(scope.team_ids)})

"""What lists of leads, deals, complaints and companies share: filters on the run, order, counts, choices."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db.models import Count, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy

from fairway.people.models import Team, User
from fairway.people.scope import Scope, scope_of
from fairway.prepared import Prepared
from fairway.runs.models import Event, Run
from fairway.runs.texts import outcome_title, stage_title
from fairway.sops.programs import program_of
from fairway.sops.queries import current_ids

Row = TypeVar("Row", bound=Model)
Choices = list[tuple[str, str]]

OPEN, CLOSED, ALL = "open", "closed", "all"
ME, NOBODY = "me", "none"
MOST_PEOPLE = 1000
_NUMBER = re.compile(r"[A-Za-z]0*([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class RunFilters:
    """What a list is narrowed to. `owner` is an id, `me` or `none`; `state` is open, closed, all or an outcome.

    `sort` is a column, with `-` before it when it descends. What an address says and nobody knows is left out.
    """

    text: str = ""
    stage: str = ""
    grade: str = ""
    owner: str = ""
    team: str = ""
    state: str = OPEN
    late: bool = False
    sort: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """Read the query of an address."""
        return cls(
            text=query.get("q", "").strip()[:100], stage=query.get("stage", ""), grade=query.get("grade", ""),
            owner=query.get("owner", ""), team=query.get("team", ""), state=query.get("state", "") or OPEN,
            late=bool(query.get("late")), sort=query.get("sort", ""),
        )  # fmt: skip

    def without_view(self) -> Self:
        """The same without whose and whether late, over which the tabs count."""
        return replace(self, owner="", late=False)


def narrow(rows: QuerySet[Row], filters: RunFilters, *, by: User, now: datetime, text: Sequence[str]) -> QuerySet[Row]:
    """The rows (each with a `run`) that the filters leave; `text` names the columns that text is looked for in."""
    wanted = Q()
    if filters.text:
        wanted &= text_filter(filters.text, text)
    if filters.stage:
        wanted &= Q(run__stage=filters.stage)
    if filters.grade:
        wanted &= Q(run__grade="" if filters.grade == NOBODY else filters.grade)
    if filters.owner == ME:
        wanted &= Q(run__owner=by)
    elif filters.owner == NOBODY:
        wanted &= Q(run__owner=None)
    elif filters.owner:
        wanted &= Q(run__owner_id=number(filters.owner))
    if filters.team:
        wanted &= Q(run__team_id=number(filters.team))
    if filters.late:
        wanted &= Q(run__outcome="", run__next_due__lt=now)
    return rows.filter(wanted & state_filter(filters.state))


def state_filter(state: str) -> Q:
    """Open, closed, all, or those of one outcome."""
    if state == ALL:
        return Q()
    if state == CLOSED:
        return ~Q(run__outcome="")
    return Q(run__outcome="" if state == OPEN else state)


def text_filter(text: str, columns: Sequence[str]) -> Q:
    """Every word stands in one of the columns, or the whole is the number of a run (N000042)."""
    words = [
        functools.reduce(operator.or_, (Q(**{f"{column}__icontains": word}) for column in columns))
        for word in text.split()
    ]
    found = functools.reduce(operator.and_, words, Q())
    by_number = _NUMBER.fullmatch(text)
    return found | Q(run_id=int(by_number[1])) if by_number else found


def number(text: str) -> int:
    """An id out of an address; 0, which nobody has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def ordered(rows: QuerySet[Row], sort: str, columns: Mapping[str, str]) -> QuerySet[Row]:
    """The rows in the order asked for, empty values last; newest first when none or an unknown one is asked for."""
    column = columns.get(sort.removeprefix("-"))
    if column is None:
        return rows.order_by("-id")
    by: OrderBy = F(column).desc(nulls_last=True) if sort.startswith("-") else F(column).asc(nulls_last=True)
    return rows.order_by(by, "-id")


def tab_counts(rows: QuerySet[Any], *, by: User, now: datetime) -> dict[str, int]:
    """How many of the rows are all, one's own, nobody's and late. One query."""
    counted: dict[str, int] = rows.order_by().aggregate(
        all=Count("id"),
        mine=Count("id", filter=Q(run__owner=by)),
        nobody=Count("id", filter=Q(run__owner=None)),
        late=Count("id", filter=Q(run__outcome="", run__next_due__lt=now)),
    )
    return counted


def number_of(run: Run) -> str:
    """The number by which people call a run, as N000042."""
    return f"{program_of(run.version_id).sop.prefix}{run.pk:06d}"


def stage_choices(subject: str, *, face: str) -> Choices:
    """Stages in which open runs of a face may stand, in the order of their SOPs."""
    taken = {stage for (stage,) in _TAKEN.rows(face)}
    found: dict[str, str] = {}
    for program in _programs(subject):
        for key in program.stages:
            if key in taken:
                found.setdefault(key, stage_title(program, key))
    return list(found.items())


_TAKEN = Prepared(lambda face: Run.objects.open().filter(face=face).order_by().values_list("stage").distinct())


def outcome_choices(subject: str) -> Choices:
    """Outcomes of the SOPs about a subject."""
    found: dict[str, str] = {}
    for program in _programs(subject):
        for key in program.sop.outcomes:
            found.setdefault(key, outcome_title(program, key))
    return list(found.items())


def _programs(subject: str) -> list[Any]:
    ids = current_ids(subject)
    return [program_of(ids[key]) for key in sorted(ids, key=lambda key: key != "new-business")]


def owner_choices(user: User) -> Choices:
    """Active people whose rows the reader may see, by name. One query."""
    scope = scope_of(user)
    found = User.objects.active()
    if not scope.is_admin:
        found = found.filter(Q(pk=user.pk) | Q(team_id__in=sorted(scope.team_ids)))
    return [
        (str(pk), name) for pk, name in found.order_by("display_name").values_list("pk", "display_name")[:MOST_PEOPLE]
    ]


def team_choices(scope: Scope) -> Choices:
    """Teams whose rows the reader sees. One query."""
    teams = Team.objects.current()
    if not scope.is_admin:
        teams = teams.filter(pk__in=sorted(scope.team_ids))
    return [(str(pk), name) for pk, name in teams.order_by("path").values_list("pk", "name")]


STILL = timedelta(days=14)
"""An open run on which nothing was done for so long stands still."""


def standing_still(rows: QuerySet[Row], now: datetime) -> QuerySet[Row]:
    """Open rows (each with a `run`) whose last event by a person is older than `STILL`."""
    last = Event.objects.filter(run=OuterRef("run_id"), by__isnull=False).order_by("-seq").values("at")[:1]
    found: QuerySet[Any] = rows.annotate(last_done=Subquery(last)).filter(run__outcome="")
    return found.filter(Q(last_done__lt=now - STILL) | Q(last_done=None, run__started_at__lt=now - STILL))

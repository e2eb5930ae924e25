"""How many open runs stand on each stage, of those that a person may see: from the summary that is kept of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet, Sum

from fairway.people.scope import Scope
from fairway.prepared import Prepared
from fairway.runs.models import Participant, Run, Tally


def count_by_stage(scope: Scope, face: str) -> Mapping[str, int]:
    """Open runs of a face by stage: one query for an administrator, two for others.

    What is the team's, one's own or in the pool is in the summary by team and owner; only what one is asked to judge
    elsewhere is looked up run by run.
    """
    total: Counter[str] = Counter()
    if scope.user_id is None:
        return total
    if scope.is_admin:
        total.update(dict(_EVERYTHING.rows(face)))
        return total
    teams = tuple(sorted(scope.team_ids)) or (-1,)
    total.update(dict(_SEEN.rows(face, teams, scope.user_id, pool=scope.sees_pool)))
    total.update(row[0] for row in _ASKED.rows(face, teams, scope.user_id, pool=scope.sees_pool))
    return +total


def _summed(face: str) -> QuerySet[Tally, Any]:
    return Tally.objects.filter(face=face).order_by()


def _by_stage(rows: QuerySet[Tally, Any]) -> QuerySet[Tally, Any]:
    return rows.values_list("stage").annotate(Sum("count"))


def _seen(face: str, teams: tuple[int, ...], user_id: int, *, pool: bool) -> QuerySet[Tally, Any]:
    mine = Q(team_id__in=teams) | Q(owner_id=user_id)
    return _by_stage(_summed(face).filter(mine | Q(team_id=0, owner_id=0) if pool else mine))


def _asked(face: str, teams: tuple[int, ...], user_id: int, *, pool: bool) -> QuerySet[Run, Any]:
    """The stage of each run that one takes part in and that `_seen` has not counted."""
    part = Participant.objects.filter(user_id=user_id).order_by().values("run_id")
    others = ~Q(owner_id=user_id) | Q(owner_id=None)
    others &= ~Q(team_id__in=teams) | Q(team_id=None)
    if pool:
        others &= ~Q(team_id=None, owner_id=None)
    return Run.objects.open().filter(others, face=face, pk__in=part).order_by().values_list("stage")


_EVERYTHING = Prepared(lambda face: _by_stage(_summed(face)))
_SEEN = Prepared(_seen)
_ASKED = Prepared(_asked)

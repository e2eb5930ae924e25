"""How many open runs stand on each stage, of those that a person may see: from an index alone, without a join."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from fairway.people.scope import Scope
from fairway.runs.models import Participant, Run


def count_by_stage(scope: Scope, face: str) -> Mapping[str, int]:
    """Open runs of a face by stage: one query for an administrator, four at most for others.

    `visible_to` ORs what one sees, and a database then reads every row. Here each part is counted for itself from its
    own index, without those that an earlier part has counted: the team's, one's own elsewhere, the pool, those asked.
    """
    runs = Run.objects.open().filter(face=face).order_by()
    if scope.user_id is None:
        return {}
    if scope.is_admin:
        return _counted(runs)
    teams = sorted(scope.team_ids)
    elsewhere = Q(team=None) | ~Q(team_id__in=teams) if teams else Q()
    parts = [runs.filter(elsewhere, owner_id=scope.user_id)]
    if teams:
        parts.append(runs.filter(team_id__in=teams))
    if scope.sees_pool:
        parts.append(runs.filter(team=None, owner=None))
    total: Counter[str] = Counter()
    for part in parts:
        total.update(_counted(part))
    total.update(_counted(_asked(runs, scope, elsewhere)))
    return total


def _asked(runs: QuerySet[Run], scope: Scope, elsewhere: Q) -> QuerySet[Run]:
    """Runs in which the person takes part, beside their own, their teams' and the pool's."""
    asked = Participant.objects.filter(user_id=scope.user_id or 0).order_by().values("run_id")
    others = Q(owner=None) | ~Q(owner_id=scope.user_id)
    pool = Q(team=None, owner=None) if scope.sees_pool else Q(pk__in=())
    return runs.filter(elsewhere, others, pk__in=asked).exclude(pool)


def _counted(runs: QuerySet[Run]) -> dict[str, int]:
    return dict(runs.values_list("stage").annotate(Count("pk")))

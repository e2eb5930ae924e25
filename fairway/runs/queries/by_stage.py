"""How many open runs stand on each stage, of those that a person may see: from an index alone, without a join."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from django.db.models import Count, QuerySet

from fairway.people.scope import Scope
from fairway.runs.models import Participant, Run


def count_by_stage(scope: Scope, face: str) -> Mapping[str, int]:
    """Open runs of a face by stage: one query for an administrator, four at most for others.

    `visible_to` ORs what one sees, and a database then reads every row. Here each part is counted for itself in the
    order of an index, without those that an earlier part has counted: the teams', one's own elsewhere, the pool, those
    asked.
    """
    runs = Run.objects.open().filter(face=face).order_by()
    if scope.user_id is None:
        return {}
    total: Counter[str] = Counter()
    if scope.is_admin:
        return _add(total, runs)
    if scope.team_ids:
        _add(total, runs.filter(team_id__in=sorted(scope.team_ids)))
    own = runs.filter(owner_id=scope.user_id).values_list("stage", "team_id").annotate(Count("pk"))
    for stage, team, count in own:
        if team not in scope.team_ids:
            total[stage] += count
    if scope.sees_pool:
        _add(total, runs.filter(team=None, owner=None))
    for stage in _asked(runs, scope):
        total[stage] += 1
    return total


def _add(total: Counter[str], runs: QuerySet[Run]) -> Counter[str]:
    """Count in the order of the index `run_sight`; the sums by stage are few and made here."""
    for _team, _owner, stage, count in runs.values_list("team_id", "owner_id", "stage").annotate(Count("pk")):
        total[stage] += count
    return total


def _asked(runs: QuerySet[Run], scope: Scope) -> Iterator[str]:
    """The stages of the runs in which the person takes part, beside their own, their teams' and the pool's."""
    asked = Participant.objects.filter(user_id=scope.user_id or 0).order_by().values("run_id")
    for team, owner, stage in runs.filter(pk__in=asked).values_list("team_id", "owner_id", "stage"):
        if not scope.sees(owner_id=owner, team_id=team, pool=True):
            yield stage

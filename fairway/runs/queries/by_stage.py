"""How many open runs stand on each stage, of those that a person may see: from an index alone, without a join."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, QuerySet

from fairway.people.scope import Scope
from fairway.prepared import Prepared, Row
from fairway.runs.models import Participant, Run


def count_by_stage(scope: Scope, face: str) -> Mapping[str, int]:
    """Open runs of a face by stage: one query for an administrator, four at most for others.

    `visible_to` ORs what one sees, and a database then reads every row. Here each part is counted for itself in the
    order of an index, without those that an earlier part has counted: the teams', one's own elsewhere, the pool, those
    asked.
    """
    total: Counter[str] = Counter()
    if scope.user_id is None:
        return total
    if scope.is_admin:
        return _add(total, _EVERYTHING.rows(face))
    if scope.team_ids:
        _add(total, _TEAMS.rows(face, tuple(sorted(scope.team_ids))))
    own = _OWN.rows(face, scope.user_id)
    _add(total, [row for row in own if row[0] not in scope.team_ids])
    if scope.sees_pool:
        _add(total, _POOL.rows(face))
    asked = _ASKED.rows(face, scope.user_id)
    _add(total, [row for row in asked if not scope.sees(owner_id=row[1], team_id=row[0], pool=True)])
    return total


def _add(total: Counter[str], rows: Iterable[Row]) -> Counter[str]:
    for _team, _owner, stage, count in rows:
        total[stage] += count
    return total


def _counted(face: str, **where: Any) -> QuerySet[Run, Any]:
    """Count in the order of the index `run_sight`; the sums by stage are few and made by `_add`."""
    runs = Run.objects.open().filter(face=face, **where).order_by()
    return runs.values_list("team_id", "owner_id", "stage").annotate(Count("pk"))


def _taking_part(face: str, user_id: int) -> QuerySet[Run, Any]:
    return _counted(face, pk__in=Participant.objects.filter(user_id=user_id).order_by().values("run_id"))


_EVERYTHING = Prepared(_counted)
_TEAMS = Prepared(lambda face, teams: _counted(face, team_id__in=teams))
_OWN = Prepared(lambda face, user_id: _counted(face, owner_id=user_id))
_POOL = Prepared(lambda face: _counted(face, team=None, owner=None))
_ASKED = Prepared(_taking_part)

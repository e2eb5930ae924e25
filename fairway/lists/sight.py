"""What a person sees of the runs, cut into parts that do not meet, so that each is read in the order of an index.

`visible_to` ORs what one sees, and a database then reads every row; see `runs.queries.by_stage`, which counts so too.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from fairway.lists.asking import Asker
from fairway.prepared import Prepared
from fairway.runs.models import Participant, Run

MOST_ELSEWHERE = 900
"""So many runs outside one's teams are named one by one; SQLite takes 999 values in a statement."""


def parts(asker: Asker, face: str) -> list[Q]:
    """Filters on the open runs of a face; together they leave what `visible_to` does, each run once.

    One's teams' runs, the pool, and those elsewhere that one owns or takes part in: a few as a rule, which are looked
    up once for an asker. Two queries the first time.
    """
    scope = asker.scope
    if scope.user_id is None:
        return []
    if scope.is_admin:
        return [Q()]
    found = [Q(team_id__in=sorted(scope.team_ids))] if scope.team_ids else []
    if scope.sees_pool:
        found.append(Q(team_id__isnull=True, owner_id__isnull=True))
    elsewhere: list[int] = asker.remember(f"elsewhere {face}", lambda: _elsewhere(asker, face))
    if len(elsewhere) > MOST_ELSEWHERE:
        taking_part = Q(pk__in=Participant.objects.filter(user_id=scope.user_id).order_by().values("run_id"))
        others = Q(owner_id=scope.user_id) | taking_part
        for seen in list(found):
            others &= ~seen
        found.append(others)
    elif elsewhere:
        found.append(Q(pk__in=elsewhere))
    return found


def _elsewhere(asker: Asker, face: str) -> list[int]:
    """Open runs outside one's teams that one owns or takes part in, without those of the pool."""
    scope = asker.scope
    rows = [*_OWN.rows(face, scope.user_id), *_ASKED.rows(face, scope.user_id)]
    pool = scope.sees_pool
    return sorted(
        {pk for pk, team, owner in rows if team not in scope.team_ids and not (pool and team is None and owner is None)}
    )


def _open(face: str, **where: Any) -> QuerySet[Run, Any]:
    return Run.objects.open().filter(face=face, **where).order_by().values_list("id", "team_id", "owner_id")


def _taking_part(face: str, user_id: int) -> QuerySet[Run, Any]:
    return _open(face, pk__in=Participant.objects.filter(user_id=user_id).order_by().values("run_id"))


_OWN = Prepared(lambda face, user_id: _open(face, owner_id=user_id))
_ASKED = Prepared(_taking_part)

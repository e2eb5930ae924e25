"""What a person sees of the runs, cut into parts that do not meet, so that each is read in the order of an index.

`visible_to` ORs what one sees, and a database then reads every row; see `runs.queries.by_stage`, which counts so too.
"""

from __future__ import annotations

from django.db.models import Q

from fairway.people.scope import Scope
from fairway.runs.models import Participant


def parts(scope: Scope) -> list[Q]:
    """Filters on runs; together they leave what `Run.objects.visible_to` does, each run once."""
    if scope.user_id is None:
        return []
    if scope.is_admin:
        return [Q()]
    asked = Participant.objects.filter(user_id=scope.user_id).order_by().values("run_id")
    others = Q(owner_id=scope.user_id) | Q(pk__in=asked)
    if scope.sees_pool:
        others |= Q(team_id__isnull=True, owner_id__isnull=True)
    if not scope.team_ids:
        return [others]
    teams = Q(team_id__in=sorted(scope.team_ids))
    return [teams, others & ~teams]

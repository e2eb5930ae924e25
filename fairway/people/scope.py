"""The one place that says who sees what (F1): people see their own, their team's, and what they are asked to judge.

A manager's team is their own with every team below it. An administrator sees every row (and passes no gate). What
nobody owns yet, the pool, is seen by reps, managers and administrators.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from fairway.people.models import Team, User
from fairway.people.roles import ADMIN, MANAGER, POOL_ROLES
from fairway.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person sees. `team_ids` are the teams whose rows they read, archived ones included."""

    user_id: int | None
    roles: frozenset[str]
    team_ids: frozenset[int]

    @property
    def is_admin(self) -> bool:
        """Whether every row is seen."""
        return ADMIN in self.roles

    @property
    def sees_pool(self) -> bool:
        """Whether rows without owner and team are seen."""
        return not self.roles.isdisjoint(POOL_ROLES)

    def sees(self, *, owner_id: int | None, team_id: int | None, participant: bool = False, pool: bool = False) -> bool:
        """The rule of `q` for one row already read.

        `participant`: this person is asked to judge or takes part. `pool`: rows of this table may lie in the pool.
        """
        if self.user_id is None:
            return False
        if self.is_admin or participant or owner_id == self.user_id or team_id in self.team_ids:
            return True
        return pool and self.sees_pool and owner_id is None and team_id is None


NOBODY = Scope(user_id=None, roles=frozenset(), team_ids=frozenset())
"""Sees nothing: for visitors and deactivated users."""


def scope_of(user: User | AnonymousUser) -> Scope:
    """Return what `user` sees, reckoned once per user object.

    Costs one query for a manager (the teams below), none for others, when the user was read by
    `User.objects.with_roles()`, as sign-in and tokens do; at most two more otherwise.
    """
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    known: Scope | None = user.__dict__.get("_scope")
    if known is None:
        known = Scope(user_id=user.pk, roles=user.role_keys, team_ids=_team_ids(user))
        user.__dict__["_scope"] = known
    return known


def _team_ids(user: User) -> frozenset[int]:
    if user.team_id is None:
        return frozenset()
    if MANAGER in user.role_keys and user.team is not None:
        return frozenset(row[0] for row in _BELOW.rows(user.team.path))
    return frozenset({user.team_id})


_BELOW = Prepared(lambda path: Team.objects.under(path).order_by().values_list("pk"))


def q(
    scope: Scope,
    *,
    owner: str = "owner_id",
    team: str = "team_id",
    participant: tuple[str, Iterable[int] | QuerySet[Any]] | None = None,
    pool: bool = False,
) -> Q:
    """Return the filter that leaves the rows `scope` may see, for any table with an owner and a team.

    `owner`, `team`: names of the columns (or lookups such as "deal__owner_id"). `participant`: the column and the ids,
    or a subquery of them, of the rows where the person takes part, e.g. `("run_id", run_ids)`; a list of ids keeps
    every branch on its index, a subquery suits where there may be thousands. `pool`: whether rows of this table
    without owner and team lie in the pool.
    """
    if scope.user_id is None:
        return Q(pk__in=())
    if scope.is_admin:
        return Q()
    seen = Q(**{owner: scope.user_id})
    if scope.team_ids:
        seen |= Q(**{f"{team}__in": sorted(scope.team_ids)})
    if participant is not None:
        column, ids = participant
        seen |= Q(**{f"{column}__in": ids})
    if pool and scope.sees_pool:
        seen |= Q(**{f"{owner}__isnull": True, f"{team}__isnull": True})
    return seen

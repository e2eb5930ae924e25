"""Who holds which role where: the value object by which work finds its person, without a query per row.

`load_directory(now)` reads everything in three queries; an import of a million rows loads it once.
"""

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fairway.people.models import Absence, Team, User
from fairway.people.roles import MANAGER, REP, ROLES

OWNER = "owner"
"""Whose run it is; not a role but answers like one in the SOP."""
ABOVE = "above"
"""The manager over the manager of the owner's team."""

RESOLVABLE = frozenset({*ROLES, OWNER, ABOVE})
"""Every word that an SOP may name as the role of a step."""


@dataclass(frozen=True, slots=True)
class Person:
    """An active user: id, team, role keys, and whose leads they get (empty: anybody's)."""

    id: int
    team_id: int | None
    roles: frozenset[str]
    name: str
    territories: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leave:
    """An absence that is not over."""

    starts_at: datetime
    ends_at: datetime
    stand_in_id: int | None


@dataclass(frozen=True)
class Directory:
    """Active people and all teams at one moment. `paths` are team ids from the top down to the team itself."""

    people: Mapping[int, Person]
    paths: Mapping[int, tuple[int, ...]]
    leaves: Mapping[int, tuple[Leave, ...]]
    _tiers: dict[tuple[str, int | None], tuple[tuple[int, ...], ...]] = field(default_factory=dict, repr=False)

    def is_active(self, user_id: int) -> bool:
        """Whether the user exists and may work."""
        return user_id in self.people

    def team_of(self, user_id: int) -> int | None:
        """Team of an active user, None for one without team or not active."""
        person = self.people.get(user_id)
        return person.team_id if person else None

    def holds(self, user_id: int, role: str) -> bool:
        """Whether the active user holds the role."""
        person = self.people.get(user_id)
        return person is not None and role in person.roles

    # -- managers -----------------------------------------------------------------------------------------------------

    def managers(self, team_id: int | None, *, besides: int | None = None) -> tuple[tuple[int, ...], ...]:
        """Levels of managers from `team_id` up to the top; each level their ids, empty levels left out.

        `besides` is left out of every level: nobody judges their own work, so a manager's own deal goes a level up.
        """
        seen: set[int] = set() if besides is None else {besides}
        levels: list[tuple[int, ...]] = []
        for team in reversed(self.paths.get(team_id, ()) if team_id is not None else ()):
            level = tuple(one for one in self._managers_by_team.get(team, ()) if one not in seen)
            if level:
                levels.append(level)
                seen.update(level)
        return tuple(levels)

    def manager_of(self, team_id: int | None, *, besides: int | None = None) -> int | None:
        """The manager of the team, or of the nearest team above that has one; None when there is none."""
        return _first(self.managers(team_id, besides=besides), 0)

    def above(self, team_id: int | None, *, besides: int | None = None) -> int | None:
        """The manager over `manager_of`; never the same person, None when nobody stands higher."""
        return _first(self.managers(team_id, besides=besides), 1)

    # -- absences -----------------------------------------------------------------------------------------------------

    def leave(self, user_id: int, now: datetime) -> Leave | None:
        """The leave the person is on at `now`."""
        for leave in self.leaves.get(user_id, ()):
            if leave.starts_at <= now < leave.ends_at:
                return leave
        return None

    def stand_in(self, user_id: int, now: datetime) -> int | None:
        """Who judges for `user_id` at `now`: None when the person is there, or nobody present stands in.

        A stand-in who is away as well is followed to theirs.
        """
        acting = self.acting(user_id, now)
        return None if acting == user_id else acting

    def acting(self, user_id: int, now: datetime) -> int | None:
        """The person themselves when present at `now`, else the stand-in; None when neither is there."""
        passed: set[int] = set()
        current: int | None = user_id
        while current is not None and current not in passed:
            if current not in self.people:
                return None
            leave = self.leave(current, now)
            if leave is None:
                return current
            passed.add(current)
            current = leave.stand_in_id
        return None

    def acts_for(self, user_id: int, now: datetime) -> frozenset[int]:
        """Those on leave at `now` in whose place `user_id` judges."""
        return frozenset(one for one in self.leaves if one != user_id and self.acting(one, now) == user_id)

    # -- who is to do it ----------------------------------------------------------------------------------------------

    def tiers(self, role: str, team_id: int | None) -> tuple[tuple[int, ...], ...]:
        """Holders of `role` in order of nearness to the team, as groups of equals.

        First those in the team and below it, then in the subtree of each team above it, then in the whole company. For
        `manager` and `above`: the levels of managers upwards, nobody else. Reckoned once per role and team.
        """
        key = (role, team_id)
        if key not in self._tiers:
            self._tiers[key] = self._reckon_tiers(role, team_id)
        return self._tiers[key]

    def candidates(self, role: str, team_id: int | None) -> list[int]:
        """Holders of `role`, nearest first; equals by id."""
        return [one for tier in self.tiers(role, team_id) for one in tier]

    def resolve(self, role: str, *, owner_id: int | None, team_id: int | None, now: datetime) -> int | None:
        """Return who is to do what the SOP gives to `role` on a run of this owner and team, stand-ins reckoned in.

        `owner` is the owner; `rep` too, when the owner sells (rep or manager). For the other roles the owner comes
        last, because nobody should judge their own work while another can; for `manager` and `above` the owner never
        comes. When everyone is away without stand-in, the nearest is named all the same: late is better than nobody's.
        Raises ValueError for a word that is no role.
        """
        if role not in RESOLVABLE:
            raise ValueError(f"No such role: {role}")
        if owner_id is not None and owner_id in self.people and self._is_owners(role, owner_id):
            return self.acting(owner_id, now) or owner_id
        if role == OWNER:
            return None
        order = self._order(role, owner_id, team_id)
        present = (acting for one in order if (acting := self.acting(one, now)) not in (None, owner_id))
        return next(present, order[0] if order else None)

    def _is_owners(self, role: str, owner_id: int) -> bool:
        return role == OWNER or (role == REP and (self.holds(owner_id, REP) or self.holds(owner_id, MANAGER)))

    def _order(self, role: str, owner_id: int | None, team_id: int | None) -> list[int]:
        if role in (MANAGER, ABOVE):
            levels = self.managers(team_id, besides=owner_id)
            return [one for level in levels[1 if role == ABOVE else 0 :] for one in level]
        found = self.candidates(role, team_id)
        return [one for one in found if one != owner_id] + [one for one in found if one == owner_id]

    def _reckon_tiers(self, role: str, team_id: int | None) -> tuple[tuple[int, ...], ...]:
        if role == MANAGER:
            return self.managers(team_id)
        if role == ABOVE:
            return self.managers(team_id)[1:]
        rest = list(self._holders.get(role, ()))
        tiers: list[tuple[int, ...]] = []
        for ancestor in reversed(self.paths.get(team_id, ()) if team_id is not None else ()):
            near = tuple(one for one in rest if ancestor in self._path_of(one))
            if near:
                tiers.append(near)
                rest = [one for one in rest if ancestor not in self._path_of(one)]
        if rest:
            tiers.append(tuple(rest))
        return tuple(tiers)

    def _path_of(self, user_id: int) -> tuple[int, ...]:
        team_id = self.people[user_id].team_id
        return self.paths.get(team_id, ()) if team_id is not None else ()

    @functools.cached_property
    def _holders(self) -> dict[str, tuple[int, ...]]:
        held: dict[str, list[int]] = defaultdict(list)
        for person in sorted(self.people.values(), key=lambda one: one.id):
            for role in person.roles:
                held[role].append(person.id)
        return {role: tuple(ids) for role, ids in held.items()}

    @functools.cached_property
    def _managers_by_team(self) -> dict[int, tuple[int, ...]]:
        by_team: dict[int, list[int]] = defaultdict(list)
        for user_id in self._holders.get(MANAGER, ()):
            team_id = self.people[user_id].team_id
            if team_id is not None:
                by_team[team_id].append(user_id)
        return {team_id: tuple(ids) for team_id, ids in by_team.items()}


def _first(levels: tuple[tuple[int, ...], ...], index: int) -> int | None:
    return levels[index][0] if len(levels) > index else None


def load_directory(now: datetime) -> Directory:
    """Read active people, teams, and leaves not over at `now`, in three queries."""
    rows = (
        User.objects.filter(is_active=True)
        .order_by()
        .values_list("id", "team_id", "display_name", "territories", "industries", "grants__role")
    )
    paths = {
        team_id: tuple(int(part) for part in path.strip("/").split("/"))
        for team_id, path in Team.objects.order_by().values_list("id", "path")
    }
    leaves: dict[int, list[Leave]] = defaultdict(list)
    absences = Absence.objects.filter(ends_at__gt=now).order_by("starts_at", "id")
    for user_id, starts_at, ends_at, stand_in_id in absences.values_list(
        "user_id", "starts_at", "ends_at", "stand_in_id"
    ):
        leaves[user_id].append(Leave(starts_at, ends_at, stand_in_id))
    return Directory(
        people={person.id: person for person in _people(rows)},
        paths=paths,
        leaves={user_id: tuple(found) for user_id, found in leaves.items()},
    )


def _people(rows: Iterable[tuple[int, int | None, str, list[str], list[str], str | None]]) -> Iterator[Person]:
    roles: dict[int, set[str]] = defaultdict(set)
    seen: dict[int, tuple[int | None, str, tuple[str, ...], tuple[str, ...]]] = {}
    for user_id, team_id, name, territories, industries, role in rows:
        seen[user_id] = (team_id, name, tuple(territories), tuple(industries))
        if role is not None:
            roles[user_id].add(role)
    for user_id, (team_id, name, regions, trades) in seen.items():
        yield Person(user_id, team_id, frozenset(roles[user_id]), name, regions, trades)

"""Who may bring files in, and to whom the leads in them may be given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from fairway.engine.forms.texts import alike
from fairway.people.models import Team, User
from fairway.people.roles import ADMIN, MANAGER, REP
from fairway.people.scope import scope_of
from fairway.runs.errors import Forbidden
from fairway.runs.people import directory

IMPORTERS = frozenset({REP, MANAGER, ADMIN})


def check_importer(by: User | None) -> None:
    """Raise Forbidden unless the person may import. None is the person at the machine."""
    if by is not None and not IMPORTERS & by.role_keys:
        raise Forbidden(_("Your roles do not import leads."))


def teams_for(by: User | None) -> list[Team]:
    """The teams whose queue the person may fill, by path. One query, two for a manager."""
    teams = Team.objects.current().order_by("path")
    if by is None or ADMIN in by.role_keys:
        return list(teams)
    return list(teams.filter(pk__in=scope_of(by).team_ids))


def team_of(by: User | None, team: Team | None, now: datetime) -> int | None:
    """The team whose queue unowned leads of a file wait in.

    The one that was chosen, else the importer's. Where nobody judges scores for it, the topmost team that has a
    manager: a lead that no manager is over would wait for ever.
    """
    chosen = team.pk if team is not None else (by.team_id if by else None)
    who = directory(now)
    if chosen is not None and who.manager_of(chosen) is not None:
        return chosen
    managed = (one.pk for one in Team.objects.current().order_by("path") if who.managers(one.pk))
    return next(managed, chosen)


def owner_names(by: User | None) -> dict[str, int]:
    """By which names the person may give leads to whom: to oneself, a manager to the teams below, an administrator and
    the machine to everybody who sells. A name that two people share names nobody.
    """
    sellers = User.objects.filter(is_active=True, grants__role__in=(REP, MANAGER)).distinct()
    if by is not None and ADMIN not in by.role_keys:
        mine = sellers.filter(team_id__in=scope_of(by).team_ids) if MANAGER in by.role_keys else sellers.none()
        sellers = mine | sellers.filter(pk=by.pk)
    rows = sellers.values_list("pk", "username", "display_name", "email")
    return _unambiguous((name, pk) for pk, *names in rows for name in names)


def team_names(by: User | None) -> dict[str, int]:
    """By which names the person may put leads into the queue of which team."""
    return _unambiguous((team.name, team.pk) for team in teams_for(by))


def _unambiguous(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, set[int]] = {}
    for name, pk in pairs:
        if name:
            found.setdefault(alike(name), set()).add(pk)
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}

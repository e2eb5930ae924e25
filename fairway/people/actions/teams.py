"""Making, naming, moving and archiving teams."""

from datetime import datetime
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.translation import gettext as _

from fairway.people import audit
from fairway.people.actions.access import require_admin
from fairway.people.actions.checked import check_fields, one_change
from fairway.people.errors import Reason, Refused
from fairway.people.models import Team, User
from fairway.people.models.team import MAX_DEPTH

_NAMED = ("name", "parent", "archived_at")
"""What the constraints on names look at."""


def create_team(name: str, *, parent: Team | None = None, by: User | None, now: datetime) -> Team:
    """Make a team under `parent`, or a top one. Raises Forbidden, Refused (no name, name taken, too deep…)."""
    require_admin(by)
    with one_change():
        above = _locked(parent)
        _check_parent(above, levels=1)
        team = Team(name=name.strip(), parent=above)
        check_fields(team, _NAMED)
        team.save()
        _note("team.created", team, by, now, {}, {"name": team.name, "parent": team.parent_id})
    return team


def rename_team(team: Team, name: str, *, by: User | None, now: datetime) -> Team:
    """Give the team another name. Raises Forbidden, Refused (no name, name taken beside it)."""
    require_admin(by)
    with one_change():
        stored = _get(team)
        before = stored.name
        stored.name = name.strip()
        if stored.name != before:
            check_fields(stored, _NAMED)
            stored.save(update_fields=["name"])
            _note("team.renamed", stored, by, now, {"name": before}, {"name": stored.name})
    return stored


def move_team(team: Team, parent: Team | None, *, by: User | None, now: datetime) -> Team:
    """Put the team, with every team below it, under `parent`, or at the top. Raises Forbidden, Refused for a circle."""
    require_admin(by)
    with one_change():
        # all teams are locked, few as they are: of two moves at once each alone is fine and both together a circle
        teams = {one.pk: one for one in Team.objects.select_for_update(no_key=True).order_by("pk")}
        stored, above = teams[team.pk], teams[parent.pk] if parent is not None else None
        if stored.parent_id == (above.pk if above else None):
            return stored
        if above is not None and above.path.startswith(stored.path):
            raise Refused(Reason("circle", _("A team cannot be part of itself or of a team below it."), "parent"))
        below = [one for one in teams.values() if one.path.startswith(stored.path)]
        _check_parent(above, levels=max(one.depth for one in below) - stored.depth + 1)
        _rewrite(stored, above)
        before = stored.parent_id
        stored.parent = above
        check_fields(stored, _NAMED)
        stored.save(update_fields=["parent"])
        stored.refresh_from_db()
        _note("team.moved", stored, by, now, {"parent": before}, {"parent": stored.parent_id})
    return stored


def archive_team(team: Team, *, by: User | None, now: datetime) -> Team:
    """Put the team away; its rows stay visible to those above. Raises Forbidden, Refused while anybody is in it."""
    require_admin(by)
    with one_change():
        stored = _get(team)
        if stored.archived_at is not None:
            return stored
        reasons = []
        if User.objects.filter(team=stored, is_active=True).exists():
            reasons.append(Reason("members", _("People are still in this team. Move them first.")))
        if Team.objects.current().filter(parent=stored).exists():
            reasons.append(Reason("teams_below", _("There are teams below this one. Move or archive them first.")))
        if reasons:
            raise Refused(*reasons)
        stored.archived_at = now
        stored.save(update_fields=["archived_at"])
        _note("team.archived", stored, by, now, {}, {"archived_at": now})
    return stored


def restore_team(team: Team, *, by: User | None, now: datetime) -> Team:
    """Bring an archived team back. Raises Forbidden, Refused when its name is taken or the team above is archived."""
    require_admin(by)
    with one_change():
        stored = _get(team)
        if stored.archived_at is None:
            return stored
        before, stored.archived_at = stored.archived_at, None
        _check_parent(stored.parent, levels=1)
        check_fields(stored, _NAMED)
        stored.save(update_fields=["archived_at"])
        _note("team.restored", stored, by, now, {"archived_at": before}, {})
    return stored


def _get(team: Team) -> Team:
    return Team.objects.select_for_update(of=("self",), no_key=True).select_related("parent").get(pk=team.pk)


def _locked(parent: Team | None) -> Team | None:
    return Team.objects.select_for_update(no_key=True).get(pk=parent.pk) if parent is not None else None


def _check_parent(parent: Team | None, *, levels: int) -> None:
    """Refuse a parent that is archived, or under which `levels` more levels do not fit."""
    if parent is not None and parent.archived_at is not None:
        raise Refused(Reason("archived_team", _("This team is archived."), "parent"))
    if (parent.depth if parent else 0) + levels > MAX_DEPTH:
        raise Refused(Reason("too_deep", _("Teams may lie %d levels deep at most.") % MAX_DEPTH, "parent"))


def _rewrite(team: Team, above: Team | None) -> None:
    """Write the new paths of the team and all below it in one statement."""
    start = f"{above.path if above else '/'}{team.pk}/"
    rest = Substr(F("path"), Length(Value(team.path)) + 1)
    Team.objects.under(team.path).update(path=Concat(Value(start), rest))


def _note(
    action: str, team: Team, by: User | None, now: datetime, before: dict[str, Any], after: dict[str, Any]
) -> None:
    audit.record(action, by=by, now=now, kind="team", subject_id=team.pk, name=team.name, before=before, after=after)

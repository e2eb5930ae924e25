"""People and teams, for administrators."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import now, person, posted
from fairway.api.paging import Page, page_of
from fairway.api.replies import reply
from fairway.api.types import Body, Id, ItemId
from fairway.people import holdings
from fairway.people.actions import roles as role_actions
from fairway.people.actions import teams as team_actions
from fairway.people.actions import users as user_actions
from fairway.people.actions.checked import one_change
from fairway.people.doors import door
from fairway.people.models import Team, User
from fairway.people.roles import ADMIN
from fairway.people.scopes import ADMIN_SCOPE

users = Router(tags=["administration"])
teams = Router(tags=["administration"])
for_admins = door(scope=ADMIN_SCOPE, roles=(ADMIN,))
USER_COLUMNS = (
    "id", "username", "display_name", "email", "phone", "team_id", "language", "timezone", "territories",
    "industries", "joined_roles", "is_active", "last_login",
)  # fmt: skip
TEAM_COLUMNS = ("id", "name", "parent_id", "path", "archived_at")


class AdminUserOut(Schema):
    """A person with everything that an administrator keeps of them."""

    id: int
    username: str
    name: str
    email: str
    phone: str
    team: int | None
    roles: list[str]
    language: str
    timezone: str
    territories: list[str]
    industries: list[str]
    active: bool
    last_signed_in: datetime | None


class AdminUserPage(Schema):
    """A page of people."""

    items: list[AdminUserOut]
    next: str | None


class UserIn(Body):
    """What may be written of a person; what is left out stays."""

    username: str | None = Field(None, min_length=1, max_length=150)
    name: str | None = Field(None, min_length=1, max_length=100)
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=32)
    team: Id | None = None
    roles: list[str] | None = Field(None, max_length=8)
    language: str | None = Field(None, pattern="^(zh-hans|en)?$")
    timezone: str | None = Field(None, max_length=64)
    territories: list[str] | None = Field(None, max_length=100)
    industries: list[str] | None = Field(None, max_length=100)


class NewUserIn(UserIn):
    """A new person; `invite` writes to them with a link to choose a password."""

    username: str = Field(min_length=1, max_length=150)
    name: str = Field(min_length=1, max_length=100)
    invite: bool = False


class LeaveIn(Body):
    """Who takes over what the person has in hand; without it stays where it is."""

    hand_over_to: Id | None = None
    why: str = Field("", max_length=200)


class TeamOut(Schema):
    """A team; `path` is the ids from the top down to it, between slashes."""

    id: int
    name: str
    parent: int | None
    path: str
    archived_at: datetime | None


class TeamPage(Schema):
    """A page of teams."""

    items: list[TeamOut]
    next: str | None


class TeamIn(Body):
    """What may be written of a team. `parent` null puts it at the top."""

    name: str | None = Field(None, min_length=1, max_length=100)
    parent: Id | None = None


class NewTeamIn(TeamIn):
    """A new team."""

    name: str = Field(min_length=1, max_length=100)


def _user(row: dict[str, Any]) -> dict[str, Any]:
    roles = sorted((row["joined_roles"] or "").split(",")) if row["joined_roles"] else []
    return {
        "id": row["id"], "username": row["username"], "name": row["display_name"], "email": row["email"],
        "phone": row["phone"], "team": row["team_id"], "roles": roles, "language": row["language"],
        "timezone": row["timezone"], "territories": row["territories"], "industries": row["industries"],
        "active": row["is_active"], "last_signed_in": row["last_login"],
    }  # fmt: skip


def _people() -> QuerySet[User]:
    return User.objects.with_roles()


def _one_user(user_id: int, *, status: int = 200) -> HttpResponse:
    return reply(_user(dict(_people().values(*USER_COLUMNS).get(pk=user_id))), status=status)


def _fields(body: UserIn) -> dict[str, Any]:
    """What was sent, by the names of the columns."""
    given = body.dict(exclude_unset=True, exclude={"roles", "invite"})
    fields = {{"name": "display_name"}.get(name, name): value for name, value in given.items()}
    if "team" in fields:
        fields["team"] = Team.objects.get(pk=fields["team"]) if fields["team"] else None
    return {name: value for name, value in fields.items() if value is not None or name == "team"}


@users.get("", response={200: AdminUserPage}, operation_id="admin_users_list")
@for_admins
def list_users(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """List people with all that is kept of them."""
    return reply(page_of(_people(), USER_COLUMNS, page, _user))


@users.post("", response={201: AdminUserOut}, operation_id="admin_users_create")
@for_admins
@posted
def create_user(request: HttpRequest, body: NewUserIn) -> HttpResponse:
    """Make a person, and invite them."""
    by, at = person(request), now()
    with one_change():
        fields = {"email": "", **_fields(body)}
        user = user_actions.create_user(**fields, roles=body.roles or (), by=by, now=at)
        if body.invite:
            user_actions.invite(user, site=request.build_absolute_uri("/"), by=by, now=at)
    return _one_user(user.pk, status=201)


@users.get("/{item}", response={200: AdminUserOut}, operation_id="admin_users_get")
@for_admins
def get_user(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one person."""
    return _one_user(item)


@users.patch("/{item}", response={200: AdminUserOut}, operation_id="admin_users_change")
@for_admins
def change_user(request: HttpRequest, item: ItemId, body: UserIn) -> HttpResponse:
    """Change a person, their team and roles."""
    user, by, at = User.objects.get(pk=item), person(request), now()
    with one_change():
        user_actions.change_user(user, **_fields(body), by=by, now=at)
        if body.roles is not None:
            role_actions.set_roles(user, body.roles, by=by, now=at)
    return _one_user(item)


@users.post("/{item}/deactivate", response={200: AdminUserOut}, operation_id="admin_users_deactivate")
@for_admins
@posted
def deactivate(request: HttpRequest, item: ItemId, body: LeaveIn) -> HttpResponse:
    """Shut a person out, and hand on what they have in hand."""
    user, by, at = User.objects.get(pk=item), person(request), now()
    to = User.objects.get(pk=body.hand_over_to) if body.hand_over_to is not None else None
    with one_change():
        user_actions.deactivate(user, by=by, now=at)
        if to is not None:
            holdings.hand_on(user, to=to, why=body.why, by=by, now=at)
    return _one_user(item)


@users.post("/{item}/reactivate", response={200: AdminUserOut}, operation_id="admin_users_reactivate")
@for_admins
@posted
def reactivate(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Let a person in again."""
    user_actions.reactivate(User.objects.get(pk=item), by=person(request), now=now())
    return _one_user(item)


@users.post("/{item}/invite", response={200: AdminUserOut}, operation_id="admin_users_invite")
@for_admins
@posted
def invite(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Write to a person with a link to choose a password."""
    site = request.build_absolute_uri("/")
    user_actions.invite(User.objects.get(pk=item), site=site, by=person(request), now=now())
    return _one_user(item)


# -- teams -------------------------------------------------------------------------------------------------------------


def _team(row: dict[str, Any]) -> dict[str, Any]:
    return {"parent" if name == "parent_id" else name: row[name] for name in TEAM_COLUMNS}


def _one_team(team_id: int, *, status: int = 200) -> HttpResponse:
    return reply(_team(dict(Team.objects.values(*TEAM_COLUMNS).get(pk=team_id))), status=status)


@teams.get("", response={200: TeamPage}, operation_id="teams_list")
@for_admins
def list_teams(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """List teams, archived ones too."""
    return reply(page_of(Team.objects.all(), TEAM_COLUMNS, page, _team))


@teams.post("", response={201: TeamOut}, operation_id="teams_create")
@for_admins
@posted
def create_team(request: HttpRequest, body: NewTeamIn) -> HttpResponse:
    """Make a team."""
    parent = Team.objects.get(pk=body.parent) if body.parent is not None else None
    team = team_actions.create_team(body.name, parent=parent, by=person(request), now=now())
    return _one_team(team.pk, status=201)


@teams.patch("/{item}", response={200: TeamOut}, operation_id="teams_change")
@for_admins
def change_team(request: HttpRequest, item: ItemId, body: TeamIn) -> HttpResponse:
    """Rename a team, or move it with all that is below it."""
    team, by, at = Team.objects.get(pk=item), person(request), now()
    with one_change():
        if body.name is not None:
            team_actions.rename_team(team, body.name, by=by, now=at)
        if "parent" in body.dict(exclude_unset=True):
            parent = Team.objects.get(pk=body.parent) if body.parent is not None else None
            team_actions.move_team(team, parent, by=by, now=at)
    return _one_team(item)


@teams.post("/{item}/archive", response={200: TeamOut}, operation_id="teams_archive")
@for_admins
@posted
def archive(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Put an empty team away."""
    team_actions.archive_team(Team.objects.get(pk=item), by=person(request), now=now())
    return _one_team(item)


@teams.post("/{item}/restore", response={200: TeamOut}, operation_id="teams_restore")
@for_admins
@posted
def restore(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Bring an archived team back."""
    team_actions.restore_team(Team.objects.get(pk=item), by=person(request), now=now())
    return _one_team(item)

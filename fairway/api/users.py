"""People, as far as colleagues see them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from fairway.api.asking import person
from fairway.api.paging import Page, page_of
from fairway.api.replies import reply
from fairway.api.types import ItemId
from fairway.people.doors import door
from fairway.people.models import User

router = Router(tags=["users"])
COLUMNS = ("id", "display_name", "team_id", "joined_roles", "is_active")


class UserOut(Schema):
    """A person: name, team and roles."""

    id: int
    name: str
    team: int | None
    roles: list[str]
    active: bool


class UserPage(Schema):
    """A page of people."""

    items: list[UserOut]
    next: str | None


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """A person as the API gives them."""
    roles = sorted((row["joined_roles"] or "").split(",")) if row["joined_roles"] else []
    return {
        "id": row["id"], "name": row["display_name"], "team": row["team_id"], "roles": roles, "active": row["is_active"]
    }  # fmt: skip


def _people() -> Any:
    return User.objects.with_roles()


@router.get("", response={200: UserPage}, operation_id="users_list")
@door(scope="users:read")
def list_users(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """List people."""
    return reply(page_of(_people(), COLUMNS, page, shape))


@router.get("/self", response={200: UserOut}, operation_id="users_self")
@door(scope="users:read")
def get_self(request: HttpRequest) -> HttpResponse:
    """Give the person whose token or session this is."""
    return reply(shape(_people().values(*COLUMNS).get(pk=person(request).pk)))


@router.get("/{item}", response={200: UserOut}, operation_id="users_get")
@door(scope="users:read")
def get_user(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one person."""
    return reply(shape(_people().values(*COLUMNS).get(pk=item)))

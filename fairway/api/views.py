"""Kept views of lists."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import now, person, posted
from fairway.api.problems import Problem
from fairway.api.replies import reply
from fairway.api.types import Body, ItemId
from fairway.lists.actions import views
from fairway.lists.errors import Misread
from fairway.lists.listing import listing_of, listings
from fairway.lists.queries import KeptView, kept_views
from fairway.people.doors import door
from fairway.people.models import User

router = Router(tags=["views"])
ListKey = Literal["leads", "deals", "complaints", "accounts", "contacts", "tasks", "records"]


class ViewOut(Schema):
    """A kept view of a list. `share` is own, team, or the key of the role that sees it first."""

    id: int
    list: str
    name: str
    query: str = Field(description="The query of the list's address: filter, order, columns, grouping.")
    share: str
    owner: int
    owner_name: str
    pinned: bool
    home: bool = Field(description="Whether the list opens with it, for the person.")
    may_change: bool
    changed_at: datetime


class ViewsAsked(Schema):
    """Which views."""

    list: ListKey | None = None


class NewView(Body):
    """A view to keep."""

    list: ListKey
    name: str = Field(min_length=1, max_length=80)
    query: str = Field("", max_length=4000, examples=["f=grade:A,B;score:14..&sort=-due&cols=company,score"])
    share: str = Field("own", max_length=20, description="own, team, or a role's key (administrators).")
    pinned: bool = False


class ChangedView(Body):
    """What changes of a view; what is left out stays. `pinned` and `home` are the person's own."""

    name: str | None = Field(None, min_length=1, max_length=80)
    query: str | None = Field(None, max_length=4000)
    share: str | None = Field(None, max_length=20)
    pinned: bool | None = None
    home: bool | None = None


def shape(one: KeptView) -> dict[str, Any]:
    """A view as the API gives it."""
    view = one.view
    return {
        "id": view.pk, "list": view.listing, "name": view.name, "query": view.query, "share": one.share,
        "owner": view.owner_id, "owner_name": view.owner.display_name, "pinned": one.pinned, "home": one.home,
        "may_change": one.mine, "changed_at": view.changed_at,
    }  # fmt: skip


def _one(item: int, user: User) -> dict[str, Any]:
    key = views.seen(user).values_list("listing", flat=True).get(pk=item)
    return next(shape(one) for one in kept_views(listing_of(key), user) if one.view.pk == item)


def _misread(misread: Misread) -> Problem:
    errors = [{"field": "query", "code": "filter", "message": str(misread)}]
    return Problem(422, "invalid", str(misread), errors=errors)


@router.get("", response={200: list[ViewOut]}, operation_id="views_list")
@door(scope="views:read")
def list_views(request: HttpRequest, asked: Query[ViewsAsked]) -> HttpResponse:
    """List the kept views that one may use: own, the team's, one's role's; by list and name."""
    keys = [asked.list] if asked.list else list(listings())
    return reply([shape(one) for key in keys for one in kept_views(listing_of(key), person(request))])


@router.post("", response={201: ViewOut}, operation_id="views_save")
@door(scope="views:write")
@posted
def save_view(request: HttpRequest, body: NewView) -> HttpResponse:
    """Keep a view of a list; one's own of the same name is changed."""
    user = person(request)
    try:
        view = views.save_view(
            body.list, body.name, body.query, share=body.share, pinned=body.pinned, by=user, now=now()
        )
    except Misread as misread:
        raise _misread(misread) from misread
    return reply(_one(view.pk, user), status=201)


@router.get("/{item}", response={200: ViewOut}, operation_id="views_get")
@door(scope="views:read")
def get_view(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one kept view."""
    return reply(_one(item, person(request)))


@router.patch("/{item}", response={200: ViewOut}, operation_id="views_change")
@door(scope="views:write")
def change_view(request: HttpRequest, item: ItemId, body: ChangedView) -> HttpResponse:
    """Change a kept view; pin it, or let the list open with it."""
    user = person(request)
    views.seen(user).values("pk").get(pk=item)
    try:
        if {"name", "query", "share"} & body.model_fields_set:
            views.change_view(item, name=body.name, query=body.query, share=body.share, by=user, now=now())
    except Misread as misread:
        raise _misread(misread) from misread
    if {"pinned", "home"} & body.model_fields_set:
        views.mark_view(item, pinned=body.pinned, home=body.home, by=user)
    return reply(_one(item, user))


@router.delete("/{item}", response={204: None}, operation_id="views_delete")
@door(scope="views:write")
def delete_view(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Delete a kept view, for everybody who had it."""
    user = person(request)
    views.seen(user).values("pk").get(pk=item)
    views.delete_view(item, by=user, now=now())
    return HttpResponse(status=204)

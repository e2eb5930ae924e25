"""Keeping views: one's own, the team's, and what a role sees first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from fairway.lists.asking import Asker
from fairway.lists.listing import Listing, listings
from fairway.lists.models import SavedView, ViewMark
from fairway.lists.reading import Reading
from fairway.lists.view import View, check
from fairway.people import audit
from fairway.people.errors import Forbidden, Reason, Refused
from fairway.people.models import User
from fairway.people.roles import MANAGER, ROLES
from fairway.people.scope import scope_of

OWN, TEAM = "own", "team"
"""With whom a view is shared; else it is the key of a role."""
LONGEST_NAME = 80
LONGEST_QUERY = 4000
MOST_VIEWS = 200


def may_change(view: SavedView, by: User) -> bool:
    """Whether the person may change the view: its owner, an administrator, of a team's view a manager over the team."""
    scope = scope_of(by)
    if scope.is_admin or view.owner_id == by.pk:
        return scope.is_admin or not view.role
    return view.team_id is not None and MANAGER in scope.roles and view.team_id in scope.team_ids


@transaction.atomic
def save_view(
    key: str, name: str, query: str, *, share: str = OWN, pinned: bool = False, by: User, now: datetime
) -> SavedView:  # fmt: skip
    """Keep a view of the list `key` under a name. `query` is its address; `share` is own, team or a role's key.

    Raises Refused for a name or list that is none, Misread for a query that the list does not know, Forbidden where the
    person may not share so. The same name again by the same person: that view is changed.
    """
    listing = _listing(key)
    values = {"name": _named(name), "query": canonical(listing, query, by, now), **_shared(share, by, key)}
    same = SavedView.objects.filter(listing=key, owner=by, name=values["name"]).first()
    if same is not None:
        view = change_view(same.pk, name=name, query=query, share=share, by=by, now=now)
    else:
        if SavedView.objects.filter(owner=by).count() >= MOST_VIEWS:
            raise Refused(Reason("many", _("You have %(most)s views; delete one first.") % {"most": MOST_VIEWS}))
        view = SavedView.objects.create(listing=key, owner=by, created_at=now, changed_at=now, **values)
        audit.record("view.saved", by=by, now=now, kind="view", subject_id=view.pk, name=view.name, after=_told(view))
    if pinned:
        mark_view(view.pk, pinned=True, by=by)
    return view


@transaction.atomic
def change_view(
    view_id: int, *, name: str | None = None, query: str | None = None, share: str | None = None, by: User,
    now: datetime,
) -> SavedView:  # fmt: skip
    """Change a kept view; what is None stays, and what is the same already changes nothing."""
    view = _mine(view_id, by)
    before, listing = _told(view), _listing(view.listing)
    if name is not None:
        view.name = _named(name)
    if query is not None:
        view.query = canonical(listing, query, by, now)
    if share is not None:
        for field, value in _shared(share, by, view.listing, besides=view.pk).items():
            setattr(view, field, value)
    after = _told(view)
    if after == before:
        return view
    view.changed_at, view.revision = now, view.revision + 1
    view.save()
    changed = {field for field in after if after[field] != before[field]}
    audit.record(
        "view.changed", by=by, now=now, kind="view", subject_id=view.pk, name=view.name,
        before={field: before[field] for field in changed}, after={field: after[field] for field in changed},
    )  # fmt: skip
    return view


@transaction.atomic
def delete_view(view_id: int, *, by: User, now: datetime) -> None:
    """Delete a kept view, for everybody who had it."""
    view = _mine(view_id, by)
    audit.record("view.deleted", by=by, now=now, kind="view", subject_id=view.pk, name=view.name, before=_told(view))
    view.delete()


@transaction.atomic
def mark_view(view_id: int, *, pinned: bool | None = None, home: bool | None = None, by: User) -> ViewMark:
    """Pin a view to the head of one's list, or let the list open with it; None leaves it as it is."""
    view = seen(by).get(pk=view_id)
    mark, _new = ViewMark.objects.get_or_create(user=by, view=view)
    if home:
        ViewMark.objects.filter(user=by, view__listing=view.listing).update(home=False)
    mark.pinned = mark.pinned if pinned is None else pinned
    mark.home = mark.home if home is None else home
    mark.save()
    return mark


def seen(by: User) -> Any:
    """The kept views that a person may use: own, of the teams and those above, of one's roles."""
    above = [int(part) for part in by.team.path.split("/") if part] if by.team is not None else []
    return SavedView.objects.visible_to(scope_of(by), above)


def canonical(listing: Listing, query: str, by: User, now: datetime) -> str:
    """A query as the list itself would write it, without a page. Raises Misread for what the list does not know."""
    asked = QueryDict(query.removeprefix("?")).dict()
    asked.pop("view", None)
    check(listing, asked)
    view = View.of(listing, asked).first_page()
    Reading(listing, view, Asker.of(by, now))
    written = view.query()
    if len(written) > LONGEST_QUERY:
        raise Refused(Reason("long", _("This view says too much to be kept."), "query"))
    return written


def _listing(key: str) -> Listing:
    if key not in listings():
        raise Refused(Reason("list", _("There is no such list."), "list"))
    return listings()[key]


def _named(name: str) -> str:
    found = " ".join(name.replace("\x00", "").split())
    if not found or len(found) > LONGEST_NAME:
        message = _("A view needs a name of at most %(longest)s characters.") % {"longest": LONGEST_NAME}
        raise Refused(Reason("name", message, "name"))
    return found


def _shared(share: str, by: User, key: str, besides: int = 0) -> dict[str, Any]:
    if share == OWN:
        return {"team": None, "role": ""}
    if share == TEAM:
        if by.team is None:
            raise Refused(Reason("share", _("You are in no team to share it with."), "share"))
        return {"team": by.team, "role": ""}
    if share not in ROLES:
        raise Refused(Reason("share", _("A view is one's own, the team's, or a role's."), "share"))
    if not scope_of(by).is_admin:
        raise Forbidden(_("Only an administrator says what a role sees first."))
    if SavedView.objects.filter(listing=key, role=share).exclude(pk=besides).exists():
        raise Refused(Reason("role", _("This role has a view of this list already."), "share"))
    return {"team": None, "role": share}


def _mine(view_id: int, by: User) -> SavedView:
    view: SavedView = seen(by).select_for_update().get(pk=view_id)
    if not may_change(view, by):
        raise Forbidden(_("This view is somebody else's; keep one of your own."))
    return view


def _told(view: SavedView) -> dict[str, Any]:
    return {"name": view.name, "query": view.query, "team": view.team_id, "role": view.role}

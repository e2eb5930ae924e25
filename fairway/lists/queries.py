"""Reads of kept views."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from fairway.lists.actions.views import may_change, seen
from fairway.lists.listing import Listing
from fairway.lists.models import SavedView, ViewMark
from fairway.people.models import User


@dataclass(frozen=True, slots=True)
class KeptView:
    """A kept view as one person has it: pinned to the head of the list, opened first, theirs to change."""

    view: SavedView
    pinned: bool
    home: bool
    mine: bool

    @property
    def query(self) -> str:
        """The query of its address, which names it."""
        return "&".join(part for part in (f"view={self.view.pk}", self.view.query) if part)

    @property
    def share(self) -> str:
        """With whom it is shared: own, team, or the role's key."""
        return self.view.role or ("team" if self.view.team_id else "own")


def kept_views(listing: Listing, user: User) -> list[KeptView]:
    """The kept views of a list that a person may use, by name. One query."""
    marks = ViewMark.objects.filter(user=user, view=OuterRef("pk"))
    rows = seen(user).filter(listing=listing.key).select_related("owner", "team")
    found = rows.annotate(is_pinned=Exists(marks.filter(pinned=True)), is_home=Exists(marks.filter(home=True)))
    return [KeptView(one, one.is_pinned, one.is_home, may_change(one, user)) for one in found.order_by("name", "id")]


def home_of(views: list[KeptView], user: User) -> KeptView | None:
    """The view with which a list opens for a person: the one they chose, else the one of their role."""
    chosen = next((one for one in views if one.home), None)
    return chosen or next((one for one in views if one.view.role in user.role_keys and one.view.role), None)

"""The filter language of the lists (`fairway/lists/tree.py`), as a parameter of the API's lists."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from ninja import Field

from fairway.api.asking import now
from fairway.api.problems import Problem
from fairway.lists.asking import Asker
from fairway.lists.conditions import build
from fairway.lists.errors import Misread
from fairway.lists.listing import listing_of
from fairway.lists.tree import MOST_CHARACTERS, read
from fairway.people.models import User

FilterText = Annotated[
    str | None,
    Field(
        max_length=MOST_CHARACTERS, examples=["grade:A,B;(owner:me|score:14..)"],
        description="Conditions as the address of the list has them, with and (`;`) and or (`|`).",
    ),
]  # fmt: skip
"""A filter as the address of a list writes it."""


def meant(key: str, text: str | None, user: User) -> Q:
    """What a filter on a list leaves for a person; everything without one. Raises Problem."""
    if not text:
        return Q()
    listing, asker = listing_of(key), Asker.of(user, now())
    try:
        node = read(text)
        trusted = listing.trusted(asker.scope) if listing.trusted else None
        return build(node, listing.columns, asker, trusted) if node is not None else Q()
    except Misread as misread:
        errors = [{"field": "filter", "code": "filter", "message": str(misread)}]
        raise Problem(422, "invalid", _("Some fields need another look."), errors=errors) from misread


def filtered_by(rows: QuerySet[Any], key: str, text: str | None, user: User) -> QuerySet[Any]:
    """The rows that a filter on a list leaves. Raises Problem."""
    return rows.filter(meant(key, text, user)) if text else rows

"""The record before and the one behind, in the list that one came from."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.core import signing
from django.http import QueryDict
from django.utils import timezone

from fairway.lists.asking import Asker
from fairway.lists.errors import Misread
from fairway.lists.listing import Listing, listings
from fairway.lists.reading import Reading
from fairway.lists.view import View
from fairway.people.models import User

PARAMETER = "from"
"""The name by which an address carries the token."""
_SALT = "fairway.lists.neighbours"
_LONGEST = 3000


class Neighbours(NamedTuple):
    """Ids of the records beside one (None: it is the first or last), its place from 1, and how many there are.

    `position` is None where it no longer stands in the list, or stands behind the first ten thousand; `total` is None
    for more than ten thousand. `url` leads back to the list.
    """

    previous_id: int | None
    next_id: int | None
    position: int | None
    total: int | None
    url: str


def token_of(listing: Listing, view: View) -> str:
    """What a link to a record carries, so that the record knows the list: signed, and good for anybody's own rows."""
    return signing.Signer(salt=_SALT).sign_object([listing.key, view.first_page().query()], compress=True)


def read_token(token: str) -> tuple[Listing, View] | None:
    """The list and view that a token means; None for one that is not ours."""
    try:
        key, query = signing.Signer(salt=_SALT).unsign_object(token[:_LONGEST])
        listing = listings()[key]
        return listing, View.of(listing, QueryDict(query).dict())
    except (signing.BadSignature, KeyError, ValueError, TypeError):
        return None


def neighbours(token: str, item: int, user: User, *, now: datetime | None = None) -> Neighbours | None:
    """What stands beside the record `item` (its id: of the lead, deal, company …) in the view of a token.

    None for a token that is none, and for a record that the person may not see. One that has left the view meanwhile
    keeps the neighbours of the place where it would stand. At most fourteen queries, seven where the
    order is not one of the runs.
    """
    read = read_token(token)
    if read is None:
        return None
    listing, view = read
    try:
        reading = Reading(listing, view, Asker.of(user, now or timezone.now()))
    except Misread:
        return None
    return _beside(reading, item)


def _beside(reading: Reading, item: int) -> Neighbours | None:
    place = reading.place_of(item)
    if place is None:
        return None
    previous, following = (reading.rows(1, place=place, backwards=backwards) for backwards in (True, False))
    total = reading.count()
    there = reading.holds(item)
    before = reading.count_before(place) if there else None
    return Neighbours(
        previous_id=previous[0]["id"] if previous else None,
        next_id=following[0]["id"] if following else None,
        position=before.number + 1 if before is not None and not before.more else None,
        total=None if total.more else total.number,
        url=f"/{reading.listing.key}?{reading.view.query()}",
    )  # fmt: skip

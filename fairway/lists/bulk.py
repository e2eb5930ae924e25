"""One deed on many rows: the same action that a record's page calls, row by row, each saying how it went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fairway.engine.refused import Refused
from fairway.lists.asking import Asker
from fairway.lists.columns import Row
from fairway.lists.deeds import Deed, Values
from fairway.lists.listing import Listing
from fairway.lists.reading import Reading
from fairway.lists.view import View
from fairway.people.errors import Refused as PeopleRefused
from fairway.runs.errors import Invalid, Stale
from fairway.runs.texts import say

MOST = 500
"""So many rows at once; each is a transaction of its own."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one row: `why` is empty when it went."""

    title: str
    url: str
    why: str


class Missing(ValueError):
    """A deed was not told all that it asks for; the message says what."""


def chosen(listing: Listing, asker: Asker, ids: Iterable[str]) -> list[Row]:
    """The rows with these ids that the asker may see, newest first; at most five hundred."""
    wanted = [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 19][:MOST]
    found = listing.seen(asker.scope).filter(pk__in=wanted).order_by("-pk")
    return list(found.values(*paths(listing)))


def whole(listing: Listing, asker: Asker, view: View) -> list[Row]:
    """The rows of a view, in its order; at most five hundred and one, which says that there are too many."""
    return Reading(listing, replace(view, columns=listing.defaults[:1]), asker).rows(MOST + 1)


def paths(listing: Listing) -> Sequence[str]:
    """What is read of a row to name it and to act on it."""
    return tuple(dict.fromkeys([*listing.always, *listing.columns[listing.main].paths]))


def told(deed: Deed, given: Mapping[str, str], asker: Asker) -> dict[str, str]:
    """The values that a deed asks for. Raises Missing with every one that is not there, or is no choice."""
    values, wrong = {}, []
    for ask in deed.asks:
        value = given.get(ask.name, "").replace("\x00", "").strip()
        known = {str(key) for key, _name in ask.choices(asker)} if ask.choices else None
        if (not value and not ask.optional) or (value and known is not None and value not in known):
            wrong.append(_("“%(label)s” is missing.") % {"label": ask.label})
        values[ask.name] = value
    if wrong:
        raise Missing(" ".join(wrong))
    return values


def do(deed: Deed, listing: Listing, rows: Sequence[Row], values: Values, asker: Asker) -> list[Outcome]:
    """Do it to each row. What one of them refuses keeps none of the others from it."""
    main = listing.columns[listing.main]
    found = []
    for row in rows:
        name = str(main.value(row, asker) if main.value else row[main.path])
        found.append(Outcome(name, listing.url(row), _tried(deed, row, values, asker)))
    return found


def _tried(deed: Deed, row: Row, values: Values, asker: Asker) -> str:
    try:
        deed.act(row, values, asker)
    except Refused as refused:
        return " ".join(say(reason.text) for reason in refused.reasons)
    except PeopleRefused as refused:
        return " ".join(str(reason.message) for reason in refused.reasons)
    except Invalid as invalid:
        return " ".join(error.text(get_language() or "zh-hans") for error in invalid.errors)
    except PermissionDenied as forbidden:
        return str(forbidden) or _("You may not do this.")
    except Stale:
        return _("A colleague changed it at the same moment; try again.")
    return ""

"""The four views that every list of runs has: everything, one's own, nobody's, what is late; with their counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from fairway.lists.asking import Asker
from fairway.lists.listing import Listing
from fairway.lists.reading import MOST_COUNTED, Counted
from fairway.lists.sight import parts
from fairway.lists.view import View
from fairway.runs.models import Run


@dataclass(frozen=True, slots=True)
class Tab:
    """One of them: its name, the quick filters that make it, whether it is the present one, how many rows it has."""

    title: str
    quick: Mapping[str, str]
    current: bool
    count: Counted | None


def known(listing: Listing) -> list[tuple[str, Mapping[str, str]]]:
    """The tabs of a list by key, with the quick filters that make them."""
    mine = listing.mine
    found: list[tuple[str, Mapping[str, str]]] = [
        ("all", {}), ("mine", {mine: "me"}), ("nobody", {mine: "none"}), ("late", {"late": "1"}),
    ]  # fmt: skip
    return [one for one in found if all(name in listing.quick for name in one[1])]


def tabs(listing: Listing, view: View, counts: Mapping[str, Counted]) -> list[Tab]:
    """The tabs of a list, each with its count where there is one (by key)."""
    titles = {"all": _("All I see"), "mine": _("Mine"), "nobody": _("Unassigned"), "late": _("Late")}
    now = present(listing, view)
    return [Tab(titles[key], quick, key == now and not view.saved, counts.get(key)) for key, quick in known(listing)]


def present(listing: Listing, view: View) -> str:
    """The tab that the view is; empty for none of them."""
    now = {name: value for name, value in view.quick.items() if name in (listing.mine, "late")}
    return next((key for key, quick in known(listing) if quick == now), "")


def plain(listing: Listing, view: View) -> bool:
    """Whether nothing but a tab narrows the view: then every tab can say how many it has."""
    return not (view.text or view.filter or view.group or set(view.quick) - {listing.mine, "late"})


def counted(listing: Listing, asker: Asker) -> dict[str, Counted]:
    """How many open rows the asker sees, owns, may take, and has late: from an index of the runs. Five queries at most.

    An administrator sees everything; beyond ten thousand the others are not counted.
    """
    scope, face = asker.scope, listing.face
    if scope.is_admin and _bounded(face):
        return {"all": Counted(MOST_COUNTED, more=True)}
    total = dict.fromkeys(("all", "mine", "nobody", "late"), 0)
    for part in parts(asker, face):
        counts = Run.objects.open().filter(face=face).filter(part).order_by().aggregate(
            all=Count("pk"),
            mine=Count("pk", filter=Q(owner_id=scope.user_id)),
            nobody=Count("pk", filter=Q(owner_id=None)),
            late=Count("pk", filter=Q(next_due__lt=asker.now)),
        )  # fmt: skip
        total = {key: total[key] + counts[key] for key in total}
    return {key: Counted(min(number, MOST_COUNTED), more=number > MOST_COUNTED) for key, number in total.items()}


def _bounded(face: str) -> bool:
    """Whether there are more open runs of a face than are counted."""
    return Run.objects.open().filter(face=face).order_by().values("pk")[: MOST_COUNTED + 1].count() > MOST_COUNTED

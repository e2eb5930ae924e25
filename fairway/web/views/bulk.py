"""One deed on many rows of a list: asked about first, then done row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from fairway.lists import bulk
from fairway.lists.asking import Asker
from fairway.lists.columns import Row
from fairway.lists.deeds import Deed
from fairway.lists.errors import Misread
from fairway.lists.listing import Listing, listings
from fairway.lists.view import View
from fairway.people.doors import door
from fairway.web.views.person import person

NAMED = 12


@require_POST
@door(signed_in=True)
def list_bulk(request: HttpRequest, key: str) -> HttpResponse:
    """Ask about a deed on the chosen rows, or on all of a view; do it once that is answered."""
    listing = listings().get(key)
    if listing is None:
        raise Http404
    asker = Asker.of(person(request), timezone.now())
    deed = next((one for one in listing.deeds if one.key == request.POST.get("do")), None)
    if deed is None or not deed.may(asker):
        raise Http404
    rows, wrong = _rows(request, listing, asker)
    if wrong:
        messages.error(request, wrong)
        return redirect(_back(request, listing))
    if not request.POST.get("sure"):
        return _ask(request, listing, deed, rows, asker)
    try:
        values = bulk.told(deed, request.POST.dict(), asker)
    except bulk.Missing as missing:
        return _ask(request, listing, deed, rows, asker, wrong=str(missing), status=422)
    return _told(request, listing, deed, bulk.do(deed, listing, rows, values, asker))


def _rows(request: HttpRequest, listing: Listing, asker: Asker) -> tuple[Sequence[Row], str]:
    """The rows that are meant, or why there are none."""
    if request.POST.get("all"):
        try:
            view = View.of(listing, QueryDict(request.POST.get("query", "")).dict())
            rows = bulk.whole(listing, asker, view)
        except Misread as misread:
            return (), str(misread)
        if len(rows) > bulk.MOST:
            return (), _("These are more than %(most)s rows; narrow the list first.") % {"most": bulk.MOST}
    else:
        rows = bulk.chosen(listing, asker, request.POST.getlist("id"))
    return rows, "" if rows else _("Choose at least one row.")


def _ask(
    request: HttpRequest, listing: Listing, deed: Deed, rows: Sequence[Row], asker: Asker, *, wrong: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    main = listing.columns[listing.main]
    names = [str(main.value(row, asker) if main.value else row[main.path]) for row in rows[:NAMED]]
    fields = [
        {
            "name": ask.name, "label": str(ask.label), "type": "select" if ask.choices else "text",
            "options": ask.choices(asker) if ask.choices else None, "value": request.POST.get(ask.name, ""),
            "required": not ask.optional, "help": str(ask.help), "wide": True,
        }
        for ask in deed.asks
    ]  # fmt: skip
    context = {
        "title": str(deed.title), "deed": deed, "listing": listing, "names": names, "rest": len(rows) - len(names),
        "ids": [row["id"] for row in rows], "fields": fields, "wrong": wrong, "back": _back(request, listing),
    }  # fmt: skip
    return render(request, "pages/bulk_ask.html", context, status=status)


def _told(request: HttpRequest, listing: Listing, deed: Deed, outcomes: Sequence[bulk.Outcome]) -> HttpResponse:
    refused = [one for one in outcomes if one.why]
    back = _back(request, listing)
    if not refused:
        done = ngettext("%(deed)s: %(count)s row.", "%(deed)s: %(count)s rows.", len(outcomes))
        messages.success(request, done % {"deed": deed.title, "count": len(outcomes)})
        return redirect(back)
    context: dict[str, Any] = {
        "title": str(deed.title), "outcomes": [*refused, *(one for one in outcomes if not one.why)], "back": back,
        "went": len(outcomes) - len(refused),
    }  # fmt: skip
    return render(request, "pages/bulk_result.html", context, status=409)


def _back(request: HttpRequest, listing: Listing) -> str:
    """The list that the rows were chosen on: one of ours, never another site's."""
    given = request.POST.get("back", "")
    return given if given.startswith("/") and not given.startswith(("//", "/\\")) else f"/{listing.key}"

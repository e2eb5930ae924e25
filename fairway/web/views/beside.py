"""To the record before or behind, in the list that one came from."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.lists.neighbours import PARAMETER, neighbours, read_token
from fairway.people.doors import door
from fairway.web.views.person import person

PAGES = {"leads": "lead", "deals": "deal", "complaints": "complaint", "accounts": "account", "contacts": "contact"}


def came_from(request: HttpRequest, page: str) -> str:
    """The token in the address, where it is of a list whose rows are such pages (`lead`, `account`); else empty."""
    token = request.GET.get(PARAMETER, "")
    read = read_token(token) if token else None
    return token if read is not None and PAGES.get(read[0].key) == page else ""


@require_safe
@door(signed_in=True)
def beside(request: HttpRequest) -> HttpResponse:
    """Lead on to the neighbour; at either end, back to the record with a word about it, or to the list."""
    token, item = request.GET.get(PARAMETER, ""), request.GET.get("item", "")
    number = int(item) if item.isascii() and item.isdigit() and len(item) < 19 else 0
    found = neighbours(token, number, person(request))
    read = read_token(token)
    if found is None or read is None or read[0].key not in PAGES:
        raise Http404
    way = request.GET.get("way", "")
    if way == "list":
        return redirect(found.url)
    other = found.previous_id if way == "previous" else found.next_id
    if other is None:
        messages.info(request, _("This is the first one.") if way == "previous" else _("This is the last one."))
    page = reverse(PAGES[read[0].key], args=[other or number])
    return redirect(f"{page}?{urlencode({PARAMETER: token})}")

"""Finding records and actions: the palette's options, and the same as a page of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.people.doors import door
from fairway.search import queries
from fairway.search.kinds import Kind
from fairway.search.queries import Hit
from fairway.web.palette import actions
from fairway.web.views.person import person

ON_PAGE = 20
ACTIONS = 5


@require_safe
@door(signed_in=True)
def search_page(request: HttpRequest) -> HttpResponse:
    """Everything that is found, up to twenty of each kind; without a text, where one may go."""
    by, text = person(request), request.GET.get("q", "").strip()[: queries.LONGEST]
    found = queries.find(text, by=by, most=ON_PAGE)
    context = {
        "title": _("Search"), "text": text, "groups": _groups(found), "actions": actions(by.role_keys, text),
        "too_short": bool(text) and queries.too_short(text), "most": ON_PAGE,
    }  # fmt: skip
    return render(request, "pages/search.html", context)


@require_safe
@door(signed_in=True)
def search_options(request: HttpRequest) -> HttpResponse:
    """What the palette shows for a text; for none, what may be done and what was opened last (`recent`: addresses)."""
    by, text = person(request), request.GET.get("q", "").strip()[: queries.LONGEST]
    offered = actions(by.role_keys, text)
    context: dict[str, Any] = {"text": text, "actions": offered[:ACTIONS] if text else offered}
    if text:
        context |= {"groups": _groups(queries.find(text, by=by)), "too_short": queries.too_short(text)}
    else:
        context["recent"] = queries.known(request.GET.get("recent", "").split(","), by=by)
    return render(request, "pages/search_options.html", context)


def _groups(found: Iterable[Hit]) -> list[tuple[Kind, list[Hit]]]:
    return [(kind, list(hits)) for kind, hits in itertools.groupby(found, key=lambda hit: hit.kind)]

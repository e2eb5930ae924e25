"""The board of deals by stage: a card that is moved asks the SOP, which may say no."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fairway.deals.actions import SELLERS
from fairway.deals.models import Deal
from fairway.engine.refused import Refused
from fairway.lists.errors import Misread
from fairway.people.doors import door
from fairway.people.scope import scope_of
from fairway.runs import actions
from fairway.runs.errors import Stale
from fairway.runs.texts import say, stage_title
from fairway.sops.programs import program_of
from fairway.web.context import wants_part
from fairway.web.listed.board import BoardPage
from fairway.web.record.said import ADVANCE, Opened, Said
from fairway.web.views.person import person
from fairway.web.views.run import seen, show


@require_safe
@door(signed_in=True)
def deal_board(request: HttpRequest) -> HttpResponse:
    """The open deals of one SOP, a column for each stage, in lanes where the address asks for them."""
    by = person(request)
    may = {"may_start": bool(SELLERS & by.role_keys), "may_move": bool(SELLERS & by.role_keys)}
    try:
        page = BoardPage(request, by, timezone.now())
        if request.GET.get("part") == "cards" and wants_part(request):
            return render(request, "pages/deal_cards.html", {**may, **page.part()})
        context = page.context()
    except Misread as misread:
        wrong = {"title": _("Deals"), "misread": str(misread)}
        return render(request, "pages/deal_board.html", {**may, **wrong}, status=422)
    return render(request, "pages/deal_board.html", {**may, **context})


@require_POST
@door(roles=SELLERS)
def deal_move(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Move a deal to a stage of the board: on through the gate, or back with a reason."""
    by, now = person(request), timezone.now()
    visible = Deal.objects.visible_to(scope_of(by)).select_related("run", "account")
    deal = get_object_or_404(visible, pk=deal_id)
    to, why = request.POST.get("to", ""), request.POST.get("why", "").strip()
    given = request.POST.get("revision", "")
    revision = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
    program = program_of(deal.run.version_id)
    stage = program.stages.get(deal.run.stage)
    goes_back = stage is not None and to in stage.back and to not in stage.next
    context: dict[str, Any] = {
        "title": deal.name, "deal": deal, "url": f"/deals/{deal.pk}", "to": to, "goes_back": goes_back,
        "from_title": stage_title(program, deal.run.stage), "to_title": stage_title(program, to),
    }  # fmt: skip
    if goes_back and not why:
        return render(request, "pages/deal_move.html", context, status=409)
    try:
        if goes_back:
            actions.go_back(deal.run_id, to=to, why=why, by=by, now=now, revision=revision)
        else:
            actions.advance(deal.run_id, to=to, by=by, now=now, revision=revision)
    except Refused as refused:
        if stage is not None and to in stage.next:
            why_not = Said(QueryDict(), reasons=refused.reasons)
            return show(request, seen(request, deal.run_id), opened=Opened(then=f"{ADVANCE}{to}"), said=why_not)
        context["reasons"] = [{"text": say(one.text), "url": ""} for one in refused.reasons]
        return render(request, "pages/deal_move.html", context, status=409)
    except Stale as stale:
        context["stale"] = stale
        return render(request, "pages/deal_move.html", context, status=409)
    said = _("%(deal)s is at “%(stage)s” now.") % {"deal": deal.name, "stage": context["to_title"]}
    messages.success(request, said)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The board as it was seen, with its filters and lanes."""
    home = reverse("deal-board")
    given = request.POST.get("next") or request.headers.get("HX-Current-URL", "")
    parts = urlsplit(given)
    return f"{home}?{parts.query}" if parts.path == home and parts.query else home

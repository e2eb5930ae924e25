"""The board of deals by stage: a card that is moved asks the SOP, which may say no."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fairway.deals import queries
from fairway.deals.actions import SELLERS
from fairway.deals.models import Deal
from fairway.engine.refused import Refused
from fairway.people.doors import door
from fairway.people.scope import scope_of
from fairway.runs import actions
from fairway.runs.errors import Stale
from fairway.runs.queries.lists import OPEN, tab_counts
from fairway.runs.texts import say, stage_title
from fairway.sops.programs import program_of
from fairway.web.lists import same_view, view_tabs
from fairway.web.views.deals import deal_fields, row
from fairway.web.views.person import person


@require_safe
@door(signed_in=True)
def deal_board(request: HttpRequest) -> HttpResponse:
    """The open deals of one SOP, a lane for each stage."""
    by, now = person(request), timezone.now()
    filters = replace(queries.DealFilters.of(request.GET), state=OPEN)
    fields = deal_fields(filters, by)
    sops = fields["sop"]["options"]
    if filters.sop not in dict(sops):
        filters = replace(filters, sop=sops[0][0] if sops else "")
    fields["sop"] |= {"value": filters.sop, "required": True}
    counts = tab_counts(queries.deals(filters.without_view(), by=by, now=now), by=by, now=now)
    lanes = [
        {"lane": lane, "cards": [card(deal) for deal in lane.cards], "more": same_view(request, stage=lane.key)}
        for lane in queries.board(filters, by=by, now=now)
    ]
    context = {
        "title": _("Deals"), "fields": fields, "tabs": view_tabs(request, counts, filters), "lanes": lanes,
        "list_query": same_view(request), "may_start": bool(SELLERS & by.role_keys),
        "may_move": bool(SELLERS & by.role_keys),
    }  # fmt: skip
    return render(request, "pages/deal_board.html", context)


def card(deal: Deal) -> dict[str, Any]:
    """A deal as a card, with the ways that its stage knows, for the menu that needs no script."""
    program = program_of(deal.run.version_id)
    stage = program.stages.get(deal.run.stage)
    ways = [*(stage.next if stage else ()), *(stage.back if stage else ())]
    return {**row(deal), "ways": [(key, stage_title(program, key)) for key in ways]}


@require_POST
@door(roles=SELLERS)
def deal_move(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Move a deal to a stage of the board: on through the gate, or back with a reason."""
    by, now = person(request), timezone.now()
    seen = Deal.objects.visible_to(scope_of(by)).select_related("run", "account")
    deal = get_object_or_404(seen, pk=deal_id)
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
        context["reasons"] = [_reason(one, deal) for one in refused.reasons]
        return render(request, "pages/deal_move.html", context, status=409)
    except Stale as stale:
        context["stale"] = stale
        return render(request, "pages/deal_move.html", context, status=409)
    said = _("%(deal)s is at “%(stage)s” now.") % {"deal": deal.name, "stage": context["to_title"]}
    messages.success(request, said)
    return redirect("deal-board")


def _reason(reason: Any, deal: Deal) -> dict[str, str]:
    step = f"?step={reason.step}" if reason.step else ""
    return {"text": say(reason.text), "url": f"/deals/{deal.pk}{step}" if step else ""}

"""The list of deals, and a new deal with a company that is known."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.deals import queries
from fairway.deals.actions import SELLERS, start_deal
from fairway.deals.models import Deal
from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.roles import MANAGER
from fairway.runs.queries.lists import number_of, outcome_choices, stage_choices
from fairway.runs.texts import stage_title
from fairway.sops.programs import program_of
from fairway.web.listed.show import show
from fairway.web.lists import filter_fields, heirs, same_view, select
from fairway.web.pickers import CompanyPick
from fairway.web.views.person import person


@require_safe
@door(signed_in=True)
def deal_list(request: HttpRequest) -> HttpResponse:
    """The deals that the person may see, with what they come to."""
    more = {"may_start": bool(SELLERS & person(request).role_keys), "board_query": same_view(request)}
    return show(request, "deals", "pages/deals.html", more)


def deal_fields(filters: queries.DealFilters, by: User) -> dict[str, dict[str, Any]]:
    """The filter fields that list and board share."""
    fields = filter_fields(
        filters, by=by, stages=stage_choices("deal", face="deal"), outcomes=outcome_choices("deal"),
        placeholder=_("Deal, company, contact, contract, number"),
    )  # fmt: skip
    sops = queries.sop_choices()
    fields["sop"] = {"name": "sop", "id": "filter_sop", **select(_("SOP"), filters.sop, sops)}
    label = _("Standing still")
    fields["still"] = {
        "name": "still", "id": "filter_still", "type": "checkbox", "label": label, "value": filters.still,
    }  # fmt: skip
    return fields


def row(deal: Deal) -> dict[str, Any]:
    """One deal as list and board show it."""
    program = program_of(deal.run.version_id)
    return {
        "deal": deal, "run": deal.run, "number": number_of(deal.run), "url": f"/deals/{deal.pk}",
        "stage": stage_title(program, deal.run.stage),
    }  # fmt: skip


@door(roles=SELLERS)
def deal_new(request: HttpRequest) -> HttpResponse:
    """Start a deal with a company: a repurchase, or a project of a key account."""
    by, now = person(request), timezone.now()
    choices = queries.startable(queries.sop_choices())
    pick = CompanyPick(request.POST if request.method == "POST" else None, text=request.GET.get("company", ""))
    if request.method == "POST":
        sop, name = request.POST.get("sop", ""), request.POST.get("name", "").strip()
        if sop in dict(choices) and (account := pick.account(by, now)) is not None:
            owner = _owner(request, by)
            deal = start_deal(sop, account=account, name=name or account.name, owner=owner, by=by, now=now)
            if deal.created_at != now:
                messages.info(request, _("A deal with this company is under way already; here it is."))
            return redirect(f"/deals/{deal.pk}")
    context = {
        "title": _("New deal"), "pick": pick, "heirs": heirs(by), "me": str(by.pk),
        "sop": {
            "name": "sop", "type": "radio", "label": _("SOP"), "options": choices, "required": True,
            "value": request.POST.get("sop") or (choices[0][0] if choices else ""),
        },
        "name": {
            "name": "name", "label": _("Name of the deal"), "value": request.POST.get("name", ""),
            "help": _("Left blank, it is called like the company."),
        },
    }  # fmt: skip
    return render(request, "pages/deal_new.html", context, status=422 if request.method == "POST" else 200)


def _owner(request: HttpRequest, by: User) -> User:
    """Who is to have it: oneself, or somebody whom one may give runs to."""
    wanted = request.POST.get("owner", "")
    allowed = {pk for pk, _name in heirs(by)}
    return User.objects.get(pk=int(wanted)) if MANAGER in by.role_keys and wanted in allowed else by

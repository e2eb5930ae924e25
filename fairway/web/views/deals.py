"""The list of deals, and a new deal with a company that is known."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.deals import queries
from fairway.deals.actions import SELLERS, start_deal
from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.roles import MANAGER
from fairway.web.listed.show import show
from fairway.web.lists import heirs, same_view
from fairway.web.pickers import CompanyPick
from fairway.web.views.person import person


@require_safe
@door(signed_in=True)
def deal_list(request: HttpRequest) -> HttpResponse:
    """The deals that the person may see, with what they come to."""
    more = {"may_start": bool(SELLERS & person(request).role_keys), "board_query": same_view(request)}
    return show(request, "deals", "pages/deals.html", more)


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

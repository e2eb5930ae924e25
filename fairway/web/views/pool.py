"""The public pool: leads to claim, and recycled ones to wake."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fairway.engine.refused import Refused
from fairway.leads import pool, queries
from fairway.leads.models import Lead
from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.queries import page_of
from fairway.people.roles import POOL_ROLES
from fairway.people.scope import scope_of
from fairway.runs.queries.lists import number_of
from fairway.runs.texts import reason_title, say
from fairway.sops.programs import program_of
from fairway.web.lists import page_number
from fairway.web.views.person import person


@require_safe
@door(roles=POOL_ROLES)
def pool_list(request: HttpRequest) -> HttpResponse:
    """What lies in the pool, and how much of it the person may still take."""
    return _show(request, by_tab=request.GET.get("tab", ""), reasons=(), status=200)


def _show(request: HttpRequest, *, by_tab: str, reasons: Any, status: int) -> HttpResponse:
    by, now = person(request), timezone.now()
    asleep = by_tab == "recycled"
    both = {"unowned": pool.unowned(by=by), "recycled": pool.recycled(by=by)}
    page = page_of(both["recycled" if asleep else "unowned"], page_number(request))
    other = both["unowned" if asleep else "recycled"].count()
    counts = {"unowned": other if asleep else page.total, "recycled": page.total if asleep else other}
    labels = {"unowned": _("Unassigned"), "recycled": _("Recycled")}
    titles = queries.source_titles()
    industries = dict(queries.listed("industry"))
    context = {
        "title": _("Pool"), "page": page, "asleep": asleep, "reasons": [say(reason.text) for reason in reasons],
        "rows": [_row(lead, titles, industries) for lead in page.rows], "quota": pool.quota(by, now),
        "may_claim": bool(pool.CLAIMERS & by.role_keys), "tab": "recycled" if asleep else "unowned",
        "tabs": [
            {"key": key, "label": labels[key], "count": counts[key], "url": f"/pool?tab={key}"} for key in labels
        ],
    }  # fmt: skip
    return render(request, "pages/pool.html", context, status=status)


def _row(lead: Lead, sources: dict[str, str], industries: dict[str, str]) -> dict[str, Any]:
    run = lead.run
    why = reason_title(program_of(run.version_id), run.outcome, run.reason) if run.outcome and run.reason else ""
    return {
        "lead": lead, "run": run, "number": number_of(run), "source": sources.get(lead.source, lead.source),
        "industry": industries.get(lead.industry, lead.industry), "why": why,
    }  # fmt: skip


@require_POST
@door(roles=pool.CLAIMERS)
def pool_claim(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Take a lead out of the pool: claim one that nobody owns, or wake a recycled one."""
    by, now = person(request), timezone.now()
    asleep = bool(request.POST.get("asleep"))
    try:
        lead = pool.wake(lead_id, by=by, now=now) if asleep else _claim(lead_id, by)
    except Lead.DoesNotExist as gone:
        raise Http404 from gone
    except Refused as refused:
        return _show(request, by_tab="recycled" if asleep else "", reasons=refused.reasons, status=409)
    messages.success(request, _("%(company)s is yours.") % {"company": lead.company})
    return redirect(f"/leads/{lead.pk}")


def _claim(lead_id: int, by: User) -> Lead:
    """Claim a lead that the person sees. Raises Lead.DoesNotExist."""
    lead = Lead.objects.visible_to(scope_of(by)).get(pk=lead_id)
    pool.claim(lead.run_id, by=by, now=timezone.now())
    return lead

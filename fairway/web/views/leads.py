"""The list of leads, a new lead, and leads handed over together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.duplicates.entry import leads_like
from fairway.leads.actions import REGISTERERS, SOP, Duplicate, register_lead
from fairway.leads.models import Lead
from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.roles import MANAGER, REP
from fairway.people.scope import scope_of
from fairway.runs import kinds
from fairway.runs.errors import Invalid
from fairway.runs.queries.lists import number_of
from fairway.runs.texts import stage_title
from fairway.sops.programs import program_of
from fairway.web.forms import rows_changed, typed
from fairway.web.forms.first_form import FirstForm
from fairway.web.listed.show import show
from fairway.web.views.person import person


@require_safe
@door(signed_in=True)
def lead_list(request: HttpRequest) -> HttpResponse:
    """The leads that the person may see."""
    by = person(request)
    more = {"may_register": bool(REGISTERERS & by.role_keys), "sees_pool": scope_of(by).sees_pool}
    return show(request, "leads", "pages/leads.html", more)


# -- a new lead --------------------------------------------------------------------------------------------------------


@door(roles=REGISTERERS)
def lead_new(request: HttpRequest) -> HttpResponse:
    """Register a lead by the SOP's own form; one that is there already is shown first."""
    by, now = person(request), timezone.now()
    first = FirstForm(SOP, by, now)
    if request.method != "POST":
        return _show_new(request, first, {**first.blank()}, duplicates=[])
    raw = typed(first.form, request.POST)
    changed = rows_changed(first.form, raw, request.POST)
    if changed is not None:
        return _show_new(request, first, changed, duplicates=[])
    found = _duplicates(first, raw, by)
    errors = first.mistakes(raw)
    if errors:
        return _show_new(request, first, raw, duplicates=found, errors=errors, status=422)
    if found and not request.POST.get("anyway"):
        return _show_new(request, first, raw, duplicates=found, asked=True, status=409)
    try:
        lead = register_lead(raw, by=by, now=now, zone=first.zone, owner=_owner(request, by))
    except Invalid as invalid:
        return _show_new(request, first, raw, duplicates=found, errors=invalid.errors, status=422)
    messages.success(request, _("%(number)s is registered.") % {"number": number_of(lead.run)})
    if request.POST.get("then") == "again":
        return redirect("lead-new")
    # The rules may have given it to another team at once.
    is_seen = Lead.objects.visible_to(scope_of(by)).filter(pk=lead.pk).exists()
    return redirect(f"/leads/{lead.pk}" if is_seen else "leads")


@door(roles=REGISTERERS)
def lead_duplicates(request: HttpRequest) -> HttpResponse:
    """Leads like the one that is being typed, as a part of the page."""
    by = person(request)
    first = FirstForm(SOP, by, timezone.now())
    found = _duplicates(first, typed(first.form, request.POST), by)
    return render(request, "pages/lead_duplicates.html", {"duplicates": found})


def _duplicates(first: FirstForm, raw: dict[str, Any], by: User) -> list[dict[str, Any]]:
    facts = first.facts(raw)
    company, phone, email = (str(facts.get(f"lead.{name}") or "") for name in ("company", "phone", "email"))
    return [_duplicate(one) for one in leads_like(company=company, phone=phone, email=email, viewer=by)]


def _duplicate(one: Duplicate) -> dict[str, Any]:
    same = {
        "phone": _("the same phone"),
        "email": _("the same e-mail"),
        "company": _("the same company"),
        "name": _("a near-same company"),
        "domain": _("the same domain"),
    }
    run, pages = one.lead.run, kinds.pages([(one.lead.run_id, one.lead.run.face)]) if one.visible else {}
    return {
        "lead": one.lead, "run": run, "visible": one.visible, "by": [same[name] for name in one.by if name in same],
        "stage": stage_title(program_of(run.version_id), run.stage), "url": pages.get(run.pk, ""),
    }  # fmt: skip


def _owner(request: HttpRequest, by: User) -> User | None:
    """Oneself when one asked to keep it; else the SOP's rules find somebody."""
    return by if request.POST.get("keep") and {REP, MANAGER} & by.role_keys else None


def _show_new(
    request: HttpRequest, first: FirstForm, raw: dict[str, Any], *, duplicates: list[dict[str, Any]],
    errors: Any = (), asked: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    by = person(request)
    context = {
        "title": _("New lead"), "form": first.shown(raw, errors=errors, options={}), "duplicates": duplicates,
        "asked": asked, "may_keep": bool({REP, MANAGER} & by.role_keys),
        "keep": bool(request.POST.get("keep")) if request.method == "POST" else REP in by.role_keys,
    }  # fmt: skip
    return render(request, "pages/lead_new.html", context, status=status)

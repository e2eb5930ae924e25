"""The list of complaints, and taking one in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.care.actions import COMPLAINT_SOP, TAKERS, register_complaint
from fairway.customers.models import Account
from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs.errors import Invalid
from fairway.runs.queries.lists import number_of
from fairway.web.forms import rows_changed, typed
from fairway.web.forms.first_form import FirstForm
from fairway.web.listed.show import show
from fairway.web.pickers import CompanyPick
from fairway.web.views.person import person


@require_safe
@door(signed_in=True)
def complaint_list(request: HttpRequest) -> HttpResponse:
    """The complaints that the person may see, each with its clock."""
    return show(request, "complaints", "pages/complaints.html", {"may_take": bool(TAKERS & person(request).role_keys)})


@door(roles=TAKERS)
def complaint_new(request: HttpRequest) -> HttpResponse:
    """Take in a complaint by the SOP's own form; the company is found by its name, and may be left open."""
    by, now = person(request), timezone.now()
    first = FirstForm(COMPLAINT_SOP, by, now, asked_apart=("account",))
    if request.method != "POST":
        return _show(request, first, dict(first.blank()), CompanyPick(text=_named(request, by)))
    raw, pick = typed(first.form, request.POST), CompanyPick(request.POST)
    changed = rows_changed(first.form, raw, request.POST)
    if changed is not None:
        return _show(request, first, changed, pick)
    errors = first.mistakes(raw)
    if errors:
        return _show(request, first, raw, pick, errors=errors, status=422)
    account = pick.account(by, now) if pick.text else None
    if pick.error:
        return _show(request, first, raw, pick, status=422)
    try:
        said = {**raw, "account": str(account.pk)} if account else raw
        complaint = register_complaint(said, by=by, now=now, zone=first.zone)
    except Invalid as invalid:
        return _show(request, first, raw, pick, errors=invalid.errors, status=422)
    messages.success(request, _("%(number)s is registered.") % {"number": number_of(complaint.run)})
    return redirect(f"/complaints/{complaint.pk}")


def _named(request: HttpRequest, by: User) -> str:
    """The company that the address names by its id, if one sees it."""
    given = request.GET.get("account", "")
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        return ""
    found = Account.objects.visible_to(scope_of(by)).filter(pk=int(given)).first()
    return found.name if found else ""


def _show(
    request: HttpRequest, first: FirstForm, raw: dict[str, Any], pick: CompanyPick, *, errors: Any = (),
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {"title": _("New complaint"), "form": first.shown(raw, errors=errors), "pick": pick}
    return render(request, "pages/complaint_new.html", context, status=status)

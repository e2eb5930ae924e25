"""The list of complaints, and taking one in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.care import queries
from fairway.care.actions import COMPLAINT_SOP, TAKERS, register_complaint
from fairway.care.models import Complaint
from fairway.customers.models import Account
from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.queries import page_of
from fairway.people.roles import MANAGER, REP
from fairway.people.scope import scope_of
from fairway.runs.errors import Invalid
from fairway.runs.queries.lists import number_of, outcome_choices, stage_choices, tab_counts
from fairway.runs.texts import stage_title
from fairway.sops.programs import program_of
from fairway.web import exports
from fairway.web.forms import rows_changed, typed
from fairway.web.forms.first_form import FirstForm
from fairway.web.lists import filter_fields, heirs, page_number, same_view, select, view_tabs
from fairway.web.pickers import CompanyPick
from fairway.web.views.person import person

LEVEL_TONES = {"urgent": "bad", "major": "warn", "normal": "neutral"}


@require_safe
@door(signed_in=True)
def complaint_list(request: HttpRequest) -> HttpResponse:
    """The complaints that the person may see, each with its clock."""
    by, now = person(request), timezone.now()
    filters = queries.ComplaintFilters.of(request.GET)
    page = page_of(queries.complaints(filters, by=by, now=now), page_number(request))
    counts = tab_counts(queries.complaints(filters.without_view(), by=by, now=now), by=by, now=now)
    categories = queries.category_choices()
    fields = filter_fields(
        filters, by=by, stages=stage_choices("complaint", face="complaint"), outcomes=outcome_choices("complaint"),
        placeholder=_("Company, complainant, content, number"), grades=False,
    )  # fmt: skip
    levels = [(key, str(title)) for key, title in Complaint.LEVELS]
    fields["level"] = {"name": "level", "id": "filter_level", **select(_("Level"), filters.level, levels)}
    fields["category"] = {
        "name": "category", "id": "filter_category", **select(_("Kind of problem"), filters.category, categories),
    }  # fmt: skip
    context = {
        "title": _("Complaints"), "page": page, "rows": [row(one, dict(categories)) for one in page.rows],
        "fields": fields, "tabs": view_tabs(request, counts, filters), "may_take": bool(TAKERS & by.role_keys),
        "export_query": same_view(request), "heirs": heirs(by) if {REP, MANAGER} & by.role_keys else [],
        "filtered": bool(request.GET),
    }  # fmt: skip
    return render(request, "pages/complaints.html", context)


def row(one: Complaint, categories: dict[str, str]) -> dict[str, Any]:
    """One complaint as the list shows it."""
    return {
        "complaint": one, "run": one.run, "number": number_of(one.run), "url": f"/complaints/{one.pk}",
        "tone": LEVEL_TONES.get(one.level, "neutral"), "category": categories.get(one.category, one.category),
        "stage": stage_title(program_of(one.run.version_id), one.run.stage),
    }  # fmt: skip


@require_safe
@door(signed_in=True)
def complaint_export(request: HttpRequest) -> HttpResponseBase:
    """What is seen, as a file."""
    categories = dict(queries.category_choices())
    found = queries.complaints(queries.ComplaintFilters.of(request.GET), by=person(request), now=timezone.now())
    head = (
        _("Number"), _("Company"), _("Complainant"), _("Level"), _("Kind of problem"), _("Content"), _("Stage"),
        _("Owner"), _("Next due"), _("Received"),
    )  # fmt: skip
    rows = (
        (
            number_of(one.run), one.account or "", one.complainant, one.get_level_display(),
            categories.get(one.category, one.category), one.content,
            stage_title(program_of(one.run.version_id), one.run.stage), one.run.owner or "",
            exports.moment(one.run.next_due), exports.moment(one.received_at),
        )
        for one in found.iterator(chunk_size=500)
    )  # fmt: skip
    return exports.csv_response("complaints", head, rows)


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

"""Money to come in: payment nodes by due time, with what is owed by age."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.queries import page_of
from fairway.people.scope import scope_of
from fairway.receivables import queries
from fairway.receivables.models import Node
from fairway.runs import kinds
from fairway.runs.queries.lists import ME, NOBODY, owner_choices, team_choices
from fairway.web import exports, formats
from fairway.web.lists import page_number, same_view, select
from fairway.web.views.person import person

TONES = {"ahead": "", "undated": "", "late30": "warn", "late60": "bad", "late90": "bad", "older": "bad"}


def bucket_titles() -> dict[str, str]:
    """What each age is called."""
    return {
        "undated": _("No due date yet"), "ahead": _("Not due yet"), "late30": _("Up to 30 days late"),
        "late60": _("31 to 60 days late"), "late90": _("61 to 90 days late"), "older": _("Over 90 days late"),
    }  # fmt: skip


@require_safe
@door(signed_in=True)
def receivable_list(request: HttpRequest) -> HttpResponse:
    """The payment nodes that the person may see."""
    by, now = person(request), timezone.now()
    filters = queries.NodeFilters.of(request.GET)
    found = queries.nodes(filters, by=by, now=now)
    page = page_of(found, page_number(request))
    titles = bucket_titles()
    pages = kinds.pages((node.run_id, node.run.face) for node in page.rows)
    stats = [
        {
            "label": titles[one.key], "value": formats.short_money(one.owed, one.currency), "tone": TONES[one.key],
            "href": same_view(request, bucket=one.key),
            "note": _("%(count)s nodes") % {"count": one.count}, "current": one.key == filters.bucket,
        }
        for one in queries.buckets(filters, by=by, now=now)
    ]  # fmt: skip
    context = {
        "title": _("Receivables"), "page": page, "stats": stats, "sums": queries.sums(found),
        "rows": [{"node": node, "run": node.run, "url": pages.get(node.run_id, "")} for node in page.rows],
        "fields": _fields(filters, by), "export_query": same_view(request), "filtered": bool(request.GET),
    }  # fmt: skip
    return render(request, "pages/receivables.html", context)


def _fields(filters: queries.NodeFilters, by: User) -> dict[str, dict[str, Any]]:
    states = [(queries.OPEN, _("Still owed")), (queries.SETTLED, _("Settled")), (queries.ALL, _("All"))]
    owners = [(ME, _("Me")), (NOBODY, _("Nobody")), *owner_choices(by)]
    fields = {
        "q": {
            "type": "search", "label": _("Search"), "value": filters.text,
            "placeholder": _("Company, node, contract, number"),
        },
        "bucket": select(_("Age"), filters.bucket, list(bucket_titles().items())),
        "state": {**select(_("State"), filters.state, states), "required": True},
        "owner": select(_("Owner"), filters.owner, owners),
        "team": select(_("Team"), filters.team, team_choices(scope_of(by))),
    }  # fmt: skip
    return {name: {"name": name, "id": f"filter_{name}", **field} for name, field in fields.items()}


@require_safe
@door(signed_in=True)
def receivable_export(request: HttpRequest) -> HttpResponseBase:
    """What is seen, as a file."""
    found = queries.nodes(queries.NodeFilters.of(request.GET), by=person(request), now=timezone.now())
    titles = bucket_titles()
    head = (
        _("Company"), _("Node"), _("Share (%)"), _("Currency"), _("Amount"), _("Received"), _("Deducted"),
        _("Written off"), _("Still owed"), _("Due"), _("Age"), _("Owner"),
    )  # fmt: skip
    rows = (_cells(node, titles) for node in found.iterator(chunk_size=500))
    return exports.csv_response("receivables", head, rows)


def _cells(node: Node, titles: dict[str, str]) -> tuple[object, ...]:
    due = node.task.due_at if node.task else None
    amounts = (node.amount, node.received, node.deducted, node.written_off, node.outstanding)
    return (
        node.run.account or node.run.title, node.title, node.percent.normalize(), node.currency,
        *(exports.major(amount) for amount in amounts), exports.moment(due),
        titles[getattr(node, "bucket")], node.run.owner or "",  # noqa: B009 - the query adds it
    )  # fmt: skip

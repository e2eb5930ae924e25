"""The manager's page: what waits for a verdict, what is late, what stands still, how much lies with whom."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.deals.queries import DealFilters, deals
from fairway.people.doors import door
from fairway.people.roles import ADMIN, MANAGER
from fairway.runs import kinds
from fairway.runs.models import Task
from fairway.runs.queries import team
from fairway.runs.queries.lists import number_of
from fairway.runs.texts import role_title, stage_title, step_title
from fairway.sops.programs import program_of
from fairway.web.views.person import person

SHOWN = 20


@require_safe
@door(roles=(MANAGER, ADMIN))
def manage(request: HttpRequest) -> HttpResponse:
    """What the teams of a manager wait for."""
    by, now = person(request), timezone.now()
    waiting, nobody = team.waiting_approvals(by), team.without_anybody(by)
    approvals, orphans = list(waiting[:SHOWN]), list(nobody[:SHOWN])
    still = deals(DealFilters(still=True), by=by, now=now)
    standing = list(still[:SHOWN])
    pages = kinds.pages((task.run_id, task.run.face) for task in [*approvals, *orphans])
    missed = team.missed(by, now)
    totals = {"approvals": waiting.count(), "nobody": nobody.count(), "still": still.count()}
    context = {
        "title": _("Team"), "stats": _stats(totals, missed), "totals": totals,
        "approvals": [_task(task, pages) for task in approvals], "orphans": [_task(task, pages) for task in orphans],
        "standing": [
            {
                "deal": deal, "run": deal.run, "number": number_of(deal.run), "url": f"/deals/{deal.pk}",
                "stage": stage_title(program_of(deal.run.version_id), deal.run.stage),
                "last": getattr(deal, "last_done", None),
            }
            for deal in standing
        ],
        "loads": team.loads(by, now),
    }  # fmt: skip
    return render(request, "pages/manage.html", context)


def _stats(totals: dict[str, int], missed: dict[str, int]) -> list[dict[str, Any]]:
    rows = [
        (_("Approvals waiting"), totals["approvals"], "#approvals", "warn"),
        (_("Late leads"), missed.get("lead", 0), "/leads?late=1", "bad"),
        (_("Late deals"), missed.get("deal", 0), "/deals?late=1", "bad"),
        (_("Late complaints"), missed.get("complaint", 0), "/complaints?late=1", "bad"),
        (_("Deals standing still"), totals["still"], "/deals?still=1", "warn"),
        (_("Work without anybody"), totals["nobody"], "#nobody", "bad"),
    ]
    return [
        {"label": label, "value": value, "href": _leads_on(href, value), "tone": tone if value else ""}
        for label, value, href, tone in rows
    ]


def _leads_on(href: str, value: int) -> str:
    """Where a figure leads: rows further down only while there are any."""
    return "" if href.startswith("#") and not value else href


def _task(task: Task, pages: dict[int, str]) -> dict[str, Any]:
    program = program_of(task.run.version_id)
    reasons = {
        "no_address": _("The customer has no mail address"), "no_owner": _("Nobody owns it"),
        "no_holder": _("Nobody holds the role"),
    }  # fmt: skip
    return {
        "task": task, "run": task.run, "url": f"{pages.get(task.run_id) or f'/runs/{task.run_id}'}?task={task.pk}",
        "title": step_title(program, task.step, task.item), "role": role_title(task.role),
        "why": reasons.get(task.exception, task.exception),
    }  # fmt: skip

"""What waits to be delivered, what could not be, and clocks that are held."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fairway.people.queries import page_of
from fairway.runs import clock, jobs, kinds
from fairway.runs.models import Job
from fairway.runs.queries import outbox
from fairway.web.lists import page_number
from fairway.web.views.admin_people import for_admins
from fairway.web.views.person import person

FIRST = 20


@require_safe
@for_admins
def outbox_page(request: HttpRequest) -> HttpResponse:
    """Show the outbox and the clocks."""
    now = timezone.now()
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    page = page_of(outbox.dead(), page_number(request))
    waiting = list(outbox.waiting()[:FIRST])
    pages = kinds.pages((job.run.pk, job.run.face) for job in (*page.rows, *waiting) if job.run)
    context: dict[str, Any] = {
        "title": _("Outbox"), "page": page, "dead": [_row(job, pages) for job in page.rows],
        "waiting": [_row(job, pages) for job in waiting], "counts": outbox.counts(today=today), "first": FIRST,
        "held": clock.held(), "state": outbox.clock_state(), "now": now,
    }  # fmt: skip
    return render(request, "pages/admin/outbox.html", context)


def _row(job: Job, pages: dict[int, str]) -> dict[str, Any]:
    return {
        "job": job, "kind": kind_words().get(job.kind, job.kind), "url": pages.get(job.run_id or 0, ""),
        "about": job.run.title if job.run else "",
    }  # fmt: skip


def kind_words() -> dict[str, str]:
    """What jobs are called; one of a kind that is not here shows by its key."""
    return {
        "tell": _("Notice"), "mail": _("Mail to a colleague"), "mail_customer": _("Mail to the customer"),
        "ask_customer": _("Question to the customer"), "reckon_clocks": _("Due times reckoned anew"),
        "sign_in_mail": _("Mail about signing in"), "invite": _("Invitation"), "demo": _("Demo company"),
    }  # fmt: skip


@require_POST
@for_admins
def job_replay(request: HttpRequest, job_id: int) -> HttpResponse:
    """Try a dead job again."""
    get_object_or_404(Job, pk=job_id)
    if jobs.replay(job_id, by=person(request), now=timezone.now()):
        messages.success(request, _("It is tried again within seconds."))
    else:
        messages.info(request, _("It was tried again already."))
    return redirect("admin-outbox")


@require_POST
@for_admins
def clocks_release(request: HttpRequest) -> HttpResponse:
    """Let held clocks fire again."""
    if clock.release(by=person(request), now=timezone.now()):
        messages.success(request, _("The clocks run again."))
    else:
        messages.info(request, _("The clocks were not held."))
    return redirect("admin-outbox")

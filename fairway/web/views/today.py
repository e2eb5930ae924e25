"""Today, the home page: what is due in the order of its clock, done in place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.roles import MANAGER
from fairway.runs import kinds
from fairway.runs.people import directory
from fairway.runs.queries import TodayRow, by_others
from fairway.runs.queries import today as due
from fairway.runs.queries.approvals import waivers_to_judge
from fairway.runs.texts import role_title
from fairway.web.context import wants_part
from fairway.web.record.faces import home_of
from fairway.web.record.page import Builder
from fairway.web.record.said import Opened
from fairway.web.views.person import person
from fairway.web.views.run import seen, task_seen
from fairway.web.words import worded

TONES = {"overdue": "bad", "today": "warn", "soon": "neutral", "later": "neutral"}
BANDS = ("overdue", "today", "soon", "later")
IN_PLACE = frozenset({"approve", "task", "send", "contact", "form", "meet", "document", "pay", "customer"})


@door(signed_in=True)
def today(request: HttpRequest) -> HttpResponse:
    """What is due for the person, or for the manager's team."""
    user, now = person(request), timezone.now()
    may_team = MANAGER in user.role_keys
    team = may_team and request.GET.get("team") == "1"
    kind = request.GET.get("kind", "")
    found = due(user, now=now, team=team, kind=kind)
    context = {
        "title": _("Team's day") if team else _("Today"), "found": found, "bands": _bands(found.rows, found.bands, now),
        "kinds": _kinds(found.kinds, kind, team=team), "kind": kind, "team": team, "may_team": may_team, "now": now,
        "waivers": [] if team else waivers_to_judge(user, now=now), "changes": [] if team else _changes(user, now),
        "here": request.get_full_path(), "count": sum(found.kinds.values()),
    }  # fmt: skip
    return render(request, "pages/today.html", context)


def _bands(rows: Sequence[TodayRow], counts: dict[str, int], now: datetime) -> list[dict[str, Any]]:
    titles = {"overdue": _("Overdue"), "today": _("Today"), "soon": _("Within a week"), "later": _("Later")}
    people = directory(now).people
    return [
        {
            "key": band, "title": titles[band], "tone": TONES[band], "count": counts.get(band, 0),
            "rows": [_row(row, people) for row in rows if row.band == band],
        }
        for band in BANDS
        if counts.get(band)
    ]  # fmt: skip


def _row(row: TodayRow, people: Any) -> dict[str, Any]:
    who = people.get(row.assignee_id)
    return {
        "row": row, "url": f"{_home(row)}?task={row.task_id}#work", "work": reverse("task-work", args=[row.task_id]),
        "who": who.name if who else "", "role": role_title(row.role), "label": verb_of(row.kind),
    }  # fmt: skip


def _home(row: TodayRow) -> str:
    return row.url if row.url and row.face != "account" else reverse("run", args=[row.run_id])


def verb_of(kind: str) -> str:
    """The words of the button that does a task of this kind."""
    words = {
        "approve": _("Judge it"), "contact": _("Log the contact"), "task": _("Tick it off"), "send": _("Tick it off"),
        "pay": _("Enter a receipt"), "customer": _("Open it"), "meet": _("Write it up"),
    }  # fmt: skip
    return words.get(kind) or _("Fill it in")


def kind_titles() -> dict[str, str]:
    """What the kinds of steps are called."""
    return {
        "approve": _("To judge"), "contact": _("Contacts"), "form": _("Forms"), "document": _("Documents"),
        "meet": _("Meetings"), "customer": _("Customer's answers"), "pay": _("Receipts"), "task": _("Tasks"),
        "send": _("To send"),
    }  # fmt: skip


def _kinds(counts: dict[str, int], kind: str, *, team: bool) -> list[dict[str, Any]]:
    """The counts by kind as filters, the whole first."""
    query = "team=1&" if team else ""
    every = {"key": "", "label": _("All"), "url": f"?{query}".rstrip("&?") or "/", "count": sum(counts.values())}
    titles = kind_titles()
    shown = [key for key in titles if counts.get(key) or key == kind]
    return [every] + [
        {"key": key, "label": titles[key], "url": f"?{query}kind={key}", "count": counts.get(key, 0)} for key in shown
    ]


def _changes(user: User, now: datetime) -> list[dict[str, Any]]:
    """What colleagues did since the beginning of yesterday on the person's own runs."""
    zone = ZoneInfo(user.timezone)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    found = by_others(user, midnight - timedelta(days=1))
    pages = kinds.pages({(run.pk, run.face) for _entry, run in found})
    words = worded([entry for entry, _run in found])
    return [
        {"word": word, "title": run.title, "url": pages.get(run.pk) or reverse("run", args=[run.pk])}
        for word, (_entry, run) in zip(words, found, strict=True)
    ]


@door(signed_in=True)
def task_work(request: HttpRequest, task_id: int) -> HttpResponse:
    """The piece of work of one task, to be opened inside a list; without script, the page where it stands open."""
    task = task_seen(request, task_id)
    run = seen(request, task.run_id)
    if not wants_part(request):
        return redirect(f"{home_of(run)}?task={task.pk}#work")
    builder = Builder(run, person(request), timezone.now(), opened=Opened(task=task.pk))
    target = request.GET.get("next", "/")
    return render(request, "pages/today_work.html", builder.context() | {"next_url": target})

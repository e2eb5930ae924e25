"""Today, the home page: what is due in the order of its clock, done in place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.roles import ADMIN, MANAGER
from fairway.people.scope import scope_of
from fairway.runs import kinds
from fairway.runs.people import directory
from fairway.runs.queries import Today, Whose, by_others
from fairway.runs.queries import today as due
from fairway.runs.queries.approvals import waivers_to_judge
from fairway.runs.queries.today import SORTS, band_of, midnight_of, read_place
from fairway.web.context import wants_part
from fairway.web.due import TONES, Rows
from fairway.web.record.faces import home_of
from fairway.web.record.page import Builder
from fairway.web.record.said import Opened
from fairway.web.views.person import person
from fairway.web.views.run import seen, task_seen
from fairway.web.words import worded

BANDS = ("overdue", "today", "soon", "later")
TEAM = "team"


@door(signed_in=True)
def today(request: HttpRequest) -> HttpResponse:
    """What is due for the person, for a manager's team, or for one person in it; with `after` the rows from there."""
    user, now = person(request), timezone.now()
    may_team = bool({MANAGER, ADMIN} & user.role_keys)
    who = request.GET.get("who", "") if may_team else ""
    whose = Whose(team=who == TEAM, user_id=_person_in(who, user, now), put_off=request.GET.get("put_off") == "1")
    sort = given if (given := request.GET.get("kind", "")) in SORTS else ""
    after, place = request.GET.get("after", ""), _number(request.GET.get("from"))
    found = due(user, now=now, whose=whose, sort=sort, after=after)
    own = not whose.team and whose.user_id is None
    here = _address(who=who, kind=sort, put_off="1" if whose.put_off else "")
    rows = Rows(now, own=own, here=here)
    context = {
        "bands": _bands(found, rows, after, midnight_of(now, user.zone)), "here": here, "own": own, "now": now,
        "after": after,
        "more": _more(found, place, who=who, kind=sort, put_off="1" if whose.put_off else ""),
    }  # fmt: skip
    if wants_part(request) and request.htmx.target == "more":  # type: ignore[attr-defined]
        return render(request, "pages/today_rows.html", context)
    context |= {
        "title": _title(whose, user, now), "found": found, "kind": sort, "whose": whose,
        "kinds": _kinds(found, sort, who=who), "people": _people(user, now, who) if may_team else [],
        "waivers": waivers_to_judge(user, now=now) if own and not after else [], "none_due": not found.everything,
        "put_off": _address(kind="", put_off="1"),
    }  # fmt: skip
    return render(request, "pages/today.html", context)


@door(signed_in=True)
def changes(request: HttpRequest) -> HttpResponse:
    """What colleagues did since the beginning of yesterday on the person's own runs."""
    user, now = person(request), timezone.now()
    midnight = now.astimezone(user.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    found = by_others(user, midnight - timedelta(days=1), shown=50)
    pages = kinds.pages({(run.pk, run.face) for _entry, run in found})
    words = worded([entry for entry, _run in found])
    rows = [
        {"word": word, "title": run.title, "url": pages.get(run.pk) or f"/runs/{run.pk}"}
        for word, (_entry, run) in zip(words, found, strict=True)
    ]
    context = {"title": _("Since yesterday"), "changes": rows, "now": now}
    return render(request, "pages/today_changes.html", context)


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


# -- rows --------------------------------------------------------------------------------------------------------------


def _bands(found: Today, rows: Rows, after: str, midnight: datetime) -> list[dict[str, Any]]:
    """The rows under their bands; one that goes on from an earlier part has no heading."""
    titles = {"overdue": _("Overdue"), "today": _("Today"), "soon": _("Within a week"), "later": _("Later")}
    before = ""
    if after:
        before = band_of(read_place(after)[0], rows.now, midnight)
    return [
        {
            "key": band, "title": "" if band == before else titles[band], "tone": TONES[band],
            "count": found.bands.get(band, 0), "rows": [rows.row(row) for row in found.rows if row.band == band],
        }
        for band in BANDS
        if any(row.band == band for row in found.rows)
    ]  # fmt: skip


def _more(found: Today, place: int, **query: str) -> dict[str, Any]:
    """How much of the queue is seen by now, and where the next rows are."""
    seen_by_now = place + len(found.rows)
    url = _address(**query, after=found.after, **{"from": str(seen_by_now)}) if found.after else ""
    return {"shown": seen_by_now, "total": found.total, "url": url}


def _address(**query: str) -> str:
    pairs = "&".join(f"{name}={quote(value)}" for name, value in query.items() if value)
    return f"/?{pairs}" if pairs else "/"


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


# -- words -------------------------------------------------------------------------------------------------------------


def _title(whose: Whose, user: User, now: datetime) -> str:
    if whose.user_id is not None:
        return _("%(name)s's day") % {"name": directory(now).people[whose.user_id].name}
    if whose.team:
        return _("Team's day")
    return _("Put off") if whose.put_off else _("Today")


def sort_titles() -> dict[str, str]:
    """What the sorts of work are called."""
    return {
        "approve": _("To judge"), "first": _("First contacts"), "touch": _("Touches"),
        "customer": _("Customer's answers"), "pay": _("Payments"), "complaint": _("Complaints"), "task": _("Tasks"),
    }  # fmt: skip


def _kinds(found: Today, kind: str, *, who: str) -> list[dict[str, Any]]:
    """The counts by sort as filters, the whole first."""
    every = {"key": "", "label": _("All"), "url": _address(who=who), "count": found.everything}
    titles = sort_titles()
    shown = [key for key in titles if found.sorts.get(key) or key == kind]
    return [every] + [
        {"key": key, "label": titles[key], "url": _address(who=who, kind=key), "count": found.sorts.get(key, 0)}
        for key in shown
    ]


def _people(user: User, now: datetime, who: str) -> Sequence[tuple[str, str, bool]]:
    """Whose day a manager may look at: (value, name, chosen)."""
    found = [("", _("My day")), (TEAM, _("Team's day"))]
    found += [(str(one.id), one.name) for one in sorted(_team(user, now), key=lambda one: one.name)]
    return [(value, name, value == who) for value, name in found]


def _team(user: User, now: datetime) -> list[Any]:
    scope = scope_of(user)
    people = directory(now).people.values()
    return [one for one in people if one.id != user.pk and (scope.is_admin or one.team_id in scope.team_ids)]


def _person_in(who: str, user: User, now: datetime) -> int | None:
    """The person asked for, if they are in the reader's teams."""
    return next((one.id for one in _team(user, now) if str(one.id) == who), None) if who.isdigit() else None

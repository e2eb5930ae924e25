"""A task that is not done now: put off with a reason, or given to a colleague, without leaving the list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from fairway.engine.calendar import Calendar
from fairway.engine.refused import Refused, refuse
from fairway.people.directory import ABOVE, OWNER, Directory
from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.roles import MANAGER, REP
from fairway.runs import actions
from fairway.runs.errors import Stale
from fairway.runs.models import Run, Task
from fairway.runs.people import directory
from fairway.runs.permissions import leads, may_work
from fairway.runs.queries.today import snooze_of
from fairway.runs.texts import say, step_title
from fairway.sops.calendars import calendar_of
from fairway.sops.programs import program_of
from fairway.web import formats
from fairway.web.context import wants_part
from fairway.web.views.person import person
from fairway.web.views.run import finished, seen, task_seen

SELLERS = frozenset({REP, MANAGER})
OWN_TIME = "own"


@door(signed_in=True)
def task_aside(request: HttpRequest, task_id: int) -> HttpResponse:
    """Put a task off, take it up again, hand it or its record over; what was typed is kept when it is refused."""
    task, user, now = task_seen(request, task_id), person(request), timezone.now()
    run = seen(request, task.run_id)
    if task.status != Task.OPEN:
        raise Http404
    reasons: list[str] = []
    if request.method == "POST":
        try:
            done = _carried_out(request, task, user, now)
        except Refused as refused:
            reasons = [say(reason.text) for reason in refused.reasons]
        except PermissionDenied as forbidden:
            reasons = [str(forbidden)]
        except Stale:
            reasons = [_("A colleague changed it at the same moment; try again.")]
        else:
            messages.success(request, done)
            return finished(request, run)
    context = _context(request, task, run, user, now) | {"reasons": reasons}
    page = "components/task_aside.html" if wants_part(request) else "pages/task_aside.html"
    return render(request, page, context, status=409 if reasons else 200)


def _carried_out(request: HttpRequest, task: Task, user: User, now: datetime) -> str:
    """Do what was pressed; return what to say of it."""
    why, do = request.POST.get("why", ""), request.POST.get("do", "")
    if do == "wake":
        actions.wake(task.pk, by=user, now=now)
        return _("It is back in Today.")
    if do in {"hand_over", "reassign"}:
        to = _chosen(request.POST.get("to", ""))
        if do == "hand_over":
            actions.hand_over(task.pk, to=to, why=why, by=user, now=now)
        else:
            actions.reassign(task.run_id, owner=to, why=why, by=user, now=now)
        return _("Given to %(name)s.") % {"name": to}
    until = _moment(request.POST.get("until", ""), request.POST.get("when", ""), user.zone)
    actions.snooze(task.pk, until=until or now, why=why, by=user, now=now)
    return _("Put off until %(time)s.") % {"time": formats.exact(until or now)}


def _context(request: HttpRequest, task: Task, run: Run, user: User, now: datetime) -> dict[str, Any]:
    program = program_of(run.version_id)
    who = directory(now)
    may_lead = leads(user, run, who, now)
    return {
        "title": _("Put off or hand over"), "task": task, "run": run, "now": now, "due": task.due_at,
        "step": step_title(program, task.step, task.item), "may_lead": may_lead, "said": request.POST,
        "may_do": may_lead or may_work(user, run, task, now), "snooze": snooze_of(task.pk, now),
        "times": [
            {"value": at.isoformat(), "label": label, "exact": formats.exact(at)}
            for label, at in times(now, user.zone, calendar_of(program.sop.calendar))
        ],
        "colleagues": colleagues(task, who), "next_url": request.POST.get("next") or request.GET.get("next", "/"),
        "usual": [_("Waiting for the customer"), _("The customer asked for a later call"), _("On the road")],
    }  # fmt: skip


def times(now: datetime, zone: ZoneInfo, calendar: Calendar) -> Iterator[tuple[str, datetime]]:
    """When a task may come back, as the reader's day goes: in an hour, this afternoon, the next working days."""
    today = now.astimezone(zone).date()
    yield _("In an hour"), now + timedelta(hours=1)
    afternoon = datetime.combine(today, time(14), tzinfo=zone)
    if afternoon > now + timedelta(hours=2):
        yield _("This afternoon"), afternoon
    days = [day for n in range(1, 20) if calendar.is_working(day := today + timedelta(days=n))]
    if days:
        yield _("Next working day"), datetime.combine(days[0], time(9), tzinfo=zone)
    monday = today + timedelta(days=7 - today.weekday())
    later = [day for day in days[1:] if day >= monday]
    if later:
        yield _("Next week"), datetime.combine(later[0], time(9), tzinfo=zone)


def colleagues(task: Task, who: Directory) -> list[tuple[int, str]]:
    """Who may do the task instead: holders of its role; sellers for the owner's tasks."""
    role = MANAGER if task.role == ABOVE else task.role
    wanted = SELLERS if role in {OWNER, "customer", REP} else frozenset({role})
    found = [(one.id, one.name) for one in who.people.values() if wanted & one.roles and one.id != task.assignee_id]
    return sorted(found, key=lambda pair: pair[1])


def _chosen(text: str) -> User:
    found = User.objects.filter(pk=int(text), is_active=True).first() if text.isascii() and text.isdigit() else None
    if found is None:
        raise refuse("person.needed")
    return found


def _moment(until: str, when: str, zone: ZoneInfo) -> datetime | None:
    """The time of the button that was pressed, or the one that was typed."""
    try:
        if until == OWN_TIME:
            return datetime.fromisoformat(when).replace(tzinfo=zone)
        at = datetime.fromisoformat(until)
    except ValueError:
        return None
    return at if at.tzinfo else None

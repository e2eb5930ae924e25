"""What is done with an approval beside the verdict: it is taken back, or one more person is asked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from fairway.people.doors import door
from fairway.runs import actions
from fairway.web.record.said import Opened
from fairway.web.views.person import person
from fairway.web.views.run import answer, chosen_person, command, nobody_chosen, task_seen


@command
@door(signed_in=True)
def withdraw(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take back what one put before the judges."""
    task, user, now = task_seen(request, task_id), person(request), timezone.now()
    why = request.POST.get("why", "")

    def take_back(revision: int | None) -> Any:
        return actions.withdraw_approval(task.pk, why=why, by=user, now=now, revision=revision)

    return answer(request, task.run, take_back, done=_("Taken back."), opened=Opened(task=task.pk))


@command
@door(signed_in=True)
def add_judge(request: HttpRequest, task_id: int) -> HttpResponse:
    """Ask one more person to judge."""
    task, user, now = task_seen(request, task_id), person(request), timezone.now()
    judge, why, opened = chosen_person(request, "judge"), request.POST.get("why", ""), Opened(task=task.pk)
    if judge is None:
        return nobody_chosen(request, task.run, opened)

    def ask(revision: int | None) -> Any:
        return actions.add_judge(task.pk, judge=judge, why=why, by=user, now=now, revision=revision)

    return answer(request, task.run, ask, done=_("%(name)s is asked as well.") % {"name": judge}, opened=opened)

"""Lists of tasks and of records."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from fairway.people.doors import door
from fairway.web.listed.show import show


@require_safe
@door(signed_in=True)
def task_list(request: HttpRequest) -> HttpResponse:
    """The tasks of the runs that the person may see."""
    return show(request, "tasks", "pages/tasks.html", {})


@require_safe
@door(signed_in=True)
def record_list(request: HttpRequest) -> HttpResponse:
    """The filled forms of the runs that the person may see."""
    return show(request, "records", "pages/records.html", {})

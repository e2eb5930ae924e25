"""What a person still has in hand, told before they are deactivated."""

from django.utils.translation import gettext as _

from fairway.people import holdings
from fairway.people.holdings import Holding
from fairway.people.models import User
from fairway.runs.actions.leaving import hand_on
from fairway.runs.models import Run, Task


def register() -> None:
    """Register the counts; for the app's ready()."""
    holdings.register("runs", open_runs, hand_on)
    holdings.register("tasks", open_tasks)


def open_runs(user: User) -> Holding:
    """Leads, deals and complaints under way that the person owns."""
    return Holding(_("Runs under way"), Run.objects.filter(owner=user, outcome="").count())


def open_tasks(user: User) -> Holding:
    """Open tasks that are asked of the person."""
    return Holding(_("Open tasks"), Task.objects.filter(assignee=user, status="open").count())

"""One step asked of somebody."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairway.people.models import Team, User
from fairway.people.scope import Scope
from fairway.runs.models.run import Run, run_filter


class TaskQuerySet(models.QuerySet["Task"]):
    """Reads of tasks."""

    def visible_to(self, scope: Scope) -> TaskQuerySet:
        """Tasks of the runs that a person may see."""
        return self.filter(run_filter(scope, "run__"))

    def open(self) -> TaskQuerySet:
        """Tasks still to be done."""
        return self.filter(status=Task.OPEN)


class Task(models.Model):
    """A step (one judge of an approval, one item of an `each`) with who owes it and by when.

    `assignee` is a person; without one `team` and `role` say whose queue it lies in. `exception` is why nobody could
    be found: it shows on the manager's and the administrator's list, for nothing is skipped in silence.
    `late` is set when its clock is missed, and stays.
    """

    OPEN, DONE, VOID = "open", "done", "void"
    STATUSES = ((OPEN, _("open")), (DONE, _("done")), (VOID, _("void")))

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tasks")
    visit = models.PositiveIntegerField()
    stage = models.CharField(max_length=50, blank=True)
    step = models.CharField(max_length=50)
    kind = models.CharField(max_length=10)
    role = models.CharField(max_length=20)
    judge = models.SmallIntegerField(default=-1)
    round = models.PositiveIntegerField(default=1)
    item_key = models.CharField(max_length=50, blank=True)
    item = models.JSONField(null=True, blank=True)
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    exception = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=4, choices=STATUSES, default=OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    provisional = models.BooleanField(default=False)
    late = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
    void_why = models.CharField(max_length=12, blank=True)
    token = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[TaskQuerySet] = TaskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ("id",)
        indexes = (
            models.Index("run", "status", name="task_run"),
            models.Index("assignee", "due_at", name="task_mine", condition=Q(status="open")),
            models.Index("team", "role", "due_at", name="task_queue", condition=Q(status="open", assignee=None)),
            models.Index("exception", name="task_exception", condition=Q(status="open") & ~Q(exception="")),
            models.Index("due_at", name="task_pay", condition=Q(status="open", kind="pay")),
            models.Index("token", name="task_token", condition=~Q(token="")),
        )

    def __str__(self) -> str:
        return f"{self.run_id}/{self.step} {self.status}"

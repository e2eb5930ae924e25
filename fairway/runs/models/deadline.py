"""The clocks that run. One row a clock: the next rung of its ladder."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairway.runs.models.run import Run
from fairway.runs.models.task import Task


class Deadline(models.Model):
    """The clock of a task, or of the stay in a stage (no task). `fire_at` is when its next rung fires, if any is left.

    Firing, its consequences and the move to the next rung are one transaction, so a rung fires once, however many
    workers run (behaviour 7). `rung` is its number in the ladder, `place` its number in the order of time.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="deadlines")
    task = models.OneToOneField(Task, null=True, blank=True, on_delete=models.CASCADE, related_name="deadline")
    due_at = models.DateTimeField()
    fire_at = models.DateTimeField(null=True, blank=True)
    rung = models.SmallIntegerField(default=0)
    place = models.SmallIntegerField(default=0)
    provisional = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        indexes = (
            models.Index("fire_at", name="deadline_due", condition=Q(fire_at__isnull=False)),
            models.Index("run", name="deadline_provisional", condition=Q(provisional=True, fire_at__isnull=False)),
        )
        constraints = (models.UniqueConstraint("run", name="deadline_one_stay", condition=Q(task=None)),)

    def __str__(self) -> str:
        return f"{self.run_id} {self.due_at:%Y-%m-%d %H:%M}"

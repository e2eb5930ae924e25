"""A filled form. Never changed: a correction is a new record of the same form."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User
from fairway.runs.models.run import Run
from fairway.runs.models.task import Task


class Record(models.Model):
    """Values of one form at one time. `current` marks the latest of its form in the run, or of its item."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="records")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.SET_NULL, related_name="records")
    step = models.CharField(max_length=50, blank=True)
    form = models.CharField(max_length=50)
    item_key = models.CharField(max_length=50, blank=True)
    number = models.PositiveIntegerField(default=1)
    values = models.JSONField(default=dict)
    confidential = models.BooleanField(default=False)
    current = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ("-id",)
        indexes = (models.Index("run", "form", name="record_current", condition=models.Q(current=True)),)
        constraints = (models.UniqueConstraint("run", "form", "number", name="record_number"),)

    def __str__(self) -> str:
        return f"{self.run_id}/{self.form}/{self.number}"

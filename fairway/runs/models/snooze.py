"""Work that somebody put off: out of their sight for a while, with its clock running on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User
from fairway.runs.models.task import Task


class Snooze(models.Model):
    """One task that one person hides from their own Today until a time, saying why.

    It is their own eyes only: the clock of the SOP runs on, colleagues and managers see the task and the reason.
    """

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="snooze")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(_("until"))
    why = models.TextField(_("reason"))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("snooze")
        verbose_name_plural = _("snoozes")
        indexes = (models.Index("by", "until", name="snooze_mine"),)

    def __str__(self) -> str:
        return f"{self.task_id} {self.until:%Y-%m-%d %H:%M}"

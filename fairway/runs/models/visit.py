"""One stay of a run in one stage: what conversion and time in stage are counted from (O1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.runs.models.run import Run


class Visit(models.Model):
    """The `number`-th stage that the run entered. `left_how` is advance, back or close; empty while it stays."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="visits")
    number = models.PositiveIntegerField()
    stage = models.CharField(max_length=50)
    entered_at = models.DateTimeField()
    entered_how = models.CharField(max_length=10)
    left_at = models.DateTimeField(null=True, blank=True)
    left_how = models.CharField(max_length=10, blank=True)
    waived = models.JSONField(default=list)

    class Meta:
        verbose_name = _("visit of a stage")
        verbose_name_plural = _("visits of stages")
        ordering = ("run_id", "number")
        constraints = (
            models.UniqueConstraint("run", "number", name="visit_number"),
            models.UniqueConstraint("run", name="visit_one_open", condition=models.Q(left_at=None)),
        )

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number} {self.stage}"

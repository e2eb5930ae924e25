"""The one way round a gate: asked for with a reason, granted by the role the SOP names, on record (F33)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User
from fairway.runs.models.run import Run


class Waiver(models.Model):
    """A waiver asked for on one visit of a stage, for the codes of unmet reasons."""

    ASKED, GRANTED, REFUSED, WITHDRAWN = "asked", "granted", "refused", "withdrawn"
    VERDICTS = (
        (ASKED, _("asked")),
        (GRANTED, _("granted")),
        (REFUSED, _("refused")),
        (WITHDRAWN, _("withdrawn")),
    )

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="waivers")
    visit = models.PositiveIntegerField()
    stage = models.CharField(max_length=50)
    codes = models.JSONField(default=list)
    reasons = models.JSONField(default=list, help_text="The sentences as they read when it was asked.")
    why = models.TextField(_("reason"))
    control = models.TextField(_("what is done instead"), blank=True)
    until = models.DateTimeField(_("valid until"), null=True, blank=True)
    role = models.CharField(max_length=20)
    judge = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="waivers_to_judge")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=VERDICTS, default=ASKED)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ("-id",)
        indexes = (models.Index("judge", name="waiver_to_judge", condition=models.Q(verdict="asked")),)

    def __str__(self) -> str:
        return f"{self.run_id} {self.verdict}"

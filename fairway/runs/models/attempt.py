"""An attempt to reach the contact: call, visit, mail or message, and what came of it (L8, L11)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User
from fairway.runs.models.run import Run
from fairway.runs.models.task import Task


class Attempt(models.Model):
    """One logged contact. Never changed; what was wrong is logged again."""

    CHANNELS = (
        ("call", _("call")),
        ("visit", _("visit")),
        ("mail", _("e-mail")),
        ("message", _("message")),
        ("video", _("video call")),
    )
    OUTCOMES = (
        ("reached", _("reached")),
        ("no_answer", _("no answer")),
        ("refused", _("refused to talk")),
        ("wrong_number", _("wrong number")),
    )

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="contact_attempts")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    channel = models.CharField(_("channel"), max_length=10, choices=CHANNELS)
    outcome = models.CharField(_("outcome"), max_length=12, choices=OUTCOMES)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("contact attempt")
        verbose_name_plural = _("contact attempts")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.run_id} {self.outcome}"

"""What people were told, and how they want to be told."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User
from fairway.runs.models import Run


class Notice(models.Model):
    """One notice to one person. `key` is that of the job it came from: told once, however often the job is tried."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    code = models.CharField(max_length=30)
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-id",)
        constraints = (models.UniqueConstraint("user", "key", name="notice_once"),)
        indexes = (models.Index("user", name="notice_unread", condition=models.Q(read_at=None)),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.code}"


class Preference(models.Model):
    """Whether a person gets one kind of notice by e-mail. In the app it is there always."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_preferences")
    code = models.CharField(max_length=30)
    by_mail = models.BooleanField(_("by e-mail"), default=True)

    class Meta:
        verbose_name = _("notice preference")
        verbose_name_plural = _("notice preferences")
        constraints = (models.UniqueConstraint("user", "code", name="preference_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.code}"

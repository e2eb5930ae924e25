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
    """How a person gets one kind of notice: in the app, by e-mail, both or not at all; both until they say otherwise.

    The mail of an `urgent` kind does not wait for the end of the quiet hours.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_preferences")
    code = models.CharField(max_length=30)
    in_app = models.BooleanField(_("in the app"), default=True)
    by_mail = models.BooleanField(_("by e-mail"), default=True)
    urgent = models.BooleanField(_("in quiet hours too"), default=False)

    class Meta:
        verbose_name = _("notice preference")
        verbose_name_plural = _("notice preferences")
        constraints = (models.UniqueConstraint("user", "code", name="preference_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.code}"


class MailTimes(models.Model):
    """When a person is mailed, on the clock of their own time zone. Who has no row has no quiet hours and no digest.

    `digest_due` is the moment at which the next digest is looked at; it moves on by a day each time.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="mail_times")
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet until"), null=True, blank=True)
    digest_at = models.TimeField(_("digest at"), null=True, blank=True)
    digest_due = models.DateTimeField(null=True, blank=True, db_index=True, editable=False)

    class Meta:
        verbose_name = _("mail times")
        verbose_name_plural = _("mail times")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_to=None)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False)
                & ~models.Q(quiet_from=models.F("quiet_to")),
                name="quiet_hours_whole",
                violation_error_message=_("Quiet hours need a beginning and an end that differ."),
                violation_error_code="quiet_hours",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.quiet_from}–{self.quiet_to}, {self.digest_at}"

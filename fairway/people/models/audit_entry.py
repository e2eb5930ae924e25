"""What administrators changed. The work on a run has its own event log; this one is for users, teams and settings."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models.user import User


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Entries are added and read, never changed."""

    def update(self, **kwargs: Any) -> int:
        """Refused: the log is append-only."""
        raise TypeError("The audit log is append-only.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused: the log is append-only."""
        raise TypeError("The audit log is append-only.")


class AuditEntry(models.Model):
    """One change: who, when, what, and the values before and after. `by` is empty for the command line."""

    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), db_index=True)
    action = models.CharField(_("what"), max_length=64)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField(null=True)
    subject_name = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("change by an administrator")
        verbose_name_plural = _("changes by administrators")
        ordering = ("-at", "-id")
        indexes = (models.Index("subject_kind", "subject_id", name="audit_subject"),)

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry; a stored one is never written again."""
        if not self._state.adding:
            raise TypeError("The audit log is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: the log is append-only."""
        raise TypeError("The audit log is append-only.")

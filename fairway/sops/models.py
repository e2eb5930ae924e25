"""SOPs as they are kept: drafts that change, versions that never do, and the firm's working calendars."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User


class Frozen(TypeError):
    """A published version never changes."""


class VersionQuerySet(models.QuerySet["SopVersion"]):
    """Versions are added and read, never changed."""

    def update(self, **kwargs: Any) -> int:
        """Refused: a published version never changes."""
        raise Frozen("A published version never changes.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused: a published version never changes."""
        raise Frozen("A published version never changes.")


class SopVersion(models.Model):
    """One published version of one SOP (`key`). The highest `number` of a key is the one that new runs take."""

    key = models.CharField(max_length=50)
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=20)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    note = models.TextField(_("note"), blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("SOP version")
        verbose_name_plural = _("SOP versions")
        ordering = ("key", "-number")
        constraints = (models.UniqueConstraint("key", "number", name="sop_version_number"),)

    def __str__(self) -> str:
        return f"{self.key} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new version; a stored one is never written again."""
        if not self._state.adding:
            raise Frozen("A published version never changes.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: a published version never changes."""
        raise Frozen("A published version never changes.")

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_zh if (get_language() or "").startswith("zh") else self.title_en


class SopRetired(models.Model):
    """An SOP that the firm does not work by: no new run takes it; runs under way go on."""

    key = models.CharField(max_length=50, unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("SOP out of use")
        verbose_name_plural = _("SOPs out of use")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class SopDraft(models.Model):
    """The document under way for one SOP. `revision` is the lock for two editors."""

    key = models.CharField(max_length=50, unique=True)
    text = models.TextField()
    note = models.TextField(_("note"), blank=True)
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("SOP draft")
        verbose_name_plural = _("SOP drafts")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class WorkCalendar(models.Model):
    """A working calendar that the firm may change: hours of the week, holidays, make-up days, years announced."""

    key = models.CharField(max_length=50, unique=True)
    table = models.JSONField(default=dict)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key

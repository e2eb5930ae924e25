"""A file kept with a run."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User
from fairway.people.scope import Scope
from fairway.runs.models.run import Run, run_filter


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Reads of attachments."""

    def visible_to(self, scope: Scope) -> AttachmentQuerySet:
        """Attachments of the runs that a person may see."""
        return self.filter(run_filter(scope, "run__"))


class Attachment(models.Model):
    """One file: `name` as it came, `stored` the random name under which the file lies, `kind` what was found in it.

    `confidential`: it belongs to a confidential form, and is for the deal's team only.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(_("file"), max_length=200)
    stored = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    digest = models.CharField(max_length=64)
    confidential = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name

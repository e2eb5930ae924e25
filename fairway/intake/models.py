"""Files that become leads: what was chosen, how far it has come, what became of each row."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairway.leads.models import Lead
from fairway.people.models import Team, User
from fairway.people.scope import Scope, q


class ImportQuerySet(models.QuerySet["Import"]):
    """Reads of imports."""

    def visible_to(self, scope: Scope) -> ImportQuerySet:
        """One's own, and for a manager those of the teams below."""
        return self.filter(q(scope, owner="by_id", team="team_id"))


class Import(models.Model):
    """One file on its way to leads. `place` is how many of its good rows are dealt with: it moves in the transaction
    that writes them, so that whoever goes on after a crash neither repeats nor leaves out one.

    The file and what was found in it lie in `folder` under the data folder's files.
    """

    DRAFT, WAITING, RUNNING, DONE, FAILED = "draft", "waiting", "running", "done", "failed"
    STATES = (
        (DRAFT, _("being prepared")),
        (WAITING, _("waiting")),
        (RUNNING, _("running")),
        (DONE, _("done")),
        (FAILED, _("failed")),
    )

    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("file"), max_length=255)
    folder = models.CharField(max_length=64, unique=True, editable=False)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)
    dialect: models.JSONField[Any, Any] = models.JSONField(default=dict)
    fieldmap: models.JSONField[Any, Any] = models.JSONField(default=dict)
    new_sources = models.BooleanField(_("take new sources in"), default=False)
    zone = models.CharField(max_length=64, default="UTC")
    state = models.CharField(_("state"), max_length=8, choices=STATES, default=DRAFT)
    total = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    noted: models.JSONField[Any, Any] = models.JSONField(default=list, help_text="[field, code, level, rows] of each.")
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ImportQuerySet] = ImportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-id",)
        indexes = (
            models.Index("by", "id", name="import_mine"),
            models.Index("digest", name="import_unfinished", condition=Q(state__in=("waiting", "running"))),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"

    @property
    def path(self) -> Path:
        """Its folder on this machine."""
        return Path(settings.MEDIA_ROOT) / "imports" / self.folder

    @property
    def is_under_way(self) -> bool:
        """Whether it was asked to run and has not ended."""
        return self.state in {self.WAITING, self.RUNNING}


class ImportedRow(models.Model):
    """Which row of which import became which lead. `external` is its number in the system that it came from."""

    intake = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, related_name="imported_row")
    external = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = (models.UniqueConstraint("intake", "row", name="imported_row_once"),)
        indexes = (models.Index("external", name="imported_external", condition=~Q(external="")),)

    def __str__(self) -> str:
        return f"{self.intake_id}/{self.row}"


class FieldMapTemplate(models.Model):
    """The mapping last used for files with the same headers: the next such file starts with it."""

    signature = models.CharField(max_length=64, unique=True)
    fieldmap: models.JSONField[Any, Any] = models.JSONField(default=dict)
    file_name = models.CharField(max_length=255, blank=True)
    updated_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved mapping")
        verbose_name_plural = _("saved mappings")

    def __str__(self) -> str:
        return self.file_name

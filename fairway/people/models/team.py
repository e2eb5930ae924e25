"""Teams, a tree. The path of ids is kept with each team, so that a subtree is a prefix query."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

MAX_DEPTH = 20
"""Levels of teams, the top one counted. Deeper is a mistake in an import, and paths would not fit."""


class TeamQuerySet(models.QuerySet["Team"]):
    """Reads of teams."""

    def current(self) -> TeamQuerySet:
        """Leave out archived teams."""
        return self.filter(archived_at=None)

    def under(self, path: str) -> TeamQuerySet:
        """The team whose path is given and every team below it."""
        return self.filter(path__startswith=path)


class Team(models.Model):
    """One team. `path` is '/1/4/' for team 4 under team 1; a parent changes through `actions.teams.move_team` alone."""

    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    # db_index makes a second, pattern-ops index on PostgreSQL, which the prefix query uses
    path = models.CharField(max_length=255, db_index=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("path",)
        constraints = (
            models.UniqueConstraint(
                "parent",
                "name",
                name="team_name_once_under_parent",
                condition=models.Q(archived_at=None),
                violation_error_message=_("There is a team of this name here already."),
                violation_error_code="taken_name",
            ),
            # databases take two empty parents for different ones
            models.UniqueConstraint(
                "name",
                name="team_name_once_at_top",
                condition=models.Q(archived_at=None, parent=None),
                violation_error_message=_("There is a team of this name here already."),
                violation_error_code="taken_name",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the team; a new one gets its path, which needs the id the database gave it."""
        if not self._state.adding:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            super().save(*args, **kwargs)
            above = self.parent.path if self.parent is not None else "/"
            self.path = f"{above}{self.pk}/"
            super().save(update_fields=["path"])

    @property
    def depth(self) -> int:
        """Level in the tree; 1 is the top."""
        return self.path.count("/") - 1

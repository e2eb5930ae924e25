"""What happened: append-only, numbered and hash-chained per run; anchors chain all runs together."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User
from fairway.runs.models.run import Run


class EventQuerySet(models.QuerySet["Event"]):
    """Events are added and read, never changed."""

    def update(self, **kwargs: Any) -> int:
        """Refused: the log is append-only."""
        raise TypeError("The event log is append-only.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused: the log is append-only."""
        raise TypeError("The event log is append-only.")


class Event(models.Model):
    """One thing done to one run: who, when, what, and every change that followed, in `data`.

    `hash` covers the event and the hash before it; the run keeps the last one. `by` is empty for the system.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-id",)
        constraints = (models.UniqueConstraint("run", "seq", name="event_seq"),)
        indexes = (models.Index("kind", "at", name="event_kind"),)

    def __str__(self) -> str:
        return f"{self.run_id}/{self.seq} {self.kind}"


class Anchor(models.Model):
    """A seal over the events up to `last_event`: so that no whole run, chain and all, can be swapped or lost."""

    at = models.DateTimeField()
    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField()
    count = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.first_event}-{self.last_event}"

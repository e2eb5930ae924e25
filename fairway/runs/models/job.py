"""Work to be done after the commit, outbox included: one table, claimed by lease in the database."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairway.runs.models.run import Run


class Job(models.Model):
    """One piece of work for a registered handler. `key` lets a repeat be dropped.

    Waiting until `due_at`; leased until `leased_until` while a worker is at it; tried again with growing pauses, and
    dead when tries are used up: an administrator sees it and may replay it.
    """

    WAITING, DONE, DEAD = "waiting", "done", "dead"
    STATUSES = ((WAITING, _("waiting")), (DONE, _("done")), (DEAD, _("dead")))

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=100, unique=True)
    payload = models.JSONField(default=dict)
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    status = models.CharField(max_length=7, choices=STATUSES, default=WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("id",)
        indexes = (
            models.Index("due_at", "id", name="job_waiting", condition=Q(status="waiting")),
            models.Index("done_at", name="job_done", condition=Q(status="done")),
            models.Index("id", name="job_dead", condition=Q(status="dead")),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

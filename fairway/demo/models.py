"""What the demo made, so that it can be taken away again and nothing else with it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User


class Demo(models.Model):
    """One row while the demo company is here. The ids are of what the demo made; `last_event` is its last event."""

    MAKING, HERE, FAILED = "making", "here", "failed"
    STATES = ((MAKING, _("being made")), (HERE, _("here")), (FAILED, _("failed")))

    state = models.CharField(max_length=6, choices=STATES, default=MAKING)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    percent = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    accounts = models.TextField(blank=True, help_text="How its people sign in, sealed.")
    users: models.JSONField[Any, Any] = models.JSONField(default=list)
    teams: models.JSONField[Any, Any] = models.JSONField(default=list)
    runs: models.JSONField[Any, Any] = models.JSONField(default=list)
    companies: models.JSONField[Any, Any] = models.JSONField(default=list)
    last_event = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("demo company")
        verbose_name_plural = _("demo companies")
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="demo_is_one"),)

    def __str__(self) -> str:
        return self.state

"""The sweep's own memory: when it last ran, and whether it is held because the machine's clock leapt."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User


class ClockState(models.Model):
    """One row. While `held_since` is set no clock fires; an administrator looks, and releases it."""

    last_sweep = models.DateTimeField(null=True)
    held_since = models.DateTimeField(null=True)
    held_from = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("state of the clocks")
        verbose_name_plural = _("states of the clocks")

    def __str__(self) -> str:
        return f"{self.last_sweep}"

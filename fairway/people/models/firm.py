"""The firm that uses this installation, and how far its guided start has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models.user import DEFAULT_TIMEZONE, LANGUAGES, check_timezone

LAST_STEP = 5
"""The guided start has five steps; one further means that it is over."""


class Firm(models.Model):
    """One row. `step` is the step of the guided start that comes next; 0 where nobody began one."""

    name = models.CharField(_("company"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans", choices=LANGUAGES)
    timezone = models.CharField(_("time zone"), max_length=64, default=DEFAULT_TIMEZONE, validators=[check_timezone])
    step = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("firm")
        verbose_name_plural = _("firms")
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="firm_is_one"),)

    def __str__(self) -> str:
        return self.name

    @property
    def under_way(self) -> bool:
        """Whether its guided start was begun and is not over."""
        return 0 < self.step <= LAST_STEP

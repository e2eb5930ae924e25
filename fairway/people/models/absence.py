"""When a person is away, and who judges in their place (F5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models.user import User


class Absence(models.Model):
    """One leave, up to but not including `ends_at`. Without a stand-in, work goes to others of the role."""

    user = models.ForeignKey(User, verbose_name=_("who is away"), on_delete=models.CASCADE, related_name="absences")
    stand_in = models.ForeignKey(
        User,
        verbose_name=_("stand-in"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="stands_in",
        help_text=_("Judges meanwhile what this person is asked to judge."),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), db_index=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("starts_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="absence_ends_after_start"
            ),
            models.CheckConstraint(condition=~models.Q(stand_in=models.F("user")), name="absence_stand_in_is_other"),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.starts_at:%Y-%m-%d} – {self.ends_at:%Y-%m-%d}"

"""Who takes part in a run beside its owner: was asked to judge, or was named to the team."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User


class Participant(models.Model):
    """One person on one run. Seeing a run by this row is for life: what one judged one may read again."""

    run = models.ForeignKey("runs.Run", on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="participations")
    role = models.CharField(max_length=20)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = (models.UniqueConstraint("user", "run", name="participant_once"),)

    def __str__(self) -> str:
        return f"{self.run_id}:{self.user_id}"

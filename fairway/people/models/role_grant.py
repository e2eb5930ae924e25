"""Which roles a person holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models.user import User
from fairway.people.roles import ROLES, role_choices


class RoleGrant(models.Model):
    """One role held by one user. A person may hold several."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=16, choices=role_choices())

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = (
            models.UniqueConstraint("user", "role", name="role_once_per_user"),
            models.CheckConstraint(condition=models.Q(role__in=list(ROLES)), name="role_is_known"),
        )
        indexes = (models.Index("role", "user", name="role_holders"),)

    def __str__(self) -> str:
        return f"{self.user_id}:{self.role}"

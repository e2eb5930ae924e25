"""People who use Fairway."""

from __future__ import annotations

import functools
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from fairway.people.models.team import Team
from fairway.people.roles import ADMIN

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))
"""Languages of the product, each in its own name so that its reader finds it."""

DEFAULT_TIMEZONE = "Asia/Shanghai"


@functools.cache
def known_timezones() -> frozenset[str]:
    """Names of all time zones. Reading them from disk takes a while, hence once."""
    return frozenset(available_timezones())


def check_timezone(value: str) -> None:
    """Refuse a name that is no IANA time zone."""
    if value not in known_timezones():
        raise ValidationError(_("“%(zone)s” is no known time zone."), code="timezone", params={"zone": value})


class JoinedText(models.Aggregate):
    """The texts of a group joined by commas, in no order; NULL when there is none."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s)"
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """PostgreSQL names the same thing otherwise and asks for the separator."""
        return super().as_sql(
            compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s, ',')", **extra
        )


class FairwayUserManager(UserManager["User"]):
    """Reads of users."""

    def with_roles(self) -> models.QuerySet[User]:
        """Users with team and role keys, everything a scope asks for, in one query."""
        return self.select_related("team").annotate(joined_roles=JoinedText("grants__role"))

    def active(self) -> models.QuerySet[User]:
        """Users who may sign in and be given work, by name."""
        return self.filter(is_active=True).order_by("display_name", "id")


class User(AbstractUser):
    """One person. Never deleted: what they did keeps their name; one who leaves is deactivated."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    display_name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("e-mail"), blank=True)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=LANGUAGES, help_text=_("Empty follows the browser.")
    )
    timezone = models.CharField(_("time zone"), max_length=64, default=DEFAULT_TIMEZONE, validators=[check_timezone])
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    territories = models.JSONField(
        _("territories"), default=list, blank=True, help_text=_("Regions whose leads this person gets; empty: any.")
    )
    industries = models.JSONField(
        _("industries"), default=list, blank=True, help_text=_("Industries whose leads this person gets; empty: any.")
    )

    REQUIRED_FIELDS = ["email", "display_name"]

    objects: ClassVar[FairwayUserManager] = FairwayUserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("display_name", "id")
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                condition=~models.Q(email=""),
                violation_error_message=_("Another user has this e-mail address."),
                violation_error_code="taken_email",
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="user_name_once",
                violation_error_message=_("Another user has this sign-in name."),
                violation_error_code="taken_username",
            ),
        )

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """Name as shown."""
        return str(self)

    def get_short_name(self) -> str:
        """Name as shown; there is no shorter one."""
        return str(self)

    @property
    def initials(self) -> str:
        """Up to two characters for the avatar: 王小明 is 小明, Mary Ann Lee is ML."""
        name = str(self).strip()
        if not name.isascii():
            return name[-2:]
        words = name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def role_keys(self) -> frozenset[str]:
        """Keys of the roles held, read once per object (with `with_roles` not even once)."""
        if (known := self.__dict__.get("_role_keys")) is None:
            if "joined_roles" in self.__dict__:
                known = frozenset(filter(None, (self.__dict__["joined_roles"] or "").split(",")))
            else:
                known = frozenset(self.grants.values_list("role", flat=True))
            self.__dict__["_role_keys"] = known
        return known

    def forget_roles(self) -> None:
        """Read the roles anew when next asked; for actions that change them."""
        self.__dict__.pop("_role_keys", None)
        self.__dict__.pop("joined_roles", None)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the row anew, and the roles when next asked."""
        self.forget_roles()
        super().refresh_from_db(*args, **kwargs)

    @property
    def is_admin(self) -> bool:
        """Whether this person keeps users and settings."""
        return ADMIN in self.role_keys

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone, the default one when the stored name is no longer known."""
        name = self.timezone if self.timezone in known_timezones() else DEFAULT_TIMEZONE
        return ZoneInfo(name)

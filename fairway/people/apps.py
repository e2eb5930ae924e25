from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from fairway.people import doors, sign_in_doors


class PeopleConfig(AppConfig):
    """Users, teams and roles: who sees what, and who may do what."""

    name = "fairway.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        """Declare who may enter the views of the sign-in library."""
        doors.declare(sign_in_doors.DOORS)

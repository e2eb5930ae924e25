from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Users, teams and roles: who sees what, and who may do what."""

    name = "fairway.people"
    label = "people"
    verbose_name = _("People")

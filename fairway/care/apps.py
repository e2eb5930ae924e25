from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    """Complaints and customer care: models, facts, effects and actions."""

    name = "fairway.care"
    label = "care"
    verbose_name = _("Care")

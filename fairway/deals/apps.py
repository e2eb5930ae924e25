from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealsConfig(AppConfig):
    """Deals: models, facts, effects and actions."""

    name = "fairway.deals"
    label = "deals"
    verbose_name = _("Deals")

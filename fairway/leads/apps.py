from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    """Leads: models, facts, effects and actions."""

    name = "fairway.leads"
    label = "leads"
    verbose_name = _("Leads")

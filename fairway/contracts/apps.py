from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    """Contracts: models, facts, effects and actions."""

    name = "fairway.contracts"
    label = "contracts"
    verbose_name = _("Contracts")

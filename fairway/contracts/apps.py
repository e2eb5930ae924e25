"""Contracts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    """Registers the contract's facts."""

    name = "fairway.contracts"
    label = "contracts"
    verbose_name = _("Contracts")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.contracts import kind
        from fairway.runs import kinds

        kinds.register_room(kind.ROOM)

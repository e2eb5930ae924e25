"""Contracts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    """Registers the contract's facts, and how it is found."""

    name = "fairway.contracts"
    label = "contracts"
    verbose_name = _("Contracts")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.contracts import kind
        from fairway.runs import kinds
        from fairway.search import kinds as found

        kinds.register_room(kind.ROOM)
        found.register(kind.FOUND)

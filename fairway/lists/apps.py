"""Lists."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    """Registers every list."""

    name = "fairway.lists"
    label = "lists"
    verbose_name = _("Lists")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.lists.catalog import accounts, complaints, contacts, deals, leads, records, tasks
        from fairway.lists.listing import register

        for one in (leads, deals, complaints, accounts, contacts, tasks, records):
            register(one.LISTING)

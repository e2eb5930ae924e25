from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Companies and contacts, duplicates and merging, consent."""

    name = "fairway.customers"
    label = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """Register what a person holds of it."""
        from fairway.customers.actions import hand_on_accounts
        from fairway.customers.queries import owned_accounts
        from fairway.people import holdings

        holdings.register("accounts", owned_accounts, hand_on_accounts)

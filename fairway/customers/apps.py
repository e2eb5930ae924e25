from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Companies and contacts, duplicates and merging, consent."""

    name = "fairway.customers"
    label = "customers"
    verbose_name = _("Customers")

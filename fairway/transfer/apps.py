from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransferConfig(AppConfig):
    """All settings as one file."""

    name = "fairway.transfer"
    label = "transfer"
    verbose_name = _("Settings file")

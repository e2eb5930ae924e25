from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotifyConfig(AppConfig):
    """From an event to a message to a channel."""

    name = "fairway.notify"
    label = "notify"
    verbose_name = _("Notices")

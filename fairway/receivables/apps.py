from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReceivablesConfig(AppConfig):
    """Receivables: milestones, payments, facts and effects."""

    name = "fairway.receivables"
    label = "receivables"
    verbose_name = _("Receivables")

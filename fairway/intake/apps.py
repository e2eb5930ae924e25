from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """Files, forms and mail that become leads."""

    name = "fairway.intake"
    label = "intake"
    verbose_name = _("Intake")

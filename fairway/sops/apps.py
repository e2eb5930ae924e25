from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SopsConfig(AppConfig):
    """Operating procedures: drafts, published versions and the shipped library."""

    name = "fairway.sops"
    label = "sops"
    verbose_name = _("Procedures")

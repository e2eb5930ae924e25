from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fairway import home


class SopsConfig(AppConfig):
    """Operating procedures: drafts, published versions and the shipped library."""

    name = "fairway.sops"
    label = "sops"
    verbose_name = _("Procedures")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.sops.actions import install_library

        def install() -> None:
            install_library(now=timezone.now())

        home.register_step("library", install)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """The HTML door: views, templates and assets."""

    name = "fairway.web"
    label = "web"
    verbose_name = _("Web")

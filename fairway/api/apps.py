from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """The JSON door: one file per resource, described by OpenAPI."""

    name = "fairway.api"
    label = "api"
    verbose_name = _("API")

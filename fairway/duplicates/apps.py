from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DuplicatesConfig(AppConfig):
    """Records that may be the same: found, reviewed, merged, and taken apart again."""

    name = "fairway.duplicates"
    label = "duplicates"
    verbose_name = _("Duplicates")

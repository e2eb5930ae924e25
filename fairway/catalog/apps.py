from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """Products and their list prices; forms of an SOP offer them where a field takes the list `product`."""

    name = "fairway.catalog"
    label = "catalog"
    verbose_name = _("Products")

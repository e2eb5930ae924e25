"""Deals."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealsConfig(AppConfig):
    """Registers the deal's facts, face and effect."""

    name = "fairway.deals"
    label = "deals"
    verbose_name = _("Deals")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.deals import effects, kind
        from fairway.runs import kinds

        kinds.register_room(kind.ROOM)
        kinds.register_face(kind.FACE)
        kinds.register_effect("make_deal", effects.make_deal)

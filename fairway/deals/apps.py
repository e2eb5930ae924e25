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
        from fairway.deals import actions, effects, kind
        from fairway.runs import kinds, references
        from fairway.search import kinds as found

        kinds.register_room(kind.ROOM)
        kinds.register_face(kind.FACE)
        found.register(kind.FOUND)
        kinds.register_effect("make_deal", effects.make_deal)
        kinds.register_starter("deal", actions.start_from)
        references.register_reference("contact", kind.existing_contacts)
        references.register_reference("account", kind.existing_accounts)

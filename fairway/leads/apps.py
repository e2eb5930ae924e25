"""Leads."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    """Registers the lead's facts, face and added sources."""

    name = "fairway.leads"
    label = "leads"
    verbose_name = _("Leads")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.leads import kind
        from fairway.runs import kinds, references
        from fairway.search import kinds as found

        kinds.register_room(kind.ROOM)
        kinds.register_face(kind.FACE)
        found.register(kind.FOUND)
        references.register_choices("source", kind.added_sources)

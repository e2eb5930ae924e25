"""Complaints and customer care."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    """Registers the facts of complaints and companies, their faces, and how care is started."""

    name = "fairway.care"
    label = "care"
    verbose_name = _("Care")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.care import actions, kind
        from fairway.runs import kinds
        from fairway.search import kinds as found

        kinds.register_room(kind.COMPLAINT_ROOM)
        kinds.register_room(kind.ACCOUNT_ROOM)
        kinds.register_face(kind.COMPLAINT_FACE)
        found.register(kind.FOUND)
        kinds.register_face(kind.ACCOUNT_FACE)
        kinds.register_starter("account", actions.start_care)
        kinds.register_closer(actions.complaint_closed)

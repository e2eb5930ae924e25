"""Comments and followers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TeamworkConfig(AppConfig):
    """Lets followers be told what becomes of runs and companies."""

    name = "fairway.teamwork"
    label = "teamwork"
    verbose_name = _("Teamwork")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.customers import watchers
        from fairway.runs import kinds
        from fairway.teamwork import watching

        kinds.register_watcher(watching.watch_run)
        watchers.register(watching.watch_customer)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The demo company, made on demand and taken away again."""

    name = "fairway.demo"
    label = "demo"
    verbose_name = _("Demo company")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.demo import making
        from fairway.runs import jobs

        jobs.register("demo", making.carry_out, outside=True)

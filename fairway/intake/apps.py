"""Files, forms and mail that become leads."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """Registers how imports go on in the worker."""

    name = "fairway.intake"
    label = "intake"
    verbose_name = _("Intake")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.intake import actions
        from fairway.runs import jobs

        jobs.register(actions.JOB, actions.run_job, outside=True)

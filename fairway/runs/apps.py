"""The running SOP."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RunsConfig(AppConfig):
    """Registers what the run itself serves: the effect that assigns by rules, clocks that follow a calendar."""

    name = "fairway.runs"
    label = "runs"
    verbose_name = _("Runs")

    def ready(self) -> None:
        """Register once the models are there."""
        from fairway.runs import handover, jobs, kinds, people, reckoning, references, tally
        from fairway.runs.actions.attachments import existing_files
        from fairway.runs.assignment import assign_by_rules
        from fairway.runs.products import offered_products
        from fairway.sops.calendars import register_listener

        references.register_reference("file", existing_files)
        references.register_choices("product", offered_products)
        kinds.register_effect("assign", assign_by_rules)
        people.listen()
        handover.register()
        jobs.register(reckoning.KIND, reckoning.reckon)
        register_listener("runs", reckoning.calendar_changed)
        post_migrate.connect(tally.install, sender=self)

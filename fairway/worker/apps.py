"""The worker."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkerConfig(AppConfig):
    """The loop that fires what is due and delivers what is owed."""

    name = "fairway.worker"
    label = "worker"
    verbose_name = _("Worker")

    def ready(self) -> None:
        """Say what is swept."""
        from fairway.duplicates import finding
        from fairway.notify import digest
        from fairway.runs import anchors, clock, jobs, tally
        from fairway.worker import loop

        loop.register("clocks", clock.sweep)
        loop.register("digests", digest.sweep)
        loop.register("jobs", jobs.deliver)
        loop.register("duplicates", finding.sweep)
        loop.register("seals", anchors.seal)
        loop.register("tidy", jobs.tidy)
        loop.register("tally", tally.fold)

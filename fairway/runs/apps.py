from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RunsConfig(AppConfig):
    """The running procedure: runs, visits, tasks, records, deadlines and events."""

    name = "fairway.runs"
    label = "runs"
    verbose_name = _("Runs")

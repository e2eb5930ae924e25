from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkerConfig(AppConfig):
    """The loop that fires what is due and delivers what is owed."""

    name = "fairway.worker"
    label = "worker"
    verbose_name = _("Worker")

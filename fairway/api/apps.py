from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from fairway.people import doors
from fairway.people.doors import Door


class ApiConfig(AppConfig):
    """The JSON door: one file per resource, described by OpenAPI."""

    name = "fairway.api"
    label = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        """Declare who may enter the pages that the API library adds; drop old keys when the worker tidies."""
        from fairway.api import keys
        from fairway.runs import jobs

        jobs.register_tidier("idempotency keys", keys.tidy)
        doors.declare(
            {
                "ninja.openapi.views.openapi_json": Door(public=True, why="describes the API and holds no data"),
                "ninja.openapi.views.default_home": Door(closed=True, why="nothing lives at the root of the API"),
            }
        )

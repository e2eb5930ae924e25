"""Programs' door: /api/v1."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from fairway import __version__
from fairway.api import (
    accounts,
    admin_people,
    admin_settings,
    approvals,
    attachments,
    complaints,
    contacts,
    deals,
    duplicates,
    leads,
    receivables,
    records,
    search,
    sops,
    tasks,
    teamwork,
    users,
    views,
)
from fairway.api.description import Api
from fairway.api.limits import Limit
from fairway.api.parsing import Parser
from fairway.api.problems import handle, not_found
from fairway.api.replies import Renderer
from fairway.api.runs import events_router
from fairway.people.doors import door

api = Api(
    title="Fairway", version=__version__, urls_namespace="api", docs_url=None, renderer=Renderer(), parser=Parser(),
    throttle=[Limit()],
)  # fmt: skip
handle(api)
for prefix, router in (
    ("/leads", leads.router),
    ("/deals", deals.router),
    ("/complaints", complaints.router),
    ("/companies", accounts.router),
    ("/contacts", contacts.router),
    ("/receivables", receivables.router),
    ("/tasks", tasks.router),
    ("/approvals", approvals.router),
    ("/waivers", approvals.waivers),
    ("/records", records.router),
    ("/files", attachments.router),
    ("/comments", teamwork.router),
    ("/followers", teamwork.follows),
    ("/events", events_router),
    ("/sops", sops.router),
    ("/users", users.router),
    ("/views", views.router),
    ("/search", search.router),
    ("/duplicates", duplicates.router),
    ("/merges", duplicates.merges),
    ("/products", admin_settings.products),
    ("/administration/users", admin_people.users),
    ("/administration/teams", admin_people.teams),
    ("/administration/sources", admin_settings.sources),
    ("/administration/calendars", admin_settings.calendars),
    ("/administration/dead-letters", admin_settings.jobs),
    ("/administration/audit", admin_settings.audit),
):
    api.add_router(prefix, router)


@csrf_exempt
@door(public=True, why="says that nothing lives at this address")
def nothing(request: HttpRequest) -> HttpResponse:
    """What programs get at an address that does not exist."""
    return not_found()


urlpatterns: list[URLPattern | URLResolver] = [path("", api.urls), re_path("", nothing)]

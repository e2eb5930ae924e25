"""Programs' door: /api/v1."""

from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI

from fairway import __version__
from fairway.api import accounts, approvals, complaints, contacts, deals, leads, records, sops, tasks, users
from fairway.api.problems import handle
from fairway.api.replies import Renderer
from fairway.api.runs import events_router

api = NinjaAPI(title="Fairway", version=__version__, docs_url=None, renderer=Renderer())
handle(api)
for prefix, router in (
    ("/leads", leads.router),
    ("/deals", deals.router),
    ("/complaints", complaints.router),
    ("/accounts", accounts.router),
    ("/contacts", contacts.router),
    ("/tasks", tasks.router),
    ("/approvals", approvals.router),
    ("/waivers", approvals.waivers),
    ("/records", records.router),
    ("/events", events_router),
    ("/sops", sops.router),
    ("/users", users.router),
):
    api.add_router(prefix, router)

urlpatterns: list[URLPattern | URLResolver] = [path("", api.urls)]

"""The page of one lead."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from fairway.people.doors import door
from fairway.web.record.faces import home_of
from fairway.web.views.run import seen, show


@door(signed_in=True)
def lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The lead with its score card; once it is a deal, the page of the deal."""
    run = seen(request, lead=lead_id)
    return show(request, run) if run.face == "lead" else redirect(home_of(run))

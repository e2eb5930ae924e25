"""The page of one deal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from fairway.people.doors import door
from fairway.web.record.faces import home_of
from fairway.web.views.run import seen, show


@door(signed_in=True)
def deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """The deal; while its run is a lead again (it went back), the page of the lead."""
    run = seen(request, deal=deal_id)
    return show(request, run) if run.face == "deal" else redirect(home_of(run))

"""The page of one complaint."""

from django.http import HttpRequest, HttpResponse

from fairway.people.doors import door
from fairway.web.views.run import seen, show


@door(signed_in=True)
def complaint(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """The complaint with its clocks."""
    return show(request, seen(request, complaint=complaint_id))

from django.db import connection
from django.http import HttpRequest, HttpResponse

from fairway.people.doors import door


@door(public=True, why="load balancers ask whether the site answers")
def health(request: HttpRequest) -> HttpResponse:
    """Say that this server answers and reaches its database; for load balancers and for `fairway serve`.

    Returns plain text "ok". Open to everyone: it tells nothing else.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")

"""One route of every kind, for the tests of doors."""

from django.http import HttpResponse
from django.urls import include, path
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from fairway.people.doors import door

api = NinjaAPI(urls_namespace="doors", docs_url=None, openapi_url=None)


def answer(request):
    return HttpResponse(request.user.get_username() or "visitor")


@door(public=True, why="a test")
def public(request):
    return answer(request)


@door(closed=True, why="a test")
def closed(request):
    return answer(request)


@csrf_exempt
@door(signed_in=True)
def anyone(request):
    return answer(request)


@door(roles=("manager", "admin"))
class Judges(View):
    def get(self, request):
        return answer(request)

    post = get


class Forgotten(Judges):
    pass


@api.get("/things")
@door(scope="leads:read")
def read_things(request):
    return {"user": request.user.username}


@api.post("/things")
@door(scope="leads:write", roles=("rep",))
def write_things(request):
    return {"user": request.user.username}


@api.get("/forgotten")
def read_forgotten(request):
    return {}


urlpatterns = [
    path("public", public),
    path("closed", closed),
    path("anyone", anyone, name="anyone"),
    path("judges", Judges.as_view()),
    path("forgotten", Forgotten.as_view()),
    path("accounts/", include("allauth.urls")),
    path("api/", api.urls),
]

from datetime import timedelta

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from ninja.openapi.views import default_home

from fairway.people import doors
from fairway.people.actions.tokens import create_token
from fairway.people.doors import Door, Route
from fairway.people.middleware import DoorMiddleware
from tests.people import door_urls

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_the_doors(settings, monkeypatch):
    """Requests go to the routes of `door_urls`; the start does not look, so that the forgotten ones can be tried."""
    settings.ROOT_URLCONF = "tests.people.door_urls"
    monkeypatch.setattr(doors, "undeclared", lambda urlconf=None: [])


@pytest.fixture
def enter(at_the_doors, people):
    def request(who, address, method="get", client=None, **headers):
        client = client or Client()
        if who:
            client.force_login(getattr(people, who))
        return getattr(client, method)(address, headers=headers)

    return request


@pytest.fixture
def token(people):
    def make(who="rep", scopes=("leads:read",)):
        user, now = getattr(people, who), timezone.now()
        return create_token(user, name="t", scopes=scopes, expires_at=now + timedelta(days=1), by=user, now=now)[1]

    return make


def test_every_route_of_the_product_has_a_door():
    assert doors.undeclared() == []
    assert [found for found in checks.run_checks(tags=[checks.Tags.security]) if found.id == "people.E001"] == []


def test_a_forgotten_door_stops_the_start(settings):
    settings.ROOT_URLCONF = "tests.people.door_urls"
    found = [one for one in doors.every_route_has_a_door() if one.id == "people.E001"]
    assert {one.msg.split()[0] for one in found} == {"/forgotten", "/api/forgotten"}
    with pytest.raises(ImproperlyConfigured, match="/forgotten"):
        DoorMiddleware(lambda request: None)


def test_the_routes_say_what_the_matrix_needs(settings):
    settings.ROOT_URLCONF = "tests.people.door_urls"
    routes = {(route.pattern, route.methods): route for route in doors.routes()}
    judges = Door(roles=frozenset({"manager", "admin"}))
    assert routes["judges", ("*",)] == Route("judges", None, ("*",), "tests.people.door_urls.Judges", judges)
    assert routes["anyone", ("*",)].name == "anyone"
    assert routes["api/things", ("GET",)].door == Door(scope="leads:read")
    assert routes["api/things", ("POST",)].door == Door(scope="leads:write", roles=frozenset({"rep"}))
    assert routes["accounts/login/", ("*",)].door.public


def test_a_public_door_is_open_and_a_closed_one_is_not_there(enter):
    assert enter(None, "/public").content == b"visitor"
    assert enter("rep", "/public").content == b"rep"
    assert enter("admin", "/closed").status_code == 404


def test_a_visitor_is_sent_to_sign_in_and_back(enter):
    answer = enter(None, "/anyone?page=2")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/anyone%3Fpage%3D2")
    assert enter(None, "/anyone", "post")["Location"] == "/accounts/login/?next=/"
    partial = enter(None, "/anyone", **{"HX-Request": "true", "HX-Current-URL": "https://here/deals/1?tab=2"})
    assert (partial.status_code, partial["HX-Redirect"]) == (401, "/accounts/login/?next=/deals/1%3Ftab%3D2")
    assert enter("rep", "/anyone").content == b"rep"


@pytest.mark.parametrize(("who", "status"), [("manager", 200), ("admin", 200), ("rep", 403), (None, 302)])
def test_a_door_for_roles(enter, who, status):
    assert enter(who, "/judges").status_code == status
    assert enter(who, "/judges", "post").status_code == status


@pytest.mark.parametrize("address", ["/forgotten", "/api/forgotten"])
def test_a_view_without_a_door_stays_shut_even_when_it_runs(enter, address):
    assert enter("admin", address).status_code == 403


def test_a_token_opens_what_its_scopes_and_its_persons_roles_allow(enter, token, people):
    def call(method, who="rep", scopes=("leads:read",)):
        return enter(None, "/api/things", method, Authorization=f"Bearer {token(who, scopes)}")

    assert call("get").json() == {"user": "rep"}
    assert call("get", scopes=("leads:write",)).status_code == 200
    refused = call("post")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope")
    assert refused["Content-Type"] == "application/problem+json"
    assert call("post", scopes=("leads:write",)).status_code == 200
    refused = call("post", who="legal", scopes=("leads:write",))
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert call("delete").status_code == 405


@pytest.mark.parametrize("header", ["Bearer fwy_wrong", "Basic cmVwOng=", "Bearer", "nonsense"])
def test_a_wrong_token_is_refused_even_beside_a_session(enter, header):
    for who in (None, "rep"):
        refused = enter(who, "/api/things", Authorization=header)
        assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_opens_no_page(enter, token):
    assert enter(None, "/anyone", Authorization=f"Bearer {token()}").status_code == 302


def test_a_session_opens_the_api_to_our_own_pages_only(enter):
    assert enter("rep", "/api/things").json() == {"user": "rep"}
    assert enter(None, "/api/things").status_code == 401
    strict = Client(enforce_csrf_checks=True)
    refused = enter("rep", "/api/things", "post", client=strict)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    strict.cookies["csrftoken"] = "a" * 32
    assert enter("rep", "/api/things", "post", client=strict, **{"X-CSRFToken": "a" * 32}).status_code == 200
    assert enter("legal", "/api/things", "post").json()["code"] == "forbidden"


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"public": True},
        {"closed": True},
        {"public": True, "signed_in": True, "why": "x"},
        {"signed_in": True, "roles": ("rep",)},
        {"roles": ("boss",)},
        {"scope": "moon:read"},
    ],
)
def test_a_declaration_that_says_nothing_or_too_much_is_refused(wrong):
    with pytest.raises(ValueError):
        doors.door(**wrong)


def test_a_library_view_has_one_door():
    name = doors.view_name(default_home)
    same = {name: Door(closed=True, why="nothing lives at the root of the API")}
    doors.declare(same)
    with pytest.raises(ValueError, match="two doors"):
        doors.declare({name: Door(signed_in=True)})


def test_a_subclass_says_again_who_may_enter():
    assert doors.doors_of(door_urls.Judges.as_view()) == {("*",): Door(roles=frozenset({"manager", "admin"}))}
    assert doors.doors_of(door_urls.Forgotten.as_view()) == {("*",): None}

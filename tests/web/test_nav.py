import re

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from fairway.people.doors import door
from fairway.people.roles import ROLES
from fairway.web import nav


@door(signed_in=True)
def open_to_all(request):
    return HttpResponse()


@door(roles=("admin",))
def for_admins(request):
    return HttpResponse()


urlpatterns = [
    path("", open_to_all, name="today"),
    path("leads", open_to_all, name="leads"),
    path("admin", for_admins, name="administration"),
    path("preferences/theme", open_to_all, name="set-theme"),
]


def names(groups):
    return [str(link.url) for group in groups for link in group]


@override_settings(ROOT_URLCONF=__name__)
def test_only_what_exists_is_shown_and_only_to_those_whom_its_door_admits():
    assert names(nav.links_for({"rep"}, "/")) == ["/", "/leads"]
    assert names(nav.links_for({"admin"}, "/")) == ["/", "/leads", "/admin"]


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("at", "current"), [("/", "/"), ("/leads", "/leads"), ("/leads/42", "/leads"), ("/leadsx", None)]
)
def test_the_entry_of_the_page_in_view_is_marked(at, current):
    marked = [link.url for group in nav.links_for({"rep"}, at) for link in group if link.current]
    assert marked == ([current] if current else [])


@override_settings(ROOT_URLCONF=__name__)
def test_the_bottom_bar_has_what_is_used_most():
    assert [link.url for link in nav.bottom_links_for({"rep"}, "/")] == ["/", "/leads"]


def test_no_address_means_no_link():
    assert nav.url_or_nothing("no-such-screen") == ""


@pytest.mark.django_db
def test_every_link_that_a_role_sees_can_be_opened_by_it(people, client):
    for role in ROLES:
        person = people.add(f"only-{role}", team=people.east, roles=(role,))
        client.force_login(person)
        for url in names(nav.links_for({role}, "/")):
            assert client.get(url).status_code == 200, (role, url)


def test_every_name_the_navigation_waits_for_is_spelled_once():
    entries = [entry.name for group in nav.NAVIGATION for entry in group]
    assert len(entries) == len(set(entries))
    assert all(re.fullmatch(r"[a-z-]+", name) for name in entries)

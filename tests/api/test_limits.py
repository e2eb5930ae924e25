"""How much one token may ask."""

import pytest

from fairway.api.limits import Windows
from fairway.api.urls import api
from fairway.customers.models import Account


@pytest.fixture
def three_a_minute(settings, monkeypatch):
    settings.API_REQUESTS_A_MINUTE = 3
    [limit] = api.throttle
    monkeypatch.setattr(limit, "windows", Windows())


@pytest.mark.usefixtures("three_a_minute")
def test_over_the_limit_a_caller_is_told_when_to_go_on_and_others_are_not_held_up(call, people):
    rep, mate = call(people.rep), call(people.mate)
    assert [rep.get("/users/self").status_code for _ in range(4)][-1] == 429
    refused = rep.get("/users/self")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "too_many"
    assert mate.get("/users/self").status_code == 200


@pytest.mark.usefixtures("three_a_minute")
def test_over_the_limit_nothing_is_written(call, people):
    manager = call(people.manager)
    statuses = [manager.post("/companies", {"name": f"公司{n}"}).status_code for n in range(5)]
    assert statuses.count(429) >= 2
    assert Account.objects.count() == statuses.count(201)


def test_zero_means_no_limit(call, people, settings):
    settings.API_REQUESTS_A_MINUTE = 0
    assert {call(people.rep).get("/users/self").status_code for _ in range(5)} == {200}


def test_a_new_window_counts_anew():
    at = [100.0]
    windows = Windows(clock=lambda: at[0])
    assert [windows.add("a"), windows.add("a"), windows.add("b")] == [1, 2, 1]
    assert windows.left() == 20
    at[0] = 120.5
    assert windows.add("a") == 1

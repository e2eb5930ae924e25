"""Two editors, and requests that come twice."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from fairway.api.keys import tidy
from fairway.api.models import IdempotencyKey
from fairway.customers.actions import create_account
from fairway.customers.models import Account, CustomerChange
from fairway.leads.models import Lead
from fairway.runs import jobs
from fairway.runs.models import Run
from tests.fixtures_runs import LEAD

KEY = "Idempotency-Key"


@pytest.fixture
def account(people):
    return create_account({"name": "甲"}, by=people.manager, now=datetime.now(UTC))


def patch(caller, account, body, revision):
    caller.headers["If-Match"] = f'"{revision}"'
    return caller.patch(f"/companies/{account.pk}", body)


def test_the_second_editor_of_a_company_sees_both_values_and_who_was_first(call, people, account):
    assert patch(call(people.manager), account, {"industry": "retail"}, 0)["ETag"] == '"1"'
    stale = patch(call(people.mate), account, {"industry": "machinery", "region": "杭州"}, 0)
    assert stale.status_code == 412
    body = stale.json()
    assert (body["by"], body["revision"], body["current"]["industry"]) == (people.manager.display_name, 1, "retail")
    assert {(e["field"], e["mine"], e["theirs"]) for e in body["errors"]} == {
        ("industry", "machinery", "retail"), ("region", "杭州", ""),
    }  # fmt: skip
    account.refresh_from_db()
    assert (account.industry, account.region, account.revision) == ("retail", "", 1)
    assert CustomerChange.objects.filter(kind="account_changed").count() == 1


@pytest.mark.parametrize("tag", ["", "0", '"0', "*0", '"zero"'])
def test_what_is_no_entity_tag_is_refused(call, people, account, tag):
    caller = call(people.manager)
    caller.headers["If-Match"] = tag
    assert caller.patch(f"/companies/{account.pk}", {"industry": "retail"}).status_code == 412


def test_the_same_change_sent_again_with_the_old_tag_is_no_conflict(call, people, account):
    caller = call(people.manager)
    assert patch(caller, account, {"industry": "retail"}, 0).status_code == 200
    assert patch(caller, account, {"industry": "retail"}, 0)["ETag"] == '"1"'


def test_null_empties_a_field_but_never_the_name(call, people, account):
    caller = call(people.manager)
    caller.patch(f"/companies/{account.pk}", {"industry": "retail"})
    assert caller.patch(f"/companies/{account.pk}", {"industry": None}).json()["industry"] == ""
    assert caller.patch(f"/companies/{account.pk}", {"name": None}).status_code == 422


def test_a_stale_move_says_how_the_lead_stands_now(call, people, lead):
    values = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}
    call(people.rep).post(f"/leads/{lead.pk}/steps/score", {"values": values})
    mate = call(people.mate)
    for sent, status in (({"If-Match": '"0"'}, 412), ({}, 409)):
        body = {"outcome": "recycled", **({} if sent else {"revision": 0})}
        stale = mate.post(f"/leads/{lead.pk}/close", body, **sent)
        assert stale.status_code == status
        assert stale.json()["current"] == mate.get(f"/leads/{lead.pk}").json()
        assert stale.json()["event"] == "step_done"


def test_a_refusal_is_not_kept_under_its_key(call, people, lead):
    caller = call(people.rep)
    assert caller.post("/leads", {"values": {}}, **{KEY: "k"}).status_code == 422
    assert not IdempotencyKey.objects.exists()
    assert caller.post("/leads", {"values": LEAD}, **{KEY: "k"}).status_code == 201
    assert caller.post(f"/leads/{lead.pk}/advance", {}, **{KEY: "m"}).status_code == 409
    assert IdempotencyKey.objects.count() == 1


def test_a_key_is_of_one_person(call, people):
    for user in (people.rep, people.mate):
        assert call(user).post("/leads", {"values": LEAD}, **{KEY: "k"}).status_code == 201
    assert Lead.objects.count() == 2


def test_a_replay_gives_the_first_answer_though_things_moved_on(call, people, lead):
    caller = call(people.rep)
    body = {"values": {"fit_score": 4, "budget_score": 4, "urgency_score": 3}}
    first = caller.post(f"/leads/{lead.pk}/steps/score", body, **{KEY: "k"})
    caller.post(f"/leads/{lead.pk}/log-contact", {"outcome": "no_answer"})
    again = caller.post(f"/leads/{lead.pk}/steps/score", body, **{KEY: "k"})
    assert (again.content, again["ETag"], again["Idempotent-Replay"]) == (first.content, first["ETag"], "true")


def test_after_48_hours_a_key_is_forgotten_and_dropped(call, people):
    caller = call(people.rep)
    caller.post("/leads", {"values": LEAD}, **{KEY: "k"})
    IdempotencyKey.objects.update(created_at=datetime.now(UTC) - timedelta(hours=49))
    assert "Idempotent-Replay" not in caller.post("/leads", {"values": LEAD}, **{KEY: "k"})
    assert Lead.objects.count() == 2
    now = datetime.now(UTC)
    assert tidy(now + timedelta(hours=47)) == 0
    assert jobs.tidy(now + timedelta(hours=49)) == 1
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("key", ["", "ä", "a b", "a" * 101])
def test_a_key_that_is_none_is_refused(call, people, key):
    assert call(people.rep).post("/leads", {"values": LEAD}, **{KEY: key}).status_code == 422
    assert not Lead.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_request_twice_at_once_is_done_once(call, people):
    callers, answers, gate = [call(people.rep) for _ in range(4)], [], threading.Barrier(4)
    for caller in callers:
        caller.client = Client()

    def send(caller):
        gate.wait()
        try:
            answers.append(caller.post("/leads", {"values": LEAD}, **{KEY: "k"}))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert (Lead.objects.count(), Run.objects.count(), IdempotencyKey.objects.count()) == (1, 1, 1)
    assert Account.objects.count() == 0

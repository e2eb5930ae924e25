from datetime import timedelta

import pytest
from django.utils import timezone

from fairway.engine.refused import Refused
from fairway.leads import pool
from fairway.leads.actions import register_lead
from fairway.leads.models import Lead
from fairway.runs import actions
from fairway.runs.models import Event, Record
from fairway.runs.verify import verify
from tests.fixtures_runs import LEAD, NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


@pytest.fixture
def given_up(sops, people):
    """A lead that the rep gave back to the pool."""
    lead = register_lead(LEAD, by=people.rep, now=NOW, owner=people.rep)
    actions.close(lead.run_id, outcome="recycled", reason="no_answer", by=people.rep, now=NOW)
    return lead


@pytest.fixture
def unowned(sops, people):
    return register_lead({**LEAD, "contact_phone": "13900000002"}, by=people.rep, now=NOW)


def test_a_lead_that_nobody_owns_is_claimed_once_and_kept_on_record(unowned, people, client):
    client.force_login(people.rep)
    assert LEAD["company_name"] in client.get("/pool").content.decode()
    assert client.post(f"/pool/{unowned.pk}/claim")["Location"] == f"/leads/{unowned.pk}"
    client.post(f"/pool/{unowned.pk}/claim")
    unowned.run.refresh_from_db()
    assert unowned.run.owner == people.rep
    assert Event.objects.filter(run=unowned.run, kind="claimed", by=people.rep).count() == 1
    client.get("/pool")  # takes the toast
    assert LEAD["company_name"] not in client.get("/pool").content.decode()


def test_whoever_comes_second_is_told(unowned, people, client):
    pool.claim(unowned.run_id, by=people.mate, now=timezone.now())
    client.force_login(people.rep)
    assert client.post(f"/pool/{unowned.pk}/claim").status_code in {403, 409}
    unowned.run.refresh_from_db()
    assert unowned.run.owner == people.mate


def test_a_woken_lead_starts_anew_with_what_is_known_and_keeps_the_old_run(given_up, people):
    woken = pool.wake(given_up.pk, by=people.outsider, now=LATER)
    assert (woken.company, woken.phone, woken.run.owner) == (given_up.company, given_up.phone, people.outsider)
    assert woken.run_id != given_up.run_id
    assert woken.run.is_open
    assert Record.objects.get(run=woken.run, current=True).values["company_name"] == LEAD["company_name"]
    assert woken.run.tasks.filter(step="register", status="done").exists()
    given_up.run.refresh_from_db()
    assert given_up.run.outcome == "recycled"
    assert not list(pool.recycled(by=people.rep))
    assert not list(verify(LATER))


def test_waking_twice_makes_one_and_a_second_person_is_refused(given_up, people):
    first = pool.wake(given_up.pk, by=people.outsider, now=LATER)
    assert pool.wake(given_up.pk, by=people.outsider, now=LATER) == first
    with pytest.raises(Refused):
        pool.wake(given_up.pk, by=people.mate, now=LATER)
    assert Lead.objects.filter(woken_from=given_up).count() == 1


def test_the_one_who_gave_it_up_waits(given_up, people):
    with pytest.raises(Refused) as refused:
        pool.wake(given_up.pk, by=people.rep, now=NOW + timedelta(days=1))
    assert refused.value.reasons[0].code == "pool.waits"
    assert pool.wake(given_up.pk, by=people.rep, now=NOW + timedelta(days=8))


def test_an_open_lead_is_not_woken(unowned, people):
    with pytest.raises(Refused):
        pool.wake(unowned.pk, by=people.mate, now=LATER)


def test_the_limits_of_the_sop_hold(given_up, people, monkeypatch):
    rules = pool._rules().model_copy(update={"claims_per_day": 0, "held": 0})
    monkeypatch.setattr(pool, "_rules", lambda: rules)
    with pytest.raises(Refused) as refused:
        pool.wake(given_up.pk, by=people.mate, now=LATER)
    assert {reason.code for reason in refused.value.reasons} == {"pool.claims", "pool.held"}


def test_recycled_leads_show_no_way_to_reach_anybody_before_they_are_claimed(given_up, people, client):
    client.force_login(people.outsider)
    page = client.get("/pool?tab=recycled").content.decode()
    assert LEAD["company_name"] in page
    assert LEAD["contact_phone"] not in page
    answer = client.post(f"/pool/{given_up.pk}/claim", {"asleep": "1"})
    assert answer["Location"] == f"/leads/{Lead.objects.get(woken_from=given_up).pk}"


def test_those_who_do_not_sell_neither_see_the_pool_nor_claim(given_up, people, client):
    client.force_login(people.finance)
    assert client.get("/pool").status_code == 403
    client.force_login(people.admin)
    assert client.get("/pool?tab=recycled").status_code == 200
    assert client.post(f"/pool/{given_up.pk}/claim", {"asleep": "1"}).status_code == 403


def test_the_pool_costs_few_queries(given_up, unowned, people, client, django_assert_max_num_queries):
    client.force_login(people.manager)
    client.get("/pool")
    with django_assert_max_num_queries(20):
        client.get("/pool")

from datetime import timedelta

import pytest
from django.utils import timezone

from fairway.customers.actions import create_account
from fairway.deals.actions import start_deal
from fairway.leads.actions import register_lead
from fairway.runs.models import Run, Task
from tests.fixtures_runs import LEAD, NOW

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


@pytest.fixture
def work(sops, people):
    """A late lead, a deal that stands still and one that moves, an approval that waits: in the east team."""
    lead = register_lead(LEAD, by=people.rep, now=NOW, owner=people.rep)
    now = timezone.now()
    Run.objects.filter(pk=lead.run_id).update(next_due=now - timedelta(days=1))
    account = create_account({"name": "宁波海天"}, by=people.mate, now=NOW)
    still = start_deal("key-account", account=account, name="久未跟进", owner=people.mate, by=people.mate, now=NOW)
    other = create_account({"name": "苏州精工"}, by=people.mate, now=NOW)
    fresh = start_deal("key-account", account=other, name="正在推进", owner=people.mate, by=people.mate, now=now)
    Task.objects.create(
        run=fresh.run, visit=1, step="score", kind="approve", role="manager", opened_at=now, assignee=people.manager,
        due_at=now - timedelta(hours=3),
    )  # fmt: skip
    return {"lead": lead, "still": still, "fresh": fresh}


def test_a_manager_sees_what_waits_is_late_and_stands_still(work, people, client):
    client.force_login(people.manager)
    page = client.get("/manage").content.decode()
    standing = page[page.index('id="still"') : page.index('id="load"')]
    assert "久未跟进" in standing
    assert "正在推进" not in standing
    assert "正在推进" in page[page.index('id="approvals"') : page.index('id="still"')]
    assert f'href="/leads?owner={people.rep.pk}"' in page


def test_each_figure_leads_to_its_rows(work, people, client):
    client.force_login(people.manager)
    deals = client.get("/deals?still=1").content.decode()
    assert "久未跟进" in deals
    assert "正在推进" not in deals
    assert LEAD["company_name"] in client.get("/leads?late=1").content.decode()


def test_a_manager_of_another_team_sees_none_of_it(work, people, client):
    west = people.add("west", team=people.west, roles=("manager",))
    client.force_login(west)
    page = client.get("/manage").content.decode()
    assert "久未跟进" not in page
    assert "正在推进" not in page
    assert people.rep.display_name not in page
    client.force_login(people.director)
    assert "久未跟进" in client.get("/manage").content.decode()


def test_a_rep_does_not_enter(work, people, client):
    client.force_login(people.rep)
    assert client.get("/manage").status_code == 403


def test_the_page_costs_few_queries(work, people, client, django_assert_max_num_queries):
    client.force_login(people.manager)
    client.get("/manage")
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get("/manage")

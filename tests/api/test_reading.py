"""Reads of leads, deals and complaints: few queries, and the same sight as everywhere."""

import itertools
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fairway.deals.models import Deal
from fairway.leads.models import Lead
from fairway.people.scope import scope_of
from fairway.runs import actions
from fairway.runs.models import Participant, Run, Task
from tests.fixtures_runs import LEAD

READERS = ("rep", "mate", "manager", "director", "outsider", "legal", "admin")


def is_late(lead):
    return lead.run.next_due is not None and lead.run.next_due < datetime.now(UTC)


@pytest.fixture
def leads(call, people, lead):
    """One lead for each way in which somebody may see it."""
    owners = [None, people.rep, people.mate, people.outsider]
    teams = [None, people.east, people.west]
    found = []
    for number, (owner, team) in enumerate(itertools.product(owners, teams)):
        made = call(people.rep).post("/leads", {"values": {**LEAD, "company_name": f"公司{number}"}})
        found.append(Lead.objects.get(pk=made.json()["id"]))
        Run.objects.filter(pk=found[-1].run_id).update(owner=owner, team=team)
        Participant.objects.filter(run=found[-1].run_id).delete()
    Participant.objects.create(run_id=found[-1].run_id, user=people.legal, role="legal", since=lead.created_at)
    return found


def test_one_lead_and_the_list_show_the_same_leads_as_the_rule(call, people, leads):
    for reader in READERS:
        user = getattr(people, reader)
        visible = set(Lead.objects.visible_to(scope_of(user)).values_list("id", flat=True))
        caller = call(user)
        assert {item["id"] for item in caller.get("/leads?limit=200").json()["items"]} == visible, reader
        answers = {one.pk: caller.get(f"/leads/{one.pk}").status_code for one in leads}
        assert answers == {one.pk: 200 if one.pk in visible else 404 for one in leads}, reader


FILTERS = [
    ("stage=qualify", lambda lead: True),
    ("stage=needs", lambda lead: False),
    ("status=open&late=false", lambda lead: not is_late(lead)),
    ("status=closed", lambda lead: False),
    ("late=true", is_late),
    ("q=%E5%85%AC%E5%8F%B81", lambda lead: lead.company.startswith("公司1")),
    ("q=", lambda lead: True),
    ("q=%25", lambda lead: False),
    ("source=offline.fair", lambda lead: lead.source == "offline.fair"),
    ("source=x", lambda lead: False),
    ("grade=A&outcome=", lambda lead: False),
]


def test_each_filter_leaves_what_it_says(call, people, leads):
    everything, caller = list(Lead.objects.select_related("run").order_by("-id")), call(people.admin)
    for asked, kept in FILTERS:
        items = caller.get(f"/leads?limit=200&{asked}").json()["items"]
        assert [item["id"] for item in items] == [lead.pk for lead in everything if kept(lead)], asked


def test_reading_one_lead_is_two_queries_and_a_list_two_whatever_its_rows(call, people, leads):
    caller = call(people.rep)
    for path in (f"/leads/{leads[5].pk}", "/leads?limit=2", "/leads?limit=200", "/leads?stage=qualify&source=x"):
        caller.get(path)  # the first use of a token is noted
        with CaptureQueriesContext(connection) as queries:
            assert caller.get(path).status_code == 200
        assert len(queries) == 2


def test_a_program_finds_the_run_of_what_it_commands_in_one_query(call, people, leads):
    caller = call(people.outsider)
    caller.get("/users")
    with CaptureQueriesContext(connection) as queries:
        assert caller.post(f"/leads/{leads[4].pk}/advance").status_code == 404
    assert len(queries) == 3  # the token, the row, whether she takes part


def test_a_move_and_a_new_lead_take_few_queries(call, people, lead):
    caller, run = call(people.rep), lead.run
    caller.post(f"/leads/{lead.pk}/steps/score", {"values": {"fit_score": 4, "budget_score": 4, "urgency_score": 3}})
    review = Task.objects.get(run=run, step="review", status=Task.OPEN)
    actions.decide_approval(review.pk, verdict="approve", by=people.manager, now=datetime.now(UTC))
    Run.objects.filter(pk=run.pk).update(owner=people.rep)
    actions.log_contact(run.pk, outcome="reached", channel="call", by=people.rep, now=datetime.now(UTC))
    actions.advance(run.pk, by=people.rep, now=datetime.now(UTC))
    deal, asked = Deal.objects.get(run=run).pk, []
    for path, body in (
        (f"/deals/{deal}/back", {"to": "qualify", "why": "x"}),
        (f"/deals/{deal}/advance", {"to": "needs"}),
        ("/leads", {"values": {**LEAD, "company_name": "另一家"}}),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert caller.post(path, body).status_code < 300
        asked.append(len(queries))
    assert max(asked) <= 20, asked

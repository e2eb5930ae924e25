"""Lists in every order that they offer: each row once, whatever the page's length."""

from datetime import UTC, datetime, timedelta

import pytest

from fairway.leads.models import Lead
from fairway.runs.models import Run
from tests.fixtures_runs import LEAD


@pytest.fixture
def leads(call, people):
    """Six leads: two without due time, two that share one, titles that repeat."""
    caller, at = call(people.manager), datetime(2026, 3, 2, tzinfo=UTC)
    for number in range(6):
        caller.post("/leads", {"values": {**LEAD, "company_name": f"公司{number % 4}"}})
    for number, lead in enumerate(Lead.objects.order_by("id")):
        due = [None, at, at + timedelta(hours=1), at, None, at - timedelta(hours=1)][number]
        Run.objects.filter(pk=lead.run_id).update(next_due=due)
        Lead.objects.filter(pk=lead.pk).update(created_at=at + timedelta(days=number % 3))
    return caller


def walk(caller, query, limit):
    found, after = [], ""
    while True:
        page = caller.get(f"/leads?limit={limit}&{query}{after}").json()
        found += page["items"]
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


@pytest.mark.parametrize("limit", [1, 2, 5])
@pytest.mark.parametrize(
    ("sort", "column"),
    [("created", "created_at"), ("-created", "created_at"), ("next_due", "next_due"), ("-next_due", "next_due"),
     ("title", "company"), ("-title", "company")],
)  # fmt: skip
def test_each_lead_comes_once_in_the_order_asked_for_and_empty_ones_last(leads, sort, column, limit):
    items = walk(leads, f"sort={sort}", limit)
    assert sorted(item["id"] for item in items) == sorted(Lead.objects.values_list("id", flat=True))
    values = [item[column] for item in items]
    filled = [value for value in values if value is not None]
    assert filled == sorted(filled, reverse=sort.startswith("-"))
    assert values[len(filled) :] == [None] * (len(values) - len(filled))


def test_created_from_and_to_leave_what_lies_between(leads):
    items = leads.get("/leads?created_from=2026-03-03T00:00:00Z&created_to=2026-03-04T00:00:00Z").json()["items"]
    assert {item["created_at"][:10] for item in items} == {"2026-03-03"}
    assert len(items) == 2

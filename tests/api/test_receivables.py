"""Payment nodes over the API."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fairway.customers.models import Account
from fairway.receivables.models import Node, Receipt
from fairway.runs.models import Run, Task


@pytest.fixture
def nodes(sops, people):
    """Three nodes of one deal: paid in part and overdue, not due yet, settled."""
    now = datetime.now(UTC)
    account = Account.objects.create(name="甲", created_at=now)
    run = Run.objects.create(
        version=sops["new-business"], sop="new-business", face="deal", stage="delivery", owner=people.rep,
        team=people.east, account=account, title="甲公司", started_at=now, entered_at=now,
    )  # fmt: skip
    made = []
    for place, (days, received, settled) in enumerate([(-3, 4_000, None), (3, 0, None), (-9, 10_050, now)], start=1):
        task = Task.objects.create(
            run=run, visit=1, step="pay", kind="pay", role="finance", opened_at=now, due_at=now + timedelta(days=days)
        )
        node = Node.objects.create(
            run=run, task=task, key=f"n{place}", place=place, title=f"第{place}期", percent="33.3333", amount=10_050,
            planned=30_150, received=received, settled_at=settled,
        )  # fmt: skip
        made.append(node)
    Receipt.objects.create(node=made[0], amount=4_000, received_on=date(2026, 3, 1), at=now, by=people.finance)
    return made


def test_a_node_says_what_is_owed_and_whether_it_is_late(call, people, nodes):
    items = call(people.mate).get("/receivables?sort=due").json()["items"]
    assert [(one["title"], one["outstanding"], one["late"]) for one in items] == [
        ("第3期", "0.00", False), ("第1期", "60.50", True), ("第2期", "100.50", False),
    ]  # fmt: skip
    whole = call(people.rep).get(f"/receivables/{nodes[0].pk}").json()
    assert [(one["amount"], one["received_on"]) for one in whole["receipts"]] == [("40.00", "2026-03-01")]


@pytest.mark.parametrize(
    ("query", "titles"),
    [("overdue=true", ["第1期"]), ("overdue=false", ["第3期", "第2期"]), ("settled=true", ["第3期"]),
     ("settled=false", ["第2期", "第1期"]), ("owner=999", [])],
)  # fmt: skip
def test_filters_leave_what_they_say(call, people, nodes, query, titles):
    items = call(people.manager).get(f"/receivables?{query}").json()["items"]
    assert [one["title"] for one in items] == titles


def test_an_outsider_sees_none_of_it(call, people, nodes):
    caller = call(people.outsider)
    assert caller.get("/receivables").json()["items"] == []
    assert caller.get(f"/receivables/{nodes[0].pk}").status_code == 404


def test_pages_by_due_time_hold_each_node_once(call, people, nodes):
    caller, found, after = call(people.rep), [], ""
    while True:
        page = caller.get(f"/receivables?sort=-due&limit=1{after}").json()
        found += [one["title"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == ["第2期", "第1期", "第3期"]

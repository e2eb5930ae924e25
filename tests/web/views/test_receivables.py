from datetime import timedelta

import pytest
from django.utils import timezone

from fairway.customers.actions import create_account
from fairway.deals.actions import start_deal
from fairway.receivables.models import Node
from fairway.runs.models import Task

pytestmark = pytest.mark.django_db
AGES = {"ahead": -5, "late30": 10, "late60": 45, "late90": 80, "older": 200}


@pytest.fixture
def nodes(sops, people):
    now = timezone.now()
    account = create_account({"name": "杭州启明"}, by=people.rep, now=now)
    run = start_deal("key-account", account=account, name="一期", owner=people.rep, by=people.rep, now=now).run
    for place, (key, days) in enumerate(AGES.items(), 1):
        due = now - timedelta(days=days)
        task = Task.objects.create(
            run=run, visit=1, step="node", kind="pay", role="finance", opened_at=now, due_at=due, item_key=key
        )
        Node.objects.create(
            run=run, task=task, key=key, place=place, title=f"节点{key}", percent=20, amount=place * 10_000,
            planned=1, received=5_000,
        )  # fmt: skip
    Node.objects.create(run=run, key="open", place=9, title="节点open", percent=20, amount=700, planned=1)
    return run


@pytest.mark.parametrize("bucket", [*AGES, "undated"])
def test_each_age_holds_its_own_nodes(nodes, people, client, bucket):
    client.force_login(people.rep)
    page = client.get(f"/receivables?bucket={bucket}").content.decode()
    names = {key for key in (*AGES, "open") if f"节点{key}" in page}
    assert names == {"open" if bucket == "undated" else bucket}


def test_what_is_owed_is_summed_after_what_was_received(nodes, people, client):
    client.force_login(people.rep)
    page = client.get("/receivables").content.decode()
    assert "¥1,507" in page  # 10+20+30+40+50 thousand cents and 700, of which 25,000 came in
    assert "¥1,257" in page


def test_settled_nodes_are_left_out_until_asked_for(nodes, people, client):
    Node.objects.filter(key="older").update(settled_at=timezone.now())
    client.force_login(people.rep)
    assert "节点older" not in client.get("/receivables").content.decode()
    assert "节点older" in client.get("/receivables?state=settled").content.decode()


def test_another_teams_money_is_not_shown_nor_exported(nodes, people, client):
    client.force_login(people.outsider)
    assert "节点older" not in client.get("/receivables").content.decode()
    exported = b"".join(client.get("/receivables/export").streaming_content).decode()
    assert "节点older" not in exported
    client.force_login(people.manager)
    exported = b"".join(client.get("/receivables/export").streaming_content).decode()
    assert "节点older" in exported

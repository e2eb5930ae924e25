import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from fairway.customers.actions import create_account
from fairway.customers.models import Account
from fairway.deals.actions import start_deal
from fairway.deals.models import Deal
from fairway.runs.models import Run
from tests.fixtures_runs import NOW

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


def deal_for(person, company, amount=None, sop="key-account"):
    account = create_account({"name": company}, by=person, now=NOW)
    deal = start_deal(sop, account=account, name=f"{company}项目", owner=person, by=person, now=NOW)
    Deal.objects.filter(pk=deal.pk).update(amount=amount)
    return deal


@pytest.fixture
def deals(sops, people):
    return {
        "own": deal_for(people.rep, "杭州启明", 12_345_600),
        "mates": deal_for(people.mate, "宁波海天", 1_000_000),
        "outsiders": deal_for(people.outsider, "深圳光明", 99_900),
    }


def test_the_list_sums_what_one_sees_and_nothing_else(deals, people, client):
    client.force_login(people.rep)
    page = client.get("/deals", headers={"Accept-Language": "en"}).content.decode()
    assert "杭州启明" in page
    assert "深圳光明" not in page
    assert "¥133,456" in page


def test_list_and_board_cost_few_queries_with_many_deals(deals, people, client, django_assert_max_num_queries):
    client.force_login(people.manager)
    for number in range(8):
        deal_for(people.rep, f"温州{number}号", 100)
    for path in ("/deals", "/deals/board?sop=key-account"):
        client.get(path)
        with django_assert_max_num_queries(MOST_QUERIES):
            assert "温州7号" in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=启明", {"杭州启明"}),
        ("owner=me", {"杭州启明"}),
        ("sop=repurchase", set()),
        ("sort=-amount", {"杭州启明", "宁波海天"}),
        ("state=won", set()),
        ("state=all&stage=nowhere", set()),
    ],
)
def test_list_and_filters(deals, people, client, query, shown):
    client.force_login(people.rep)
    page = client.get(f"/deals?{query}").content.decode()
    assert {name for name in ("杭州启明", "宁波海天") if name in page} == shown


def test_the_board_filters_as_the_list_does_and_counts(deals, people, client):
    client.force_login(people.rep)
    board = client.get("/deals/board?sop=key-account&owner=me").content.decode()
    assert "杭州启明" in board
    assert "宁波海天" not in board
    assert "深圳光明" not in board


def test_late_deals_are_marked_on_the_board(deals, people, client):
    Run.objects.filter(pk=deals["own"].run_id).update(next_due=timezone.now() - timedelta(days=1))
    client.force_login(people.rep)
    assert "1 late" in client.get(
        "/deals/board?sop=key-account", headers={"Accept-Language": "en"}
    ).content.decode() or ("逾期" in client.get("/deals/board?sop=key-account").content.decode())


def test_a_card_that_the_gate_refuses_stays_and_says_every_reason(deals, people, client):
    client.force_login(people.rep)
    run = deals["own"].run
    board = client.get("/deals/board?sop=key-account").content.decode()
    lanes = [part.split('"')[0] for part in board.split('data-lane="')[1:]]
    to = lanes[lanes.index(run.stage) + 1]
    answer = client.post(f"/deals/{deals['own'].pk}/move", {"to": to, "revision": run.revision})
    assert answer.status_code == 409
    assert "fy-refusal__item" in answer.content.decode()
    assert f"/deals/{deals['own'].pk}" in answer.content.decode()
    run.refresh_from_db()
    assert run.stage == lanes[lanes.index(run.stage)]


def test_a_card_moved_after_a_colleague_was_first_says_so(deals, people, client):
    client.force_login(people.rep)
    answer = client.post(f"/deals/{deals['own'].pk}/move", {"to": "nowhere", "revision": "999"})
    assert answer.status_code == 409


def test_nobody_moves_the_deal_of_another_team_or_without_selling(deals, people, client):
    client.force_login(people.rep)
    assert client.post(f"/deals/{deals['outsiders'].pk}/move", {"to": "x"}).status_code == 404
    assert client.post(f"/deals/{deals['mates'].pk}/move", {"to": "x"}).status_code == 403
    client.force_login(people.finance)
    assert client.post(f"/deals/{deals['own'].pk}/move", {"to": "x"}).status_code == 403


def test_the_export_sums_in_a_spreadsheet(deals, people, client):
    client.force_login(people.rep)
    answer = client.get("/lists/deals/export?cols=amount")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert sorted(row[1] for row in rows[1:]) == ["10000.00", "123456.00"]


def test_a_deal_is_started_with_a_company_typed_by_name(deals, people, client):
    client.force_login(people.rep)
    answer = client.post("/deals/new", {"company": "杭州启明有限公司", "sop": "repurchase", "name": "二期"})
    deal = Deal.objects.get(name="二期")
    assert answer["Location"] == f"/deals/{deal.pk}"
    assert (deal.account, deal.run.owner) == (deals["own"].account, people.rep)


def test_a_missing_company_is_made_only_when_asked_for(sops, people, client):
    client.force_login(people.rep)
    sent = {"company": "湖州新客户有限公司", "sop": "key-account", "name": "一期"}
    refused = client.post("/deals/new", sent)
    assert refused.status_code == 422
    assert "make_company" in refused.content.decode()
    assert not Account.objects.exists()
    client.post("/deals/new", {**sent, "make_company": "1"})
    assert Deal.objects.get(name="一期").account.owner == people.rep


def test_a_company_of_another_team_is_not_taken_by_its_name(deals, people, client):
    client.force_login(people.rep)
    answer = client.post("/deals/new", {"company": "深圳光明", "sop": "key-account", "make_company": "1"})
    assert answer.status_code == 422
    assert Deal.objects.filter(account__name="深圳光明").count() == 1
    assert Account.objects.filter(name="深圳光明").count() == 1

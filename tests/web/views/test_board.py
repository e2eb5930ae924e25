import re
from datetime import timedelta

import pytest
from django.utils import timezone

from fairway.deals.queries import CARDS
from fairway.runs.models import Record, Run
from tests.web.views.test_deals import deal_for

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20
EN = {"Accept-Language": "en"}
HTMX = {**EN, "HX-Request": "true"}


def board(client, query="", headers=EN):
    return client.get(f"/deals/board?sop=key-account{query}", headers=headers)


def cards(page):
    return re.findall(r'data-move="/deals/(\d+)/move"', page)


def test_the_head_of_a_column_says_how_many_what_they_come_to_and_how_many_are_late(sops, people, client):
    late = deal_for(people.rep, "杭州启明", 100_000_00)
    deal_for(people.rep, "宁波海天", 50_000_00)
    Run.objects.filter(pk=late.run_id).update(next_due=timezone.now() - timedelta(days=1))
    client.force_login(people.rep)
    page = board(client).content.decode()
    head = page.split(f'id="lane-{late.run.stage}"')[1].split("<ul")[0]
    assert "<span>2</span>" in head
    assert "150" in head
    assert "1 个逾期" in head


@pytest.mark.parametrize(
    ("query", "shown"),
    [("&f=account~启明", 1), ("&f=amount:60000..", 1), ("&q=海天", 1), ("&owner=me", 2), ("&state=won", 2),
     ("&f=state:closed", 0)],
)  # fmt: skip
def test_the_board_takes_the_conditions_of_the_list(sops, people, client, query, shown):
    deal_for(people.rep, "杭州启明", 100_000_00)
    deal_for(people.rep, "宁波海天", 50_000_00)
    client.force_login(people.rep)
    assert len(cards(board(client, query).content.decode())) == shown


def test_what_the_board_cannot_understand_it_says(sops, people, client):
    client.force_login(people.rep)
    assert board(client, "&f=nothing:1").status_code == 422


def test_lanes_by_owner_and_by_grade_hold_each_deal_once(sops, people, client, django_assert_max_num_queries):
    mine, theirs = deal_for(people.rep, "杭州启明", 1), deal_for(people.mate, "宁波海天", 2)
    Run.objects.filter(pk=mine.run_id).update(grade="A")
    client.force_login(people.rep)
    for lanes, key in (("owner", people.rep.pk), ("grade", "A")):
        with django_assert_max_num_queries(MOST_QUERIES):
            page = board(client, f"&lanes={lanes}").content.decode()
        assert sorted(cards(page)) == sorted([str(mine.pk), str(theirs.pk)])
        lane = page.split(f'id="row-{key}"')[1].split("</section>")[0]
        assert cards(lane) == [str(mine.pk)]
    assert "lanes=grade" in page.split("<nav aria")[1]


def test_more_of_a_column_comes_by_script_and_by_a_plain_link(sops, people, client):
    deals = [deal_for(people.rep, f"温州{number}号", 100) for number in range(CARDS + 2)]
    client.force_login(people.rep)
    page = board(client).content.decode()
    assert len(cards(page)) == CARDS
    plain = re.search(r'class="btn btn-quiet" href="([^"]+)"', page.split("data-lane")[1])[1].replace("&amp;", "&")
    assert len(set(cards(client.get(plain).content.decode()))) == len(deals)
    part = client.get(f"{plain}&part=cards", headers=HTMX).content.decode()
    assert "<section" not in part
    assert sorted(cards(page) + cards(part)) == sorted(str(deal.pk) for deal in deals)


def test_a_refused_drop_opens_the_missing_form_and_its_save_tries_the_move_again(sops, people, client):
    deal = deal_for(people.rep, "杭州启明", 1)
    client.force_login(people.rep)
    stages = re.findall(r'data-lane="([a-z_-]+)"', board(client).content.decode())
    to = stages[stages.index(deal.run.stage) + 1]
    sent = {"to": to, "revision": deal.run.revision}
    answer = client.post(f"/deals/{deal.pk}/move", sent, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f'name="then" value="advance:{to}"' in page
    assert f"then=advance:{to}" in answer["HX-Push-Url"]
    assert "Missing before it can move on" in page
    action = re.search(r'id="work".*?<form method="post" action="([^"]+/steps?/[^"]+|/runs/[^"]+)"', page, re.DOTALL)
    assert action is not None
    again = client.post(action[1], {"then": f"advance:{to}"}, headers=HTMX)
    assert again.status_code == 422
    assert f'name="then" value="advance:{to}"' in again.content.decode()
    assert not Record.objects.filter(run=deal.run).exists()

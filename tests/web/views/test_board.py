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


PLAN = {"values.kind": "renewal", "values.needs": "更多席位"}
TALK = {
    "values.held_at": "2026-03-02T10:00", "values.customer_attendees": "王总", "values.need": "更多席位",
    "values.target_outcomes": "全员使用",
}  # fmt: skip


def form_of(page):
    """Where the open form is sent, with what it carries unseen."""
    work = page.split('id="work"')[1]
    form = next(part for part in work.split("<form ") if "data-guard" in part).split("</form>")[0]
    hidden = dict(re.findall(r'type="hidden" name="(revision|seq|task|then)" value="([^"]*)"', form))
    return re.search(r'action="([^"]+)"', form)[1], hidden


def test_a_refused_drop_opens_the_missing_forms_and_the_last_one_finishes_the_move(sops, people, client):
    deal = deal_for(people.rep, "杭州启明", 1, sop="repurchase")
    client.force_login(people.rep)
    answer = client.post(
        f"/deals/{deal.pk}/move", {"to": "upgrade", "revision": deal.run.revision}, headers=HTMX
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "then=advance:upgrade" in answer["HX-Push-Url"]
    assert "之前还缺" in page
    action, hidden = form_of(page)
    assert (action, hidden["then"]) == (f"/runs/{deal.run_id}/steps/history", "advance:upgrade")

    wrong = client.post(action, hidden, headers=HTMX)
    assert wrong.status_code == 422
    assert form_of(wrong.content.decode())[1]["then"] == "advance:upgrade"

    half = client.post(action, {**hidden, **PLAN}, headers=HTMX)
    assert half.status_code == 200, "what was typed is kept by the server now"
    assert "fy-refusal__item" in half.content.decode()
    assert Record.objects.filter(run=deal.run, form="repurchase_plan").exists()
    action, hidden = form_of(half.content.decode())
    assert hidden["then"] == "advance:upgrade"

    done = client.post(action, {**hidden, **TALK}, headers=HTMX)
    assert done.status_code == 204, done.content.decode()[:2000]
    deal.run.refresh_from_db()
    assert deal.run.stage == "upgrade"


@pytest.mark.parametrize("then", ["advance:nowhere", "close:won", "advance:../x"])
def test_a_move_that_is_none_never_follows_a_form(sops, people, client, then):
    deal = deal_for(people.rep, "杭州启明", 1, sop="repurchase")
    client.force_login(people.rep)
    answer = client.post(f"/runs/{deal.run_id}/steps/history", {**PLAN, "then": then})
    assert answer.status_code in (200, 302)
    deal.run.refresh_from_db()
    assert (deal.run.stage, deal.run.outcome) == ("spot", "")
    assert Record.objects.filter(run=deal.run, form="repurchase_plan").exists()

"""A record's day: facts changed in place, what they said before, comments, followers, files, the way through a list."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from fairway.customers.actions import create_account, create_contact
from fairway.leads.actions import register_lead
from fairway.lists.listing import listings
from fairway.lists.neighbours import token_of
from fairway.lists.view import View
from fairway.people.models import User
from fairway.runs import actions
from fairway.runs.actions.attachments import path_of
from fairway.runs.models import Attachment, Event
from fairway.teamwork.models import Comment, Follower
from tests.fixtures_runs import LEAD, NOW

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(autouse=True)
def _english(people):
    cache.clear()
    User.objects.update(language="en")


@pytest.fixture
def run(sops, people):
    return register_lead(LEAD, by=people.rep, now=timezone.now() - timedelta(hours=1), owner=people.rep).run


@pytest.fixture
def home(run):
    return f"/leads/{run.lead.pk}"


def said(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def put(client, run, name, was, value):
    return client.post(f"/runs/{run.pk}/facts/{name}", {"was": was, name: value})


# -- facts -------------------------------------------------------------------------------------------------------------


def test_one_fact_is_changed_where_it_stands_and_taken_back(client, people, run, home):
    client.force_login(people.rep)
    opened = client.get(f"/runs/{run.pk}/facts/region")
    assert opened["Location"] == f"{home}?edit=region#fact-region"
    assert 'name="region"' in client.get(opened["Location"]).content.decode()
    saved = put(client, run, "region", "", "浙江")
    assert saved["Location"] == f"{home}?saved=region#fact-region"
    run.lead.refresh_from_db()
    assert run.lead.region == "浙江"
    assert 'class="fy-undo"' in client.get(saved["Location"]).content.decode()
    assert 'class="fy-undo"' not in client.get(home).content.decode()
    put(client, run, "region", "浙江", "")
    run.lead.refresh_from_db()
    assert run.lead.region == ""
    assert Event.objects.filter(run=run, kind="facts_changed").count() == 2


def test_the_same_again_writes_nothing(client, people, run):
    client.force_login(people.rep)
    phone = run.lead.phone
    assert put(client, run, "phone", phone, phone).status_code == 302
    assert not Event.objects.filter(run=run, kind="facts_changed").exists()


def test_what_cannot_be_meant_is_said_beside_the_field_and_kept(client, people, run):
    client.force_login(people.rep)
    phone = run.lead.phone
    wrong = put(client, run, "phone", phone, "12")
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.content.decode()
    last = put(client, run, "phone", phone, "")
    assert last.status_code == 409
    assert "at least one" in said(last) or "Keep at least one way" in said(last)
    assert put(client, run, "phone", phone, "138 0000 0002").status_code == 302
    run.lead.refresh_from_db()
    assert run.lead.phone == "+8613800000002"


def test_after_a_colleagues_change_both_values_are_shown_and_one_is_chosen(client, people, run):
    client.force_login(people.rep)
    actions.change_facts(run.pk, {"lead.region": "江苏"}, by=people.manager, now=timezone.now())
    answer = put(client, run, "region", "", "浙江")
    assert answer.status_code == 409
    assert {"Manager", "江苏", "浙江"} <= set(said(answer).split())
    assert 'name="was" value="江苏"' in answer.content.decode()
    run.lead.refresh_from_db()
    assert run.lead.region == "江苏"
    assert put(client, run, "region", "江苏", "浙江").status_code == 302
    run.lead.refresh_from_db()
    assert run.lead.region == "浙江"


def test_who_does_not_lead_the_record_changes_no_fact_of_it(client, people, run, home):
    client.force_login(people.mate)
    assert "fy-pencil" not in client.get(home).content.decode()
    assert put(client, run, "region", "", "浙江").status_code == 403
    client.force_login(people.outsider)
    assert put(client, run, "region", "", "浙江").status_code == 404
    client.force_login(people.rep)
    assert put(client, run, "score", "", "9").status_code == 404


def test_the_history_says_who_changed_what_when_and_under_which_version(client, people, run):
    client.force_login(people.rep)
    put(client, run, "region", "", "浙江")
    actions.change_facts(run.pk, {"lead.region": "江苏"}, by=people.manager, now=timezone.now())
    text = said(client.get(f"/runs/{run.pk}/facts?field=lead.region"))
    assert "浙江 江苏 Manager" in text
    assert "v1" in text
    assert "Company size" not in text
    client.force_login(people.outsider)
    assert client.get(f"/runs/{run.pk}/facts").status_code == 404


def test_confidential_facts_stand_in_the_history_of_the_deals_team_only(client, people, run):
    data = {"confidential": {"deal.cost": [None, 12300]}, "version": run.version_id}
    Event.objects.create(run=run, seq=99, kind="facts_changed", at=timezone.now(), by=people.rep, data=data, hash="x")
    client.force_login(people.rep)
    assert "123" in said(client.get(f"/runs/{run.pk}/facts?field=deal.cost"))
    client.force_login(people.mate)
    assert "123" not in said(client.get(f"/runs/{run.pk}/facts?field=deal.cost"))


# -- comments and followers --------------------------------------------------------------------------------------------


def say(client, run, text, **more):
    return client.post(f"/teamwork/run/{run.pk}/comments", {"text": text, **more})


def test_a_comment_stands_among_the_events_and_may_be_narrowed_to(client, people, run, home):
    client.force_login(people.rep)
    answer = say(client, run, "请 @Mate 看 <b>报价</b>")
    made = Comment.objects.get()
    assert answer["Location"] == f"{home}#comment-{made.pk}"
    page = client.get(home).content.decode()
    assert "&lt;b&gt;报价" in page
    assert "Lead registered" in page
    only = client.get(f"{home}?kind=comments").content.decode()
    assert f"comment-{made.pk}" in only
    assert "Lead registered" not in only
    assert f'id="comment-{made.pk}"' not in client.get(f"{home}?kind=moves").content.decode()
    assert f'id="comment-{made.pk}"' in client.get(f"{home}?who={people.rep.pk}&in=qualify").content.decode()
    assert f'id="comment-{made.pk}"' not in client.get(f"{home}?who={people.manager.pk}").content.decode()


def test_a_long_timeline_is_read_page_by_page_without_a_gap(client, people, run, home):
    client.force_login(people.rep)
    for number in range(30):
        say(client, run, f"第{number}条")
    wanted = {f"第{number}条" for number in range(30)}
    seen, query = [], ""
    while True:
        answer = client.get(f"{home}?{query}")
        seen += [line.said.comment.text for line in answer.context["lines"] if line.said]
        query = answer.context["older"]
        if not query:
            break
    assert sorted(seen) == sorted(wanted)


def test_one_who_may_not_see_it_is_named_before_the_comment_is_kept(client, people, run):
    client.force_login(people.rep)
    refused = say(client, run, "@Outsider 帮个忙")
    assert refused.status_code == 422
    assert "Outsider may not see this record" in said(refused)
    assert "@Outsider 帮个忙" in refused.content.decode()
    assert say(client, run, "@Outsider 帮个忙", anyway="1").status_code == 302
    assert say(client, run, "  ").status_code == 422
    assert Comment.objects.count() == 1


def test_a_comment_is_changed_and_removed_by_its_author(client, people, run, home):
    client.force_login(people.rep)
    say(client, run, "旧话")
    made = Comment.objects.get()
    client.force_login(people.mate)
    assert client.post(f"/comments/{made.pk}/edit", {"text": "改"}).status_code == 403
    assert client.post(f"/comments/{made.pk}/remove").status_code == 403
    client.force_login(people.outsider)
    assert client.post(f"/comments/{made.pk}/remove").status_code == 404
    client.force_login(people.rep)
    assert "旧话" in client.get(f"/comments/{made.pk}/edit").content.decode()
    client.post(f"/comments/{made.pk}/edit", {"text": "新话"})
    assert "新话" in client.get(home).content.decode()
    client.post(f"/comments/{made.pk}/remove")
    assert "This comment was removed." in client.get(home).content.decode()
    assert client.get(f"/comments/{made.pk}/edit").status_code == 404


def test_one_follows_and_no_longer(client, people, run, home):
    client.force_login(people.mate)
    for _twice in range(2):
        assert client.post(f"/teamwork/run/{run.pk}/follow", {"follow": "yes"}).status_code == 302
    assert list(Follower.objects.values_list("user", flat=True)) == [people.mate.pk]
    assert "Follow no longer" in said(client.get(home))
    client.post(f"/teamwork/run/{run.pk}/follow", {"follow": "no"})
    assert not Follower.objects.exists()
    client.force_login(people.outsider)
    assert client.post(f"/teamwork/run/{run.pk}/follow", {"follow": "yes"}).status_code == 404
    assert client.post(f"/teamwork/team/{run.pk}/follow", {"follow": "yes"}).status_code == 404


def test_names_are_offered_to_colleagues_only(client, people):
    assert client.get("/teamwork/names").status_code == 302
    client.force_login(people.rep)
    assert "王小明" in client.get("/teamwork/names").json()


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_picture_is_looked_at_and_removed_but_nothing_else_is_shown_in_place(client, people, run):
    client.force_login(people.rep)
    for name, content in (("图.png", PNG), ("page.png", b"<script>alert(1)</script>")):
        client.post(f"/runs/{run.pk}/files", {"file": SimpleUploadedFile(name, content)})
    picture, page = Attachment.objects.order_by("pk")
    assert f'src="/files/{picture.pk}"' in client.get(f"/files/{picture.pk}/preview").content.decode()
    other = client.get(f"/files/{page.pk}/preview").content.decode()
    assert f'src="/files/{page.pk}"' not in other
    answer = client.get(f"/files/{picture.pk}")
    assert answer["Content-Type"] == "image/png"
    assert "sandbox" in answer["Content-Security-Policy"]
    client.force_login(people.outsider)
    assert client.get(f"/files/{picture.pk}/preview").status_code == 404
    client.force_login(people.rep)
    assert client.post(f"/runs/{run.pk}/files/{picture.pk}/remove").status_code == 302
    assert not Attachment.objects.filter(pk=picture.pk).exists()
    assert path_of(page).exists()
    assert "File removed: 图.png" in said(client.get(f"/runs/{run.pk}", follow=True))


# -- the way through a list --------------------------------------------------------------------------------------------


def test_one_goes_from_record_to_record_in_the_order_of_the_list(client, people, run):
    later = timezone.now()
    runs = [run] + [
        register_lead({**LEAD, "company_name": f"公司{n}", "contact_phone": f"1380000010{n}"}, by=people.rep,
                      now=later + timedelta(minutes=n), owner=people.rep).run
        for n in (1, 2)
    ]  # fmt: skip
    listing = listings()["leads"]
    token = token_of(listing, View.of(listing, {}))
    newest, middle, oldest = (one.lead.pk for one in reversed(runs))
    client.force_login(people.rep)
    assert "/beside?" not in client.get(f"/leads/{middle}").content.decode()
    assert "/beside?" in client.get(f"/leads/{middle}", {"from": token}).content.decode()

    def go(item, way):
        return client.get("/beside", {"from": token, "item": item, "way": way})["Location"].partition("?")[0]

    assert go(middle, "next") == f"/leads/{oldest}"
    assert go(middle, "previous") == f"/leads/{newest}"
    assert go(oldest, "next") == f"/leads/{oldest}"
    assert go(middle, "list").startswith("/leads")
    assert client.get("/beside", {"from": "forged", "item": middle, "way": "next"}).status_code == 404


@pytest.mark.parametrize(("key", "page"), [("accounts", "account"), ("contacts", "contact")])
def test_companies_and_contacts_are_gone_through_too_and_another_lists_token_is_not_offered(client, people, key, page):
    rows = []
    for name in ("甲", "乙"):
        account = create_account({"name": name}, by=people.rep, now=timezone.now())
        rows.append(
            account if page == "account" else create_contact(account.pk, {"name": name}, by=people.rep, now=NOW)
        )
    client.force_login(people.rep)
    token = token_of(listings()[key], View.of(listings()[key], {}))
    here = f"/{page}s/{rows[0].pk}"
    assert "/beside?" in client.get(here, {"from": token}).content.decode()
    other = token_of(listings()["leads"], View.of(listings()["leads"], {}))
    assert "/beside?" not in client.get(here, {"from": other}).content.decode()
    found = {
        client.get("/beside", {"from": token, "item": rows[0].pk, "way": way})["Location"].partition("?")[0]
        for way in ("previous", "next")
    }
    assert found == {here, f"/{page}s/{rows[1].pk}"}

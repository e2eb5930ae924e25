"""The page of lists: what its tools send, and that its words are those of every other page."""

import html
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from fairway.customers.actions import create_account, create_contact
from fairway.web import formats
from fairway.web.listed.words import Words
from tests.lists.conftest import *  # noqa: F403

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
AWAY = [0, 30, 59, 60, 61, 3599, 3600, 86399, 86400, 86401, 172799, 172800, 10**6, 10**8]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_times_in_lists_read_as_they_do_everywhere(language):
    zone = ZoneInfo("Asia/Shanghai")
    with translation.override(language), timezone.override(zone):
        words = Words(NOW, zone)
        for seconds in [*AWAY, *(-one for one in AWAY)]:
            at = NOW + timedelta(seconds=seconds)
            left = formats.time_left(at, now=NOW)
            assert words.left(at) == (left.text, left.tone)
            assert words.ago(at) == formats.relative(at, now=NOW)
            assert words.exact(at) == formats.exact(at)
            assert words.day(at.date()) == formats.day(at.date())


@pytest.mark.django_db
def test_a_condition_is_put_together_and_taken_away_without_script(twelve, people, client):
    client.force_login(people.rep)
    sent = {
        "tool": "filter",
        "compose": "filter",
        "add": "score",
        "sign": "between",
        "low": "2",
        "high": "",
        "owner": "me",
    }
    first = client.get("/leads", sent)
    assert first["Location"] == "/leads?owner=me&f=score:2..&tool=filter"
    joined = {"f": "score:2..", "compose": "filter", "add": "grade", "sign": "is", "value": ["A", "B"], "join": "or"}
    second = client.get("/leads", joined)
    assert second["Location"] == "/leads?f=score:2..%7Cgrade:A,B"
    page = client.get("/leads?owner=me&f=score:2..;grade!:C&tool=filter&field=created").content.decode()
    assert page.count("fy-chips__one") == 2
    assert "公司04" in page
    assert "公司02" not in page
    wrong = client.get("/leads", {**sent, "low": "many"})
    assert wrong.status_code == 422
    assert "many" in wrong.content.decode()


@pytest.mark.django_db
def test_columns_are_chosen_and_moved_without_script(twelve, people, client):
    client.force_login(people.rep)
    sent = {"tool": "columns", "compose": "columns", "col": ["company", "phone", "score"], "up": "score"}
    answer = client.get("/leads", sent)
    assert answer["Location"] == "/leads?cols=company,score,phone&tool=columns"
    page = client.get("/leads?owner=me&cols=score,phone,nothing").content.decode()
    assert page.index("13800000003") > page.index("公司03")
    assert "Ø" in page or "平均" in page


@pytest.mark.django_db
def test_groups_are_counted_and_one_is_opened(twelve, people, client):
    client.force_login(people.rep)
    closed = client.get("/leads?owner=me&group=grade").content.decode()
    assert closed.count('class="fy-group"') == 4
    assert "公司04" not in closed
    opened = client.get("/leads?owner=me&group=grade&open=A").content.decode()
    assert "公司04" in opened
    assert "公司01" not in opened


@pytest.mark.django_db
def test_a_filter_that_is_none_is_said_on_the_page(people, client):
    client.force_login(people.rep)
    answer = client.get("/leads?f=((")
    assert answer.status_code == 422
    assert "/leads?view=0" in answer.content.decode()


@pytest.mark.django_db
def test_a_row_leads_to_its_record_with_the_list_it_came_from(twelve, people, client):
    client.force_login(people.rep)
    page = client.get("/leads?owner=me&sort=due").content.decode()
    assert f"/leads/{twelve[0].pk}?from=" in page


HTMX = {"HX-Request": "true"}


@pytest.mark.django_db
def test_a_cell_is_changed_where_it_stands_and_taken_back(twelve, people, client):
    client.force_login(people.rep)
    lead = twelve[0]
    url = f"/lists/leads/{lead.pk}/region"
    assert f'href="{url}"' in client.get("/leads?owner=me&cols=region").content.decode()
    form = client.get(url, headers=HTMX).content.decode()
    assert form.lstrip().startswith("<td")
    assert 'name="was" value="华东"' in form
    saved = client.post(url, {"region": "华中", "was": "华东"}, headers=HTMX).content.decode()
    assert saved.lstrip().startswith("<td")
    assert "华中" in saved
    lead.refresh_from_db()
    assert lead.region == "华中"
    assert json.dumps({"was": "华中", "region": "华东"}) in html.unescape(saved)
    client.post(url, {"region": "华东", "was": "华中"}, headers=HTMX)
    lead.refresh_from_db()
    assert lead.region == "华东"


@pytest.mark.django_db
def test_a_cell_that_a_colleague_changed_meanwhile_shows_both_values(twelve, people, client):
    client.force_login(people.rep)
    url = f"/lists/leads/{twelve[0].pk}/region"
    answer = client.post(url, {"region": "华中", "was": "西北"}, headers=HTMX)
    assert answer.status_code == 409
    assert "华东" in answer.content.decode()
    assert client.post(url, {"region": "x" * 300, "was": "华东"}, headers=HTMX).status_code == 422
    twelve[0].refresh_from_db()
    assert twelve[0].region == "华东"


@pytest.mark.django_db
def test_a_cell_is_a_page_of_its_own_without_script(twelve, people, client):
    client.force_login(people.rep)
    url = f"/lists/leads/{twelve[0].pk}/region"
    assert "<html" in client.get(url).content.decode()
    assert client.post(url, {"region": "华中", "was": "华东"})["Location"] == "/leads"


@pytest.mark.django_db
def test_nobody_changes_cells_that_are_not_theirs(twelve, people, client):
    url = f"/lists/leads/{twelve[0].pk}/region"
    for user, status in ((people.mate, 403), (people.outsider, 404), (people.admin, 403), (people.finance, 404)):
        client.force_login(user)
        assert client.post(url, {"region": "华中", "was": "华东"}, headers=HTMX).status_code == status
    client.force_login(people.rep)
    for wrong in ("company", "grade", "nothing"):
        assert client.get(f"/lists/leads/{twelve[0].pk}/{wrong}").status_code == 404
    twelve[0].refresh_from_db()
    assert twelve[0].region == "华东"


@pytest.mark.django_db
def test_companies_and_contacts_are_changed_in_their_lists_too(people, client):
    account = create_account({"name": "甲公司"}, by=people.rep, now=NOW)
    contact = create_contact(account.pk, {"name": "王芳"}, by=people.rep, now=NOW)
    client.force_login(people.rep)
    client.post(f"/lists/accounts/{account.pk}/region", {"region": "华东", "was": ""}, headers=HTMX)
    client.post(f"/lists/contacts/{contact.pk}/attitude", {"attitude": "support", "was": ""}, headers=HTMX)
    account.refresh_from_db()
    contact.refresh_from_db()
    assert (account.region, contact.attitude) == ("华东", "support")

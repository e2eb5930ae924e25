"""The page of the search and the options of the palette."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fairway.customers.actions import create_account
from fairway.runs.models import Run
from tests.fixtures_runs import NOW

OTHER = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def mine(lead, people, client):
    Run.objects.filter(pk=lead.run_id).update(owner=people.rep, team=people.east)
    client.force_login(people.rep)
    return lead


def test_the_page_finds_without_script_and_says_so_when_nothing_is_there(client, mine):
    shown = client.get("/search", {"q": "启明"}).content.decode()
    assert f'href="/leads/{mine.pk}"' in shown
    assert "王芳 · +8613800000001" in shown
    assert "每个词都要出现" in client.get("/search", {"q": "不存在"}).content.decode()
    assert "至少两个字" in client.get("/search", {"q": "启"}).content.decode()
    assert 'href="/leads/new"' in client.get("/search").content.decode()


def test_the_options_show_only_what_the_person_sees(client, mine, people):
    assert f'href="/leads/{mine.pk}"' in client.get("/search/options", {"q": "启明"}).content.decode()
    client.force_login(people.outsider)
    shown = client.get("/search/options", {"q": "启明"}).content.decode()
    assert "/leads/" not in shown
    assert "<html" not in shown


def test_actions_go_by_words_of_both_languages_and_by_the_doors(client, mine, people):
    for text in ("new lead", "新建线索", "线索 新建", "NEW"):
        assert 'href="/leads/new"' in client.get("/search/options", {"q": text}).content.decode(), text
    assert 'href="/administration"' not in client.get("/search/options").content.decode()
    client.force_login(people.admin)
    assert 'href="/administration"' in client.get("/search/options").content.decode()
    assert 'href="/leads/new"' not in client.get("/search/options").content.decode()


def test_what_was_opened_last_comes_by_address_if_it_is_still_seen(client, mine, people):
    account = create_account({"name": "海天"}, by=people.rep, now=NOW)
    theirs = create_account({"name": "别家"}, by=people.outsider, now=NOW)
    recent = f"/accounts/{account.pk},/leads/{mine.pk},/accounts/{theirs.pk},/x/1,/leads/{'9' * 40},/leads/99999,,"
    shown = client.get("/search/options", {"recent": recent}).content.decode()
    assert shown.index("海天") < shown.index("杭州启明")
    assert "别家" not in shown


@pytest.mark.parametrize("text", ["", "启明", '"><script>', "\x00", "g" * 500, "%", "N1"])
def test_any_text_is_answered_within_few_queries(client, mine, people, text):
    for number in range(25):
        create_account({"name": f"启明{number}"}, by=people.rep, now=NOW)
    for path in ("/search", "/search/options"):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path, {"q": text})
        assert answer.status_code == 200
        assert "<script>" not in answer.content.decode().replace('<script id="words"', "")
        assert len(asked) <= 12

from pathlib import Path

import brotli
import pytest

STATIC = Path(__file__).resolve().parents[2] / "fairway/web/static/fairway"
FIRST_VISIT = ("app.css", "app.js", "icons.svg", "mark.svg")
pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, people):
    client.force_login(people.admin)

    def load(**headers):
        return client.get("/components", headers=headers)

    return load


def test_a_plain_request_gets_the_whole_page(page):
    text = page().content.decode()
    assert text.startswith("<!doctype html>")
    assert text.count('id="panel"') == 1


def test_htmx_gets_title_panel_and_toasts_without_the_frame(page):
    text = page(HX_Request="true", HX_Target="panel").content.decode()
    assert text.lstrip().startswith("<title>")
    assert "<html" not in text
    assert 'id="panel"' not in text
    assert "<h1>" in text
    assert 'hx-swap-oob="beforeend:#toasts"' in text


def test_a_page_brought_back_from_history_is_whole(page):
    text = page(HX_Request="true", HX_History_Restore_Request="true").content.decode()
    assert text.startswith("<!doctype html>")


def test_caches_keep_page_and_part_apart(page):
    answer = page()
    assert "HX-Request" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_no_page_has_inline_script_or_style(page):
    text = page().content.decode()
    assert " style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text
    assert all("src=" in tag or "application/json" in tag for tag in _script_tags(text))


def test_the_theme_of_the_cookie_is_in_the_first_byte(page, client):
    client.cookies["theme"] = "dark"
    assert 'data-bs-theme="dark"' in page().content.decode()
    client.cookies["theme"] = '"><script>'
    assert "data-bs-theme" not in page().content.decode()


def test_the_page_names_its_language(page, people):
    for language, tag in (("zh-hans", "zh-Hans"), ("en", "en")):
        people.admin.language = language
        people.admin.save()
        assert f'<html lang="{tag}"' in page().content.decode()


def test_a_page_travels_compressed_and_weighs_little(page):
    answer = page(Accept_Encoding="gzip, br")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) < 15_000
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Content-Encoding" not in page().headers


def test_first_and_later_visits_stay_within_their_bounds(page):
    later = len(page(Accept_Encoding="gzip").content)
    first = later + sum(len(brotli.compress((STATIC / name).read_bytes())) for name in FIRST_VISIT)
    charts = len(brotli.compress((STATIC / "chart.js").read_bytes()))
    assert later <= 50_000
    assert first + charts <= 300_000


def test_the_frame_costs_few_queries(page, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        page()


def test_a_page_that_is_not_there_keeps_the_frame(client, people):
    client.force_login(people.rep)
    answer = client.get("/nothing-here")
    assert answer.status_code == 404
    assert "fy-side" in answer.content.decode()


def test_a_refused_door_explains_itself_and_changes_nothing(client, people):
    client.force_login(people.rep)
    answer = client.get("/components")
    assert answer.status_code == 403
    assert "您没有权限执行此操作" in answer.content.decode()


def _script_tags(text):
    return [f"<script{rest.split('>')[0]}" for rest in text.split("<script")[1:]]

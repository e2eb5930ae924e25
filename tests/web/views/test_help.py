import pytest

from fairway.leads.actions import register_lead
from fairway.web import guide
from tests.fixtures_runs import LEAD, NOW

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


@pytest.fixture
def rep(sops, people, client):
    client.force_login(people.rep)
    return client


def text_of(answer):
    return answer.content.decode()


def test_both_languages_have_the_same_chapters():
    in_chinese, in_english = guide.chapters("zh-hans"), guide.chapters("en")
    assert [one.key for one in in_chinese] == [one.key for one in in_english]
    assert len(in_chinese) >= 10
    assert all(one.title and one.html for one in (*in_chinese, *in_english))


def test_every_picture_that_a_chapter_shows_is_there_and_small(rep):
    total = 0
    for short in ("zh", "en"):
        for chapter in guide.chapters(short):
            for address in chapter.html.split('src="')[1:]:
                path = guide.picture(short, address.split('"')[0].rsplit("/", 1)[1])
                assert path, (short, chapter.key, address[:60])
                total += path.stat().st_size
    assert 100_000 < total < 2_000_000
    answer = rep.get("/help/pictures/zh/today.webp")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    for address in ("/help/pictures/zh/none.webp", "/help/pictures/zh/..%2F1-start.md", "/help/nothing"):
        assert rep.get(address).status_code == 404


def test_the_guide_is_read_in_the_readers_language(rep):
    assert "关口" in text_of(rep.get("/help/deals"))
    rep.get("/help")
    assert rep.get("/help").status_code == 200


def test_a_record_explains_its_stage_and_form_from_the_sop(rep, people, django_assert_max_num_queries):
    lead = register_lead(LEAD, by=people.rep, owner=people.rep, now=NOW)
    at = {"at": f"/leads/{lead.pk}"}
    rep.get("/help/here", at)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = text_of(rep.get("/help/here", at))
    assert "线索分级" in page
    assert "评分" in page
    assert f'href="/leads/{lead.pk}"' in page


def test_the_part_for_the_dialog_knows_the_page_from_its_address(rep, people):
    lead = register_lead(LEAD, by=people.rep, owner=people.rep, now=NOW)
    here = f"http://testserver/leads/{lead.pk}?task=1"
    part = text_of(rep.get("/help/here", headers={"HX-Request": "true", "HX-Current-URL": here}))
    assert "线索分级" in part
    assert "<html" not in part


def test_nothing_is_told_of_a_record_that_one_does_not_see(sops, people, client):
    lead = register_lead(LEAD, by=people.rep, owner=people.rep, now=NOW)
    client.force_login(people.outsider)
    page = text_of(client.get("/help/here", {"at": f"/leads/{lead.pk}"}))
    assert "fy-gate" not in page


@pytest.mark.parametrize(
    "at", ["", "/", "/nowhere", "//evil.example/x", "/administration/users", "/deals/99999", "x" * 9000]
)
def test_whatever_page_it_is_there_is_an_answer(rep, at):
    answer = rep.get("/help/here", {"at": at})
    assert answer.status_code == 200
    assert 'href="//evil' not in text_of(answer)

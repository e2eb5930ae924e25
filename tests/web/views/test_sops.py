import pytest

from fairway.leads.actions import register_lead
from fairway.runs.models import Run
from fairway.sops.actions import save_draft
from fairway.sops.checking import check_text
from fairway.sops.models import SopDraft, SopVersion
from fairway.sops.queries import retired
from tests.fixtures_runs import LEAD, NOW

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20
KEY = "complaint"
BASE = f"/sops/{KEY}"
READ = ("/sops", BASE, f"{BASE}/forms", f"{BASE}/text", f"{BASE}/versions", f"{BASE}/compare")
WRITE = ("draft", "draft/check", "draft/scenarios", "draft/publish", "draft/discard", "versions/1/restore")


@pytest.fixture
def manager(sops, people, client):
    client.force_login(people.manager)
    return client


def text_of(answer):
    return answer.content.decode()


def changed(sops):
    """The shipped document with another prefix of its numbers."""
    text = sops[KEY].text
    prefix = next(line for line in text.splitlines() if line.startswith("prefix: "))
    return text.replace(prefix, "prefix: ZZ", 1)


def typed(text, **more):
    return {"text": text.replace("\n", "\r\n"), "note": "", "revision": 0, **more}


@pytest.fixture
def draft(sops, people):
    return save_draft(KEY, changed(sops), by=people.manager, now=NOW)


def test_everybody_reads_within_few_queries(sops, people, client, django_assert_max_num_queries):
    client.force_login(people.finance)
    for address in READ:
        client.get(address)
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(address).status_code == 200, address


def test_what_is_not_there_is_not_found(sops, manager):
    assert manager.get("/sops/new").status_code == 200
    for address in ("/sops/nothing", f"{BASE}?version=7", f"{BASE}?version=x", "/sops/nothing/draft"):
        assert manager.get(address).status_code == 404, address


def test_the_map_says_the_rules_in_words(sops, people, client):
    client.force_login(people.rep)
    client.cookies["django_language"] = "zh-hans"
    page = text_of(client.get("/sops/new-business"))
    assert "1 个工作日" in page
    assert "A 24 小时、B 3 个工作日、C 7 天" in page
    assert "分级还没有通过审核：请先打分并由销售经理审核" in page
    assert "每周 2 次" in page
    assert "预算已批，数目、科目和批准人都清楚" in page
    assert "24h" not in page


def test_the_map_counts_only_the_runs_that_one_sees(sops, people, client):
    lead = register_lead(LEAD, by=people.rep, now=NOW, owner=people.rep)
    Run.objects.filter(pk=lead.run_id).update(next_due=NOW)
    for who, late in ((people.rep, True), (people.outsider, False)):
        client.force_login(who)
        assert ("fy-way__stage--late" in text_of(client.get("/sops/new-business"))) is late


def test_the_text_is_shown_whole_and_given_as_a_file(sops, manager):
    page = text_of(manager.get(f"{BASE}/text"))
    assert page.count("fy-code__line") == len(sops[KEY].text.splitlines())
    assert text_of(manager.get(f"{BASE}/text?file=1")) == sops[KEY].text


@pytest.mark.parametrize("who", ["rep", "finance"])
def test_only_managers_and_administrators_write(sops, people, client, draft, who):
    client.force_login(getattr(people, who))
    assert f"{BASE}/draft" not in text_of(client.get(BASE))
    for address in WRITE:
        assert client.post(f"{BASE}/{address}", typed("x", revision=1)).status_code == 403, address
    assert client.get(f"{BASE}/draft").status_code == 403
    assert SopDraft.objects.get(key=KEY).revision == 1
    assert SopVersion.objects.filter(key=KEY).count() == 1


def test_a_draft_is_kept_with_its_mistakes_and_shows_them_by_line(sops, manager):
    broken = sops[KEY].text.replace("subject: complaint", "subject: nothing", 1)
    assert manager.post(f"{BASE}/draft", typed(broken)).status_code == 302
    assert SopDraft.objects.get(key=KEY).text == broken
    line = broken.splitlines().index("subject: nothing") + 1
    page = text_of(manager.get(f"{BASE}/draft"))
    assert f'data-goto-line="{line}"' in page


def test_findings_come_while_typing_and_nothing_is_kept(sops, manager):
    page = text_of(manager.post(f"{BASE}/draft/check", typed("sop: [")))
    assert "data-goto-line" in page
    assert "<html" not in page
    assert "data-goto-line" not in text_of(manager.post(f"{BASE}/draft/check", typed(sops[KEY].text)))
    assert not SopDraft.objects.exists()


def test_the_second_of_two_editors_keeps_both_texts(sops, people, manager, draft):
    mine = changed(sops).replace("prefix: ZZ", "prefix: YY")
    save_draft(KEY, changed(sops) + "# theirs\n", revision=1, by=people.director, now=NOW)
    answer = manager.post(f"{BASE}/draft", typed(mine, revision=1))
    page = text_of(answer)
    assert answer.status_code == 409
    assert "prefix: YY" in page
    assert "# theirs" in page
    assert SopDraft.objects.get(key=KEY).text.endswith("# theirs\n")
    assert manager.post(f"{BASE}/draft", typed(mine, revision=2)).status_code == 302
    assert SopDraft.objects.get(key=KEY).text == mine


def test_the_shipped_scenarios_are_played_on_what_is_typed(sops, manager):
    manager.cookies["django_language"] = "en"
    whole = manager.post(f"{BASE}/draft/scenarios", typed(sops[KEY].text))
    assert "came out as they say" in text_of(whole)
    part = manager.post(
        f"{BASE}/draft/scenarios", typed("sop: ["), headers={"HX-Request": "true", "HX-Target": "rehearsals"}
    )
    assert "cannot be read" in text_of(part)
    assert "<html" not in text_of(part)


def test_publishing_shows_what_changes_and_asks_for_a_note(sops, manager, draft):
    manager.cookies["django_language"] = "en"
    page = text_of(manager.get(f"{BASE}/draft/publish"))
    assert "→ ZZ" in page
    wanted = {"revision": 1, "after": 1, "note": ""}
    assert manager.post(f"{BASE}/draft/publish", wanted).status_code == 422
    assert SopVersion.objects.filter(key=KEY).count() == 1
    assert manager.post(f"{BASE}/draft/publish", wanted | {"note": "New numbers"}).status_code == 302
    version = SopVersion.objects.get(key=KEY, number=2)
    assert version.note == "New numbers"
    assert not SopDraft.objects.exists()
    page = text_of(manager.get(f"{BASE}/compare?from=1&to=2"))
    assert "→ ZZ" in page


def test_what_has_mistakes_is_not_published(sops, people, manager):
    save_draft(KEY, "sop: complaint\n", by=people.manager, now=NOW)
    assert "data-goto-line" in text_of(manager.get(f"{BASE}/draft/publish"))
    answer = manager.post(f"{BASE}/draft/publish", {"revision": 1, "after": 1, "note": "x"})
    assert answer.status_code == 422
    assert SopVersion.objects.filter(key=KEY).count() == 1


def test_who_publishes_second_is_told_who_was_first(sops, people, manager, draft):
    save_draft(KEY, changed(sops) + "# more\n", revision=1, by=people.director, now=NOW)
    answer = manager.post(f"{BASE}/draft/publish", {"revision": 1, "after": 1, "note": "x"})
    assert answer.status_code == 409
    assert "Director" in text_of(answer)
    assert SopVersion.objects.filter(key=KEY).count() == 1


def test_a_draft_is_thrown_away_unless_somebody_saved_since(sops, manager, draft):
    manager.post(f"{BASE}/draft/discard", {"revision": 0})
    assert SopDraft.objects.exists()
    manager.post(f"{BASE}/draft/discard", {"revision": 1})
    assert not SopDraft.objects.exists()


def test_rolling_back_publishes_the_old_text_as_a_new_version_once(sops, manager, draft):
    manager.post(f"{BASE}/draft/publish", {"revision": 1, "after": 1, "note": "x"})
    for _ in range(2):
        assert manager.post(f"{BASE}/versions/1/restore").status_code == 302
    versions = list(SopVersion.objects.filter(key=KEY).order_by("number"))
    assert [version.number for version in versions] == [1, 2, 3]
    assert versions[2].digest == versions[0].digest


NEW = {"title_zh": "试点：新流程", "title_en": "Pilot: a new one", "key": "pilot", "template": "", "subject": "deal"}


@pytest.mark.parametrize("template", ["", "complaint", "new-business", "customer-care"])
def test_a_new_sop_begins_as_a_draft_that_could_be_published(sops, manager, template):
    assert manager.post("/sops/new", NEW | {"template": template})["Location"] == "/sops/pilot/draft"
    text = SopDraft.objects.get(key="pilot").text
    loaded, findings = check_text(text, key="pilot")
    assert [finding for finding in findings if finding.level == "error"] == []
    assert loaded.sop.title.zh_hans == "试点：新流程"
    assert manager.get("/sops/pilot/draft").status_code == 200


@pytest.mark.parametrize("subject", ["deal", "complaint", "account"])
def test_a_small_one_to_build_on_is_sound_whatever_it_is_about(sops, manager, subject):
    manager.post("/sops/new", NEW | {"subject": subject})
    assert check_text(SopDraft.objects.get(key="pilot").text, key="pilot")[1] == []


@pytest.mark.parametrize("wrong", [{"key": "complaint"}, {"key": "Pilot 1"}, {"key": "new"}, {"title_en": ""}])
def test_a_new_sop_needs_names_and_a_key_of_its_own(sops, manager, wrong):
    answer = manager.post("/sops/new", NEW | wrong)
    assert answer.status_code == 422
    assert "fy-field__error" in text_of(answer)
    assert not SopDraft.objects.exists()


def test_an_sop_is_taken_out_of_use_by_administrators_and_its_runs_go_on(sops, people, client):
    lead = register_lead(LEAD, by=people.rep, owner=people.rep, now=NOW)
    client.force_login(people.manager)
    assert client.post(f"{BASE}/use").status_code == 403
    client.force_login(people.admin)
    client.post("/sops/new-business/use")
    assert retired() == set()
    client.post(f"{BASE}/use")
    assert retired() == {KEY}
    assert Run.objects.get(pk=lead.run_id).outcome == ""
    client.post(f"{BASE}/use", {"use": "1"})
    assert retired() == set()


def test_forms_are_folded_by_the_stage_that_asks_for_them_first(sops, people, client):
    client.force_login(people.rep)
    answer = client.get(f"{BASE}/forms")
    titles = [title for title, _forms in answer.context["stages"]]
    assert len(titles) == len(set(titles)) > 3
    assert sum(len(some) for _title, some in answer.context["stages"]) == len(answer.context["forms"])
    assert answer.content.decode().count('<details class="fy-fold" open>') == 1

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from fairway.leads.actions import register_lead
from fairway.leads.models import Lead
from fairway.lists.models import Tagging
from fairway.runs import actions
from fairway.runs.models import Event, Run
from tests.fixtures_runs import LEAD, NOW

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


def made(by, company, owner=None, phone="", **more):
    values = {
        **LEAD,
        "company_name": company,
        "contact_phone": phone or "1390000" + str(abs(hash(company)) % 10**4).zfill(4),
    }
    return register_lead({**values, **more}, by=by, now=NOW, owner=owner)


def typed_in(**changes):
    return {f"values.{key}": value for key, value in {**LEAD, **changes}.items()}


@pytest.fixture
def leads(sops, people):
    return {
        "own": made(people.rep, "杭州启明机电有限公司", people.rep),
        "mates": made(people.mate, "宁波海天机械有限公司", people.mate),
        "outsiders": made(people.outsider, "深圳光明电子有限公司", people.outsider),
    }


def test_a_rep_sees_her_own_and_her_teams_leads_but_not_anothers(leads, people, client):
    client.force_login(people.rep)
    page = client.get("/leads").content.decode()
    assert "启明机电" in page
    assert "海天机械" in page
    assert "光明电子" not in page


def test_the_list_costs_the_same_few_queries_with_more_rows(leads, people, client, django_assert_max_num_queries):
    client.force_login(people.manager)
    client.get("/leads")
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        client.get("/leads")
    for number in range(12):
        made(people.rep, f"温州{number}号有限公司", people.rep, phone=f"1370000{number:04d}")
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/leads")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=启明", {"启明机电"}),
        ("q=13800000001", {"启明机电"}),
        ("q=王芳 启明", {"启明机电"}),
        ("owner=me", {"启明机电"}),
        ("grade=A", set()),
        ("state=closed", set()),
        ("source=offline.fair", {"启明机电", "海天机械"}),
        ("source=online.wechat", set()),
        ("sort=-company", {"启明机电", "海天机械"}),
        ("owner=%00&stage=<b>&sort=nothing&after=99999999999", set()),
    ],
)
def test_filters_narrow_the_list(leads, people, client, query, shown):
    Lead.objects.filter(pk=leads["own"].pk).update(phone="13800000001", phone_key="+8613800000001")
    client.force_login(people.rep)
    page = client.get(f"/leads?{query}").content.decode()
    assert {name for name in ("启明机电", "海天机械", "光明电子") if name in page} == shown


def test_a_lead_is_found_by_its_number(leads, people, client):
    client.force_login(people.rep)
    page = client.get(f"/leads?q=N{leads['mates'].run_id:06d}").content.decode()
    assert "海天机械" in page
    assert "启明机电" not in page


def test_late_shows_only_what_is_overdue(leads, people, client):
    Run.objects.filter(pk=leads["own"].run_id).update(next_due=timezone.now() - timedelta(hours=1))
    Run.objects.filter(pk=leads["mates"].run_id).update(next_due=timezone.now() + timedelta(hours=1))
    client.force_login(people.rep)
    page = client.get("/leads?late=1").content.decode()
    assert "启明机电" in page
    assert "海天机械" not in page


def test_the_part_for_htmx_has_no_frame(leads, people, client):
    client.force_login(people.rep)
    part = client.get("/leads", headers={"HX-Request": "true"}).content.decode()
    assert "启明机电" in part
    assert "<html" not in part


def test_an_empty_list_says_what_to_do(sops, people, client):
    client.force_login(people.rep)
    assert "/leads/new" in client.get("/leads").content.decode()


def test_the_export_has_what_is_seen_and_runs_no_formula(leads, people, client):
    Lead.objects.filter(pk=leads["own"].pk).update(contact_name='=HYPERLINK("http://x")', phone="+86 138 0000 0001")
    client.force_login(people.rep)
    text = b"".join(client.get("/lists/leads/export?owner=me&cols=contact,phone").streaming_content)
    text = text.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 2
    assert "'=HYPERLINK" in rows[1][1]
    assert rows[1][2] == "+86 138 0000 0001"


def test_a_rep_registers_a_lead_by_the_form_of_the_sop(sops, people, client):
    client.force_login(people.rep)
    assert "values.company_name" in client.get("/leads/new").content.decode()
    answer = client.post("/leads/new", {**typed_in(), "keep": "1"})
    lead = Lead.objects.get()
    assert answer["Location"] == f"/leads/{lead.pk}"
    assert (lead.company, lead.run.owner) == (LEAD["company_name"], people.rep)


def test_a_lead_without_source_is_refused_and_what_was_typed_is_kept(sops, people, client):
    client.force_login(people.rep)
    answer = client.post("/leads/new", typed_in(source=""))
    assert answer.status_code == 422
    assert LEAD["company_name"] in answer.content.decode()
    assert not Lead.objects.exists()


def test_a_duplicate_is_shown_first_and_made_only_when_insisted_on(leads, people, client):
    client.force_login(people.rep)
    same = typed_in(contact_phone="13911112222")
    answer = client.post("/leads/new", same)
    assert answer.status_code == 409
    assert f'href="/leads/{leads["own"].pk}"' in answer.content.decode()
    assert "13911112222" in answer.content.decode()
    assert client.post("/leads/new", {**same, "anyway": "1"}).status_code == 302
    assert Lead.objects.filter(company=LEAD["company_name"]).count() == 2


def test_a_duplicate_of_another_team_is_named_without_its_fields(leads, people, client):
    client.force_login(people.rep)
    part = client.post("/leads/duplicates", typed_in(company_name="深圳光明电子", contact_phone="")).content.decode()
    assert people.west.name in part
    assert leads["outsiders"].phone not in part
    assert f"/leads/{leads['outsiders'].pk}" not in part


def test_finance_registers_no_leads(leads, people, client):
    client.force_login(people.finance)
    assert client.get("/leads/new").status_code == 403
    assert client.post("/leads/new", typed_in()).status_code == 403


def test_a_manager_hands_rows_over_and_each_run_keeps_an_event(leads, people, client):
    client.force_login(people.manager)
    sent = {
        "do": "reassign",
        "id": [leads["own"].pk, leads["outsiders"].pk],
        "owner": people.mate.pk,
        "why": "休假",
        "back": "/leads?x=1",
    }
    asked = client.post("/lists/leads/bulk", sent)
    assert asked.status_code == 200
    assert "启明机电" in asked.content.decode()
    assert "光明电子" not in asked.content.decode()
    assert Run.objects.get(pk=leads["own"].run_id).owner == people.rep
    assert client.post("/lists/leads/bulk", {**sent, "sure": "1"})["Location"] == "/leads?x=1"
    assert Run.objects.get(pk=leads["own"].run_id).owner == people.mate
    assert Run.objects.get(pk=leads["outsiders"].run_id).owner == people.outsider
    assert Event.objects.filter(run=leads["own"].run, kind="reassigned").count() == 1


def test_rows_that_may_not_be_handed_over_say_why(leads, people, client):
    client.force_login(people.rep)
    sent = {"do": "reassign", "id": [leads["own"].pk, leads["mates"].pk], "owner": people.mate.pk, "why": "换区"}
    actions.reassign(leads["mates"].run_id, owner=people.manager, why="x", by=people.manager, now=NOW)
    answer = client.post("/lists/leads/bulk", {**sent, "sure": "1"})
    assert answer.status_code == 409
    assert "宁波海天" in answer.content.decode()
    assert Run.objects.get(pk=leads["own"].run_id).owner == people.mate
    assert Run.objects.get(pk=leads["mates"].run_id).owner == people.manager


def test_nothing_is_handed_over_without_a_reason_or_rows(leads, people, client):
    client.force_login(people.manager)
    sent = {"do": "reassign", "id": leads["own"].pk, "owner": people.mate.pk, "why": " ", "back": "//evil"}
    answer = client.post("/lists/leads/bulk", {**sent, "sure": "1"})
    assert answer.status_code == 422
    assert "//evil" not in answer.content.decode()
    assert client.post("/lists/leads/bulk", {**sent, "id": []})["Location"] == "/leads"
    assert Run.objects.get(pk=leads["own"].run_id).owner == people.rep


def test_all_rows_of_a_view_are_tagged_moved_and_closed_each_for_itself(leads, people, client):
    client.force_login(people.rep)
    everything = {"all": "1", "query": "owner=me", "sure": "1"}
    client.post("/lists/leads/bulk", {**everything, "do": "tag", "tags": "重点, 展会"})
    client.post("/lists/leads/bulk", {**everything, "do": "tag", "tags": "重点"})
    assert sorted(Tagging.objects.values_list("run_id", "tag__name")) == [
        (leads["own"].run_id, "展会"),
        (leads["own"].run_id, "重点"),
    ]
    assert Event.objects.filter(kind="tagged").count() == 1
    page = client.get("/leads?f=tags:重点&cols=tags").content.decode()
    assert "启明机电" in page
    assert "海天机械" not in page
    client.post("/lists/leads/bulk", {**everything, "do": "untag", "tag": "展会"})
    assert [tagging.tag.name for tagging in Tagging.objects.select_related("tag")] == ["重点"]
    moved = client.post("/lists/leads/bulk", {**everything, "do": "advance"})
    assert moved.status_code == 409
    assert Run.objects.get(pk=leads["own"].run_id).stage == leads["own"].run.stage
    client.post("/lists/leads/bulk", {**everything, "do": "close", "outcome": "nowhere"})
    assert Run.objects.get(pk=leads["own"].run_id).is_open


def test_who_does_not_sell_has_no_deeds_and_unknown_ones_are_not_there(leads, people, client):
    client.force_login(people.finance)
    assert client.post("/lists/leads/bulk", {"do": "reassign", "id": leads["own"].pk}).status_code == 404
    client.force_login(people.rep)
    assert client.post("/lists/leads/bulk", {"do": "explode", "id": leads["own"].pk}).status_code == 404
    assert client.post("/lists/nothing/bulk", {"do": "reassign"}).status_code == 404

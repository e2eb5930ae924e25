import pytest

from fairway.deals.models import Deal
from fairway.leads.actions import register_lead
from fairway.lists.models import SavedView, Tagging
from fairway.runs.models import Event, Run
from tests.fixtures_runs import LEAD, NOW

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


@pytest.fixture
def two(sops, people):
    leads = []
    for number, grade in enumerate("AB"):
        values = {**LEAD, "company_name": f"公司{number}", "contact_phone": f"1380000000{number}"}
        lead = register_lead(values, by=people.rep, now=NOW, owner=people.rep)
        Run.objects.filter(pk=lead.run_id).update(grade=grade)
        leads.append(lead)
    return leads


def test_lists_of_the_api_take_the_filter_of_the_pages(two, people, client):
    client.force_login(people.rep)
    for text, found in (
        ("grade:A", ["公司0"]),
        ("grade:A|company~公司1", ["公司1", "公司0"]),
        ("owner:me;grade!:A", ["公司1"]),
        ("state:closed", []),
    ):
        answer = client.get("/api/v1/leads", {"filter": text}).json()
        assert [item["company"] for item in answer["items"]] == found
    paged = client.get("/api/v1/leads", {"filter": "owner:me", "limit": 1}).json()
    rest = client.get("/api/v1/leads", {"filter": "owner:me", "limit": 1, "after": paged["next"]}).json()
    assert [paged["items"][0]["company"], rest["items"][0]["company"]] == ["公司1", "公司0"]
    for address in ("deals", "complaints", "companies", "contacts", "tasks", "records"):
        refused = client.get(f"/api/v1/{address}", {"filter": "nothing:1"})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "filter"


def test_no_filter_of_the_api_tells_a_bottom_line(sops, people, client):
    from tests.web.views.test_deals import deal_for

    deal = deal_for(people.mate, "宁波海天", 100)
    Deal.objects.filter(pk=deal.pk).update(cost=7_770_000)
    client.force_login(people.rep)
    assert client.get("/api/v1/deals").json()["items"]
    for text in ("cost:77700", "cost!:1", "cost:..100000", "cost!:"):
        assert client.get("/api/v1/deals", {"filter": text}).json()["items"] == []


def test_views_are_kept_changed_marked_and_deleted(people, client):
    client.force_login(people.rep)
    sent = {"list": "leads", "name": "A 级", "query": "f=grade:A&after=x", "pinned": True}
    made = client.post("/api/v1/views", sent, **JSON)
    assert made.status_code == 201
    view = made.json()
    assert (view["query"], view["pinned"], view["share"], view["may_change"]) == ("f=grade:A", True, "own", True)
    changed = client.patch(f"/api/v1/views/{view['id']}", {"share": "team", "home": True}, **JSON).json()
    assert (changed["share"], changed["home"], changed["name"]) == ("team", True, "A 级")
    assert [one["id"] for one in client.get("/api/v1/views?list=leads").json()] == [view["id"]]
    assert client.get("/api/v1/views?list=deals").json() == []
    client.force_login(people.mate)
    seen = client.get(f"/api/v1/views/{view['id']}").json()
    assert (seen["may_change"], seen["pinned"]) == (False, False)
    assert client.patch(f"/api/v1/views/{view['id']}", {"name": "x"}, **JSON).status_code == 403
    assert client.delete(f"/api/v1/views/{view['id']}").status_code == 403
    client.force_login(people.outsider)
    assert client.get(f"/api/v1/views/{view['id']}").status_code == 404
    client.force_login(people.rep)
    assert client.post("/api/v1/views", {**sent, "query": "f=nothing:1"}, **JSON).status_code == 422
    assert client.post("/api/v1/views", {**sent, "share": "rep"}, **JSON).status_code == 403
    assert client.delete(f"/api/v1/views/{view['id']}").status_code == 204
    assert not SavedView.objects.exists()


def test_tags_are_put_on_and_taken_off(two, people, client):
    client.force_login(people.rep)
    lead = two[0]
    for _twice in range(2):
        assert client.post(f"/api/v1/leads/{lead.pk}/tags", {"add": ["展会", " 重点 "]}, **JSON).status_code == 200
    assert Event.objects.filter(kind="tagged", run=lead.run).count() == 1
    client.post(f"/api/v1/leads/{lead.pk}/tags", {"remove": ["展会"]}, **JSON)
    assert [one.tag.name for one in Tagging.objects.select_related("tag")] == ["重点"]
    found = client.get("/api/v1/leads", {"filter": "tags:重点"}).json()["items"]
    assert [one["id"] for one in found] == [lead.pk]
    assert [one["id"] for one in client.get("/api/v1/leads", {"filter": "tags:"}).json()["items"]] == [two[1].pk]
    client.force_login(people.mate)
    assert client.post(f"/api/v1/leads/{lead.pk}/tags", {"add": ["x"]}, **JSON).status_code == 403
    client.force_login(people.outsider)
    assert client.post(f"/api/v1/leads/{lead.pk}/tags", {"add": ["x"]}, **JSON).status_code == 404

"""What administrators do by program: the same actions as on the pages, for an administrator's token only."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from fairway.catalog.models import Product
from fairway.people.models import ApiToken, AuditEntry, Team, User
from fairway.people.tokens import new_secret
from fairway.runs.models import Job
from fairway.sops.calendars import table_of
from tests.fixtures_runs import NOW

pytestmark = pytest.mark.django_db
BASE = "/api/v1/administration"


def by(user, *scopes):
    secret, now = new_secret(), datetime.now(UTC)
    ApiToken.objects.create(
        user=user, name="t", prefix=secret.prefix, digest=secret.digest, scopes=list(scopes), created_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    client = Client(headers={"Authorization": f"Bearer {secret.clear}"})

    def ask(method, path, data=None, **headers):
        options = {"data": data, "content_type": "application/json"} if data is not None else {}
        return getattr(client, method)(path if path.startswith("/api") else BASE + path, headers=headers, **options)

    return ask


@pytest.fixture
def admin(sops, people):
    return by(people.admin, "admin")


def test_a_person_is_made_changed_shut_out_and_let_in(admin, people):
    new = {"username": "neu", "name": "新人", "email": "neu@example.com", "team": people.east.pk, "roles": ["rep"],
           "invite": True}  # fmt: skip
    made = admin("post", "/users", new, **{"Idempotency-Key": "one"})
    assert made.status_code == 201
    assert admin("post", "/users", new, **{"Idempotency-Key": "one"}).json() == made.json()
    pk = made.json()["id"]
    assert Job.objects.filter(kind="invite").count() == 1
    changed = admin("patch", f"/users/{pk}", {"name": "老人", "roles": ["rep", "manager"], "team": None})
    assert changed.json()["roles"] == ["manager", "rep"]
    assert changed.json()["team"] is None
    assert admin("post", f"/users/{pk}/deactivate", {}).json()["active"] is False
    assert admin("post", f"/users/{pk}/reactivate", {}).json()["active"] is True
    assert [one["id"] for one in admin("get", "/users?limit=1").json()["items"]] == [pk]


def test_every_reason_of_a_refusal_is_given(admin):
    answer = admin("post", "/users", {"username": "REP", "name": "x", "roles": ["king"]})
    assert answer.status_code in (409, 422)
    assert not User.objects.filter(display_name="x").exists()


def test_a_team_is_made_moved_and_never_into_itself(admin, people):
    pk = admin("post", "/teams", {"name": "新组", "parent": people.sales.pk}).json()["id"]
    assert admin("patch", f"/teams/{pk}", {"parent": None}).json()["parent"] is None
    assert admin("patch", f"/teams/{people.sales.pk}", {"parent": people.east.pk}).status_code in (409, 422)
    assert admin("post", f"/teams/{pk}/archive", {}).json()["archived_at"]
    assert admin("post", f"/teams/{pk}/restore", {}).json()["archived_at"] is None
    assert Team.objects.get(pk=people.sales.pk).parent == people.top


def test_products_are_written_by_administrators_and_read_by_all(admin, people):
    pk = admin("post", "/api/v1/products", {"code": "APS", "name": "排产", "list_price": "99.5"}).json()["id"]
    assert Product.objects.get(pk=pk).list_price == 9950
    assert admin("patch", f"/api/v1/products/{pk}", {"active": False}).json()["list_price"] == "99.50"
    rep = by(people.rep, "deals:read", "admin")
    assert rep("get", "/api/v1/products").json()["items"][0]["code"] == "APS"
    assert rep("patch", f"/api/v1/products/{pk}", {"name": "x"}).status_code == 403


def test_sources_and_the_calendar_are_kept(admin):
    source = {"title_zh": "路演", "title_en": "Road show", "family": "offline"}
    made = admin("post", "/sources", source).json()
    assert admin("put", f"/sources/{made['id']}", source | {"active": False}).json()["active"] is False
    week = {"week": {"mon": ["09:00-12:00"], "tue": ["09:00-12:00"]}, "zone": "Asia/Shanghai"}
    assert admin("put", "/calendars/china/week", week, **{"If-Match": '"7"'}).status_code in (409, 412)
    assert admin("put", "/calendars/china/week", week).json()["week"] == week["week"]
    assert table_of("china")[1] == 1
    year = {"holidays": {"spring": {"off": "2028-01-25..2028-01-31"}}}
    assert "2028" in admin("put", "/calendars/china/years/2028", year).json()["years"]
    assert admin("get", "/calendars/nowhere").status_code == 404
    assert admin("put", "/calendars/china/week", {"week": {"mon": ["9"]}}).status_code == 422


def test_dead_letters_are_replayed_and_the_trail_is_read(admin):
    job = Job.objects.create(kind="mail", key="x", status=Job.DEAD, created_at=NOW, due_at=NOW, error="no such box")
    assert admin("get", "/dead-letters").json()["items"][0]["error"] == "no such box"
    assert admin("post", f"/dead-letters/{job.pk}/replay", {}).json() == {"replayed": True}
    assert admin("post", f"/dead-letters/{job.pk}/replay", {}).json() == {"replayed": False}
    assert [one["action"] for one in admin("get", "/audit?kind=job").json()["items"]] == ["job.replayed"]
    assert admin("get", "/audit?q=nobody-wrote-this").json()["items"] == []


@pytest.mark.parametrize(("who", "scopes"), [("manager", ["admin"]), ("admin", ["users:read", "deals:write"])])
def test_nobody_else_and_no_other_token_administers(sops, people, who, scopes):
    ask, count = by(getattr(people, who), *scopes), AuditEntry.objects.count()
    for path in ("/users", "/teams", "/sources", "/dead-letters", "/audit", "/calendars/china"):
        assert ask("get", path).status_code == 403, path
    assert ask("post", "/users", {"username": "x", "name": "x"}).status_code == 403
    assert ask("patch", f"/users/{people.rep.pk}", {"roles": ["admin"]}).status_code == 403
    assert AuditEntry.objects.count() == count

"""The search over the API: the same as on the page, narrowed by the token's scopes."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from fairway.customers.actions import create_account
from tests.fixtures_runs import NOW


def kinds_of(answer):
    return [item["kind"] for item in answer.json()["items"]]


def test_a_program_finds_what_its_person_may_see(call, people, lead):
    create_account({"name": "启明集团"}, by=people.rep, now=NOW)
    answer = call(people.rep).get("/search?q=%E5%90%AF%E6%98%8E")
    assert answer.status_code == 200
    first, second = answer.json()["items"]
    assert (first["kind"], first["id"], first["number"]) == ("lead", lead.pk, f"N{lead.run_id:06d}")
    assert (second["kind"], second["title"], second["run"]) == ("company", "启明集团", None)
    assert kinds_of(call(people.outsider).get("/search?q=%E5%90%AF%E6%98%8E")) == []


def test_a_token_finds_only_the_kinds_that_it_may_read(call, people, lead):
    create_account({"name": "启明集团"}, by=people.rep, now=NOW)
    asked = "/search?q=%E5%90%AF%E6%98%8E"
    assert kinds_of(call(people.rep, ["search:read", "leads:read"]).get(asked)) == ["lead"]
    assert kinds_of(call(people.rep, ["search:read", "companies:write"]).get(asked)) == ["company"]
    assert kinds_of(call(people.rep, ["search:read"]).get(asked)) == []
    assert call(people.rep, ["leads:read"]).get(asked).status_code == 403


def test_kind_and_limit_narrow_it_and_others_are_refused(call, people, lead):
    for number in range(3):
        create_account({"name": f"启明{number}"}, by=people.rep, now=NOW)
    caller = call(people.rep)
    assert kinds_of(caller.get("/search?q=%E5%90%AF%E6%98%8E&kind=company&limit=2")) == ["company", "company"]
    assert kinds_of(caller.get("/search?q=13800000001&kind=lead")) == ["lead"]
    for wrong in ("kind=x&q=a", "limit=0&q=a", "limit=51&q=a", "query=a", "q=" + "x" * 101, "q=%00"):
        assert caller.get(f"/search?{wrong}").status_code == 422, wrong


def test_the_queries_do_not_grow(call, people, lead):
    caller = call(people.rep)
    caller.get("/search?q=%E5%90%AF%E6%98%8E")
    for number in range(40):
        create_account({"name": f"启明{number}"}, by=people.rep, now=NOW)
    with CaptureQueriesContext(connection) as asked:
        assert len(kinds_of(caller.get("/search?q=%E5%90%AF%E6%98%8E&limit=50"))) == 41
    assert len(asked) <= 5

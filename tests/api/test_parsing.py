"""What cannot be meant is refused before it reaches anything."""

import pytest

from fairway.leads.models import Lead

WRONG = [
    (b"{", "application/json", 400),
    (b"\xff\xfe", "application/json", 400),
    (b'{"values": {"company_name": "\\ud800"}}', "application/json", 400),
    (b'{"values": {"a": ' + b"[" * 40 + b"]" * 40 + b"}}", "application/json", 400),
    (b'{"values": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}", "application/json", 400),
    (b'{"values": {}}', "text/plain", 415),
    (b"values=1", "application/x-www-form-urlencoded", 415),
    (b'{"values": {"company_name": "a\\u0000b"}}', "application/json", 422),
    (b'{"values": {"a\\u0000": 1}}', "application/json", 422),
    (b'{"values": {}, "vlaues": {}}', "application/json", 422),
    (b'{"values": []}', "application/json", 422),
    (b'{"values": {"source": NaN}}', "application/json", 400),
    (b'{"values": {"company_name": "' + b"a" * 3_000_000 + b'"}}', "application/json", 413),
]


@pytest.mark.parametrize(("body", "kind", "status"), WRONG, ids=range(len(WRONG)))
def test_a_body_that_cannot_be_meant_is_a_problem_and_changes_nothing(call, people, body, kind, status):
    caller = call(people.rep)
    refused = caller.client.post("/api/v1/leads", body, content_type=kind, headers=caller.headers)
    assert refused.status_code == status
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["status"] == status
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["ownr=3", "owner=0", "owner=99999999999999999999", "q=%00", "limit=0", "limit=201", "after=x", "after=0",
     "sort=company", "sort=title&after=7", "created_from=12345", "created_from=0001-01-01T00:00:00%2B14:00",
     "status=won"],
)  # fmt: skip
def test_a_query_that_cannot_be_meant_names_the_field(call, people, query):
    refused = call(people.rep).get(f"/leads?{query}")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"].endswith(query.rpartition("&")[2].partition("=")[0])


def test_an_address_that_does_not_exist_and_a_method_that_is_not_taken_are_problems_too(call, people):
    caller = call(people.rep)
    assert caller.get("/nothing")["Content-Type"] == "application/problem+json"
    refused = caller.client.delete("/api/v1/leads", headers=caller.headers)
    assert (refused.status_code, refused["Allow"]) == (405, "GET, POST")
    assert refused["Content-Type"] == "application/problem+json"

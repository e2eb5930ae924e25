"""Leads over the API."""

import pytest

from fairway.leads.models import Lead
from fairway.runs.models import Run
from tests.fixtures_runs import LEAD


def test_a_program_registers_a_lead_and_reads_it_back(call, people):
    made = call(people.rep).post("/leads", {"values": LEAD})
    assert made.status_code == 201
    body = made.json()
    assert (body["company"], body["stage"], body["owner"]) == (LEAD["company_name"], "qualify", None)
    got = call(people.rep).get(f"/leads/{body['id']}")
    assert got.json() == body
    assert got["ETag"] == '"0"'


def test_nothing_is_saved_without_source_and_a_way_to_reach_the_contact(call, people):
    refused = call(people.rep).post("/leads", {"values": {"company_name": "某公司", "contact_name": "李"}})
    assert refused.status_code == 422
    assert refused["Content-Type"] == "application/problem+json"
    assert {error["field"] for error in refused.json()["errors"]} >= {"source", "contact_phone"}
    assert not Lead.objects.exists()
    assert not Run.objects.exists()


def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(call, people):
    caller = call(people.rep)
    first = caller.post("/leads", {"values": LEAD}, **{"Idempotency-Key": "k1"})
    again = caller.post("/leads", {"values": LEAD}, **{"Idempotency-Key": "k1"})
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert Lead.objects.count() == 1
    other = caller.post("/leads", {"values": {**LEAD, "company_name": "别的"}}, **{"Idempotency-Key": "k1"})
    assert other.status_code == 422


def test_an_outsider_with_a_lead_of_another_team_is_told_that_it_is_not_there(call, people, lead):
    run = lead.run
    run.owner, run.team = people.rep, people.east
    run.save()
    assert call(people.outsider).get(f"/leads/{lead.pk}").status_code == 404
    assert call(people.outsider).post(f"/leads/{lead.pk}/advance").status_code == 404
    assert call(people.mate).get(f"/leads/{lead.pk}").status_code == 200


def test_a_refused_move_says_every_reason_and_changes_nothing(call, people, lead):
    refused = call(people.rep).post(f"/leads/{lead.pk}/advance", {"to": "needs"})
    assert refused.status_code == 409
    assert {reason["step"] for reason in refused.json()["reasons"]} >= {"score", "review"}
    assert Run.objects.get().revision == 0


def test_two_editors_the_second_is_told_who_was_first(call, people, lead):
    values = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}
    assert call(people.rep).post(f"/leads/{lead.pk}/steps/score", {"values": values}).status_code == 200
    stale = call(people.mate).post(f"/leads/{lead.pk}/back", {"to": "x", "why": "y"}, **{"If-Match": '"0"'})
    assert stale.status_code == 412
    assert stale.json()["by"] == people.rep.display_name


def test_a_token_without_the_scope_may_not(call, people):
    assert call(people.rep, ["leads:read"]).post("/leads", {"values": LEAD}).status_code == 403
    assert not Lead.objects.exists()


def test_pages_are_stable_while_leads_come(call, people):
    caller = call(people.rep)
    for number in range(5):
        caller.post("/leads", {"values": {**LEAD, "company_name": f"公司{number}"}})
    first = caller.get("/leads?limit=2").json()
    caller.post("/leads", {"values": {**LEAD, "company_name": "新来的"}})
    second = caller.get(f"/leads?limit=2&after={first['next']}").json()
    assert [item["company"] for item in first["items"] + second["items"]] == ["公司4", "公司3", "公司2", "公司1"]


@pytest.mark.parametrize("path", ["/leads", "/deals", "/complaints", "/companies", "/contacts", "/tasks", "/approvals",
                                  "/waivers", "/records", "/events", "/sops", "/users", "/users/self"])  # fmt: skip
def test_every_list_answers(call, people, lead, path):
    assert call(people.rep).get(path).status_code == 200


def test_reading_one_lead_costs_two_queries_and_a_list_two(call, people, lead, django_assert_max_num_queries):
    caller = call(people.rep)
    caller.get(f"/leads/{lead.pk}")
    with django_assert_max_num_queries(3):
        caller.get(f"/leads/{lead.pk}")
    with django_assert_max_num_queries(3):
        caller.get("/leads")


def test_the_whole_first_stage_over_the_api(call, people, lead):
    rep, manager = call(people.rep), call(people.manager)
    values = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}
    rep.post(f"/leads/{lead.pk}/steps/score", {"values": values})
    [task] = manager.get("/approvals").json()["items"]
    assert rep.post(f"/approvals/{task['id']}", {"verdict": "approve"}).status_code == 403
    run = manager.post(f"/approvals/{task['id']}", {"verdict": "approve"}).json()
    assert run["grade"] == "A"
    owner = call({people.rep.pk: people.rep, people.mate.pk: people.mate}[run["owner"]])
    assert owner.post(f"/leads/{lead.pk}/log-contact", {"outcome": "reached"}).status_code == 200
    moved = owner.post(f"/leads/{lead.pk}/advance")
    assert moved.json()["stage"] == "needs"
    [deal] = owner.get("/deals").json()["items"]
    assert deal["account_name"] == LEAD["company_name"]
    assert owner.get(f"/deals/{deal['id']}/gate").json()["open"] is False
    assert owner.get(f"/deals/{deal['id']}/events").json()[0]["kind"] == "advanced"

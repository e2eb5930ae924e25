"""Approvals: judged from the list, one or many, each row saying what became of it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from fairway.leads.actions import register_lead
from fairway.people.models import User
from fairway.runs import actions
from fairway.runs.models import Run, Task
from fairway.runs.queries import run_page
from tests.fixtures_runs import LEAD

pytestmark = pytest.mark.django_db
SCORE = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}


@pytest.fixture(autouse=True)
def _english(people):
    User.objects.update(language="en")


def scored(rep, name, **bant):
    """A lead that waits for its review: the task of the judge."""
    at = timezone.now() - timedelta(minutes=10)
    run = register_lead({**LEAD, "company_name": name}, by=rep, now=at, owner=rep).run
    actions.submit(run.pk, step="score", raw={**SCORE, **bant}, by=rep, now=at)
    return run.tasks.get(step="review", status=Task.OPEN)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def two(sops, people):
    return [scored(people.rep, "First Ltd", bant_need="weak"), scored(people.rep, "Second Ltd")]


def test_a_judge_sees_what_is_judged_in_short_and_a_rep_sees_nothing(client, people, two):
    client.force_login(people.manager)
    said = text_of(client.get("/approvals"))
    assert "First Ltd" in said
    assert "Fit of company size (1–5): 4" in said
    client.force_login(people.rep)
    assert "Nothing waits for your verdict" in text_of(client.get("/approvals"))


def test_several_are_approved_at_once_and_each_row_says_what_became_of_it(client, people, two):
    client.force_login(people.manager)
    answer = client.post("/approvals/decide", {"task": [two[0].pk, two[1].pk], "verdict": "approve"})
    assert answer.status_code == 200
    assert [one.done for one in answer.context["results"]] == [True, True]
    assert not Task.objects.filter(step="review", status=Task.OPEN).exists()
    again = client.post("/approvals/decide", {"task": [two[0].pk], "verdict": "approve"})
    assert Run.objects.get(pk=two[0].run_id).grade == "A"
    assert again.status_code == 200


def test_a_send_back_without_a_note_says_why_not_and_the_others_go(client, people, two):
    client.force_login(people.manager)
    refused = client.post("/approvals/decide", {"task": [two[0].pk], "verdict": "send_back"})
    assert [one.done for one in refused.context["results"]] == [False]
    assert "not done" in text_of(refused)
    done = client.post("/approvals/decide", {"row": f"{two[0].pk}:send_back", "note": "Which budget?"})
    assert [one.done for one in done.context["results"]] == [True]
    assert Task.objects.filter(pk=two[1].pk, status=Task.OPEN).exists()


def test_the_review_queue_shows_score_bant_and_disagreement_and_adjusts_the_grade(client, people, two):
    client.force_login(people.manager)
    page = client.get("/leads/review")
    said = text_of(page)
    assert [(row.bant, row.disagrees) for row in page.context["rows"]] == [("C", True), ("", False)]
    assert "disagree" in said
    assert f'name="grade_{two[0].pk}"' in page.content.decode()
    row = {"list": "leads", "row": f"{two[0].pk}:approve", f"grade_{two[0].pk}": "B"}
    without = client.post("/approvals/decide", row)
    assert "Reason for another grade" in text_of(without)
    assert client.post("/approvals/decide", row | {"note": "No budget yet"}).context["results"][0].done
    assert Run.objects.get(pk=two[0].run_id).grade == "B"


def test_nobody_judges_their_own_work_nor_that_of_another_team(client, people, two):
    client.force_login(people.rep)
    own = client.post("/approvals/decide", {"task": [two[0].pk], "verdict": "approve"})
    assert [one.done for one in own.context["results"]] == [False]
    client.force_login(people.outsider)
    theirs = client.post("/approvals/decide", {"task": [two[0].pk], "verdict": "approve"})
    assert list(theirs.context["results"]) == []
    assert Task.objects.filter(pk=two[0].pk, status=Task.OPEN).exists()


def test_a_waiver_is_granted_from_the_list(client, people, two):
    run = two[0].run
    waiver = actions.ask_waiver(
        run.pk, codes=_codes(run, people)[:1], why="They sign today", by=people.rep, now=timezone.now()
    )
    client.force_login(people.manager)
    assert "They sign today" in text_of(client.get("/approvals"))
    assert "They sign today" in text_of(client.get("/"))
    answer = client.post(f"/waivers/{waiver.pk}/decide", {"verdict": "grant", "next": "/approvals"})
    assert answer["Location"] == "/approvals"
    waiver.refresh_from_db()
    assert waiver.verdict == "granted"
    assert "They sign today" not in text_of(client.get("/approvals"))


def _codes(run, people):
    page = run_page(Run.objects.get(pk=run.pk), people.rep, now=timezone.now())
    return [reason.code for reason in page.reasons if reason.waivable]


def test_the_lists_cost_the_same_for_many_rows(client, sops, people, django_assert_max_num_queries):
    for number in range(8):
        scored(people.rep, f"Company {number}")
    client.force_login(people.manager)
    for path in ("/approvals", "/leads/review"):
        client.get(path)
        with django_assert_max_num_queries(20):
            assert client.get(path).status_code == 200

"""Approvals over the API: what is needed to decide, one more judge, taken back; tasks put off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fairway.runs import actions
from fairway.runs.models import Snooze

pytestmark = pytest.mark.django_db
SCORE = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}


@pytest.fixture
def review(lead, people):
    actions.submit(lead.run_id, step="score", raw=SCORE, by=people.rep, now=timezone.now())
    return lead.run.tasks.get(step="review", status="open")


def test_an_approval_comes_with_what_is_judged_and_the_verdicts_so_far(review, people, call):
    seen = call(people.manager).get(f"/approvals/{review.pk}").json()
    assert any(line["text"] == "4" for line in seen["judged"])
    assert seen["judge_on"]
    assert seen["verdicts"] == []
    sent = call(people.manager).post(
        f"/approvals/{review.pk}", {"verdict": "send_back", "note": "no", "to": "register"}
    )
    assert sent.status_code == 200
    assert call(people.manager).get(f"/approvals/{review.pk}").json()["task"]["verdict"] == "send_back"
    assert call(people.outsider).get(f"/approvals/{review.pk}").status_code == 404


def test_one_more_judge_is_asked_and_who_asked_takes_it_back(review, people, call):
    more = {"judge": people.finance.pk, "why": "x"}
    assert call(people.mate).post(f"/approvals/{review.pk}/judges", more).status_code == 403
    assert call(people.manager).post(f"/approvals/{review.pk}/judges", more).status_code == 200
    again = call(people.manager).post(f"/approvals/{review.pk}/judges", more)
    assert (again.status_code, again.json()["reasons"][0]["code"]) == (409, "judge.asked")
    assert call(people.rep).post(f"/approvals/{review.pk}/withdraw", {"why": "x"}).status_code == 200
    assert call(people.rep).post(f"/approvals/{review.pk}/withdraw", {"why": "x"}).status_code == 409


def test_a_task_is_put_off_and_taken_up_again(lead, people, call):
    task = lead.run.tasks.get(step="score")
    until = timezone.now() + timedelta(hours=3)
    rep = call(people.rep)
    assert rep.post(f"/tasks/{task.pk}/snooze", {"until": until.isoformat(), "why": ""}).status_code == 409
    assert rep.post(f"/tasks/{task.pk}/snooze", {"until": "2020-01-01T00:00:00Z", "why": "x"}).status_code == 409
    assert rep.post(f"/tasks/{task.pk}/snooze", {"until": until.isoformat(), "why": "x"}).status_code == 200
    assert Snooze.objects.get(task=task).until == until
    assert call(people.product).post(f"/tasks/{task.pk}/wake").status_code == 404
    assert rep.post(f"/tasks/{task.pk}/wake").status_code == 200
    assert not Snooze.objects.exists()

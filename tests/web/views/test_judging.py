"""Approvals on the page: taken back, one more judge, sent back further, commented in bulk."""

import html
import re

import pytest

from fairway.people.models import User
from fairway.runs import actions
from fairway.runs.models import Task
from tests.fixtures_runs import NOW

pytestmark = pytest.mark.django_db
SCORE = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}


@pytest.fixture
def review(lead, people):
    User.objects.update(language="en")
    actions.submit(lead.run_id, step="score", raw=SCORE, by=people.rep, now=NOW)
    return lead.run.tasks.get(step="review", status="open")


def text_of(answer):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_who_asked_finds_the_way_to_take_it_back_and_others_do_not(client, review, people):
    page = f"/leads/{review.run.lead.pk}?task={review.pk}"
    client.force_login(people.rep)
    assert "Take it back" in text_of(client.get(page))
    assert client.post(f"/tasks/{review.pk}/withdraw", {"why": ""}).status_code == 409
    assert client.post(f"/tasks/{review.pk}/withdraw", {"why": "Wrong budget"}).status_code == 302
    assert "Taken back before it was judged" in text_of(client.get(page))
    assert Task.objects.get(run=review.run, step="score", status="open")
    client.force_login(people.outsider)
    assert client.post(f"/tasks/{review.pk}/withdraw", {"why": "x"}).status_code == 404


def test_a_judge_asks_one_more_from_the_page(client, review, people):
    client.force_login(people.manager)
    page = f"/leads/{review.run.lead.pk}?task={review.pk}"
    shown = client.get(page)
    assert "Ask one more judge" in text_of(shown)
    assert "the step it came from" in text_of(shown)
    form = {"judge": people.finance.pk, "why": "Look at the budget"}
    assert client.post(f"/tasks/{review.pk}/judges", form | {"judge": ""}).status_code == 409
    assert client.post(f"/tasks/{review.pk}/judges", form).status_code == 302
    assert "Finance is asked to judge as well" in text_of(client.get(page))
    client.force_login(people.finance)
    assert "杭州启明" in text_of(client.get("/approvals"))


def test_a_send_back_from_the_page_goes_to_the_step_that_was_chosen(client, review, people):
    client.force_login(people.manager)
    form = {"verdict": "send_back", "note": "Wrong name", "to": "register"}
    assert client.post(f"/tasks/{review.pk}/decide", form).status_code == 302
    assert set(review.run.tasks.filter(status="open").values_list("step", flat=True)) == {"register"}


def test_several_are_commented_from_the_list_and_each_says_what_became_of_it(client, review, people):
    client.force_login(people.manager)
    form = {"verdict": "comment", "task": [review.pk], "note": "Where is the budget from?"}
    answer = client.post("/approvals/decide", form)
    assert "Commented." in text_of(answer)
    assert client.post("/approvals/decide", form | {"note": " "}).status_code == 200
    review.refresh_from_db()
    assert review.status == "open"
    assert "Where is the budget from?" in text_of(client.get(f"/leads/{review.run.lead.pk}"))

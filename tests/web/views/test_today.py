"""Today: what is due, for whom, in which order, done in place."""

import html
import re
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fairway.leads.actions import register_lead
from fairway.people.models import User
from fairway.runs import actions
from fairway.runs.queries import today as due
from tests.fixtures_runs import LEAD

SCORE = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(people):
    User.objects.update(language="en")


def lead_of(rep, name, *, days=0):
    return register_lead({**LEAD, "company_name": name}, by=rep, now=timezone.now() - timedelta(days=days), owner=rep)


def text_of(answer):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_nothing_due_is_said_plainly(client, sops, people):
    client.force_login(people.rep)
    said = text_of(client.get("/"))
    assert "Nothing is due" in said
    assert "New work appears here by itself" in said


def test_what_is_overdue_comes_first_and_others_work_is_not_there(client, sops, people):
    lead_of(people.rep, "Fresh Ltd")
    lead_of(people.rep, "Late Ltd", days=10)
    lead_of(people.outsider, "Elsewhere Ltd", days=10)
    client.force_login(people.rep)
    said = text_of(client.get("/"))
    assert said.index("Late Ltd") < said.index("Fresh Ltd")
    assert "Overdue" in said
    assert "Elsewhere" not in said


def test_kinds_are_counted_whatever_is_filtered(client, sops, people):
    lead_of(people.rep, "Fresh Ltd")
    client.force_login(people.rep)
    page = client.get("/?kind=touch")
    assert "Nothing of this kind is due" in text_of(page)
    assert {one["key"]: one["count"] for one in page.context["kinds"]}["task"] == 1


def test_a_manager_switches_to_the_team_and_a_rep_does_not(client, sops, people):
    lead_of(people.rep, "Fresh Ltd")
    client.force_login(people.manager)
    assert "Fresh Ltd" not in text_of(client.get("/"))
    assert "Fresh Ltd" in text_of(client.get("/?who=team"))
    client.force_login(people.mate)
    assert "Fresh Ltd" not in text_of(client.get("/?who=team"))


def test_the_work_opens_in_its_row_and_comes_back_to_today(client, sops, people):
    run = lead_of(people.rep, "Fresh Ltd").run
    task = run.tasks.get(step="score")
    client.force_login(people.rep)
    part = client.get(f"/tasks/{task.pk}/work?next=/", headers={"HX-Request": "true"}).content.decode()
    assert 'name="values.fit_score"' in part
    assert 'name="next" value="/"' in part
    assert client.get(f"/tasks/{task.pk}/work")["Location"] == f"/leads/{run.lead.pk}?task={task.pk}#work"
    typed = {"outcome": "no_answer", "channel": "phone", "next": "/"}
    assert client.post(f"/runs/{run.pk}/contact", typed)["Location"] == "/"
    elsewhere = client.post(f"/runs/{run.pk}/contact", typed | {"next": "https://evil.example/"})
    assert elsewhere["Location"].startswith(f"/leads/{run.lead.pk}")
    client.force_login(people.outsider)
    assert client.get(f"/tasks/{task.pk}/work").status_code == 404


def test_what_colleagues_did_on_ones_own_runs_is_told(client, sops, people):
    run = lead_of(people.rep, "Fresh Ltd").run
    actions.log_contact(run.pk, outcome="reached", channel="phone", by=people.manager, now=timezone.now())
    actions.log_contact(run.pk, outcome="no_answer", channel="phone", by=people.rep, now=timezone.now())
    client.force_login(people.rep)
    assert 'hx-get="/today/changes"' in client.get("/").content.decode()
    said = text_of(client.get("/today/changes"))
    assert "Contact: Reached" in said
    assert "Contact: No answer" not in said


def test_the_page_costs_the_same_for_one_row_and_for_twelve(client, sops, people, django_assert_num_queries):
    client.force_login(people.rep)
    lead_of(people.rep, "First Ltd")
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
        asked = len(few)
    for number in range(12):
        lead_of(people.rep, f"Company {number}", days=number)
    client.get("/")
    assert 0 < asked <= 12
    with django_assert_num_queries(asked):
        assert client.get("/").content.count(b"fy-due__item") == 13


def test_fifty_are_shown_of_the_total_and_more_come_on_demand(client, sops, people, monkeypatch):
    monkeypatch.setattr(sys.modules["fairway.runs.queries.today"], "SHOWN", 2)
    for number in range(5):
        lead_of(people.rep, f"Company {number}", days=number)
    client.force_login(people.rep)
    seen, address, parts = [], "/", 0
    while address:
        part = {"HX-Request": "true", "HX-Target": "more"} if parts else {}
        page = client.get(address, headers=part)
        seen += re.findall(r"Company \d", text_of(page))
        address, parts = page.context["more"]["url"], parts + 1
        assert page.context["more"]["total"] == 5
    assert sorted(seen) == [f"Company {number}" for number in range(5)]
    assert page.context["more"]["shown"] == 5
    assert "fy-shell" not in page.content.decode()
    whole = client.get("/?after=0-0&from=3")
    assert "From the beginning" in text_of(whole)
    assert client.get("/?after=nonsense&from=x").status_code == 200


def test_a_task_put_off_leaves_ones_own_today_until_then_and_the_manager_sees_why(client, sops, people):
    task = lead_of(people.rep, "Fresh Ltd", days=9).run.tasks.get(step="score")
    due_at = task.due_at
    client.force_login(people.rep)
    until = timezone.now() + timedelta(hours=3)
    form = {"until": until.isoformat(), "why": "On the road", "next": "/"}
    assert client.post(f"/tasks/{task.pk}/aside", form | {"why": " "}).status_code == 409
    assert client.post(f"/tasks/{task.pk}/aside", form | {"until": "yesterday"}).status_code == 409
    assert client.post(f"/tasks/{task.pk}/aside", form)["Location"] == "/"
    page = client.get("/")
    assert "Fresh Ltd" not in text_of(page)
    assert "1 task you put off" in text_of(page)
    assert "On the road" in text_of(client.get("/?put_off=1"))
    assert "Put off until" in text_of(client.get(f"/leads/{task.run.lead.pk}"))
    task.refresh_from_db()
    assert task.due_at == due_at
    client.force_login(people.manager)
    assert "On the road" in text_of(client.get("/?who=team"))
    assert "On the road" in text_of(client.get(f"/?who={people.rep.pk}"))
    client.force_login(people.rep)
    client.post(f"/tasks/{task.pk}/aside", {"do": "wake", "next": "/"})
    assert "Fresh Ltd" in text_of(client.get("/"))


def test_what_was_put_off_comes_back_by_itself(sops, people):
    run, now = lead_of(people.rep, "Fresh Ltd").run, timezone.now()
    actions.snooze(run.tasks.get(step="score").pk, until=now + timedelta(hours=1), why="later", by=people.rep, now=now)
    assert [row.title for row in due(people.rep, now=now).rows] == []
    assert [row.title for row in due(people.rep, now=now + timedelta(hours=2)).rows] == ["Fresh Ltd"]


def test_a_task_is_handed_over_in_place_and_then_stands_with_the_colleague(client, sops, people):
    lead = lead_of(people.rep, "Fresh Ltd")
    task = lead.run.tasks.get(step="score")
    client.force_login(people.rep)
    part = client.get(f"/tasks/{task.pk}/aside?next=/", headers={"HX-Request": "true"}).content.decode()
    assert "Mate" in part
    assert "Legal" not in part
    form = {"do": "hand_over", "to": people.mate.pk, "why": "On leave", "next": "/"}
    assert client.post(f"/tasks/{task.pk}/aside", form | {"to": ""}).status_code == 409
    assert client.post(f"/tasks/{task.pk}/aside", form).status_code == 302
    task.refresh_from_db()
    assert task.assignee == people.mate
    client.force_login(people.outsider)
    assert client.get(f"/tasks/{task.pk}/aside").status_code == 404
    client.force_login(people.mate)
    assert client.post(f"/tasks/{task.pk}/aside", form | {"do": "reassign", "to": people.mate.pk}).status_code == 409
    client.force_login(people.manager)
    client.post(f"/tasks/{task.pk}/aside", form | {"do": "reassign", "to": people.mate.pk})
    lead.run.refresh_from_db()
    assert lead.run.owner == people.mate


def test_a_manager_looks_at_one_person_of_the_team_and_at_nobody_elses(client, sops, people):
    lead_of(people.rep, "Fresh Ltd")
    lead_of(people.outsider, "Elsewhere Ltd")
    client.force_login(people.manager)
    page = client.get(f"/?who={people.rep.pk}")
    assert "王小明's day" in text_of(page)
    assert "Fresh Ltd" in text_of(page)
    assert "Elsewhere" not in text_of(client.get(f"/?who={people.outsider.pk}"))
    client.force_login(people.mate)
    assert "Fresh Ltd" not in text_of(client.get(f"/?who={people.rep.pk}"))


def test_work_is_counted_by_its_sort(sops, people):
    run = lead_of(people.rep, "Fresh Ltd").run
    actions.submit(run.pk, step="score", raw=SCORE, by=people.rep, now=timezone.now())
    assert due(people.manager, now=timezone.now()).sorts == {"approve": 1}
    review = run.tasks.get(step="review")
    actions.decide_approval(review.pk, verdict="approve", by=people.manager, now=timezone.now())
    assert due(people.rep, now=timezone.now()).sorts == {"first": 1}
    actions.log_contact(run.pk, outcome="reached", channel="phone", by=people.rep, now=timezone.now())
    found = due(people.rep, now=timezone.now())
    assert found.sorts == {"touch": 1}
    assert due(people.rep, now=timezone.now(), sort="first").rows == ()
    assert [row.sort for row in due(people.rep, now=timezone.now(), sort="touch").rows] == ["touch"]


def test_visitors_are_led_to_sign_in(client, db):
    assert client.get("/").status_code == 302

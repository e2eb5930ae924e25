"""Today: what is due, for whom, in which order, done in place."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from fairway.leads.actions import register_lead
from fairway.people.models import User
from fairway.runs import actions
from fairway.runs.models import Task
from tests.fixtures_runs import LEAD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(people):
    User.objects.update(language="en")


def lead_of(rep, name, *, days=0):
    return register_lead({**LEAD, "company_name": name}, by=rep, now=timezone.now() - timedelta(days=days), owner=rep)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


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
    page = client.get("/?kind=contact")
    assert "Nothing of this kind is due" in text_of(page)
    assert {one["key"]: one["count"] for one in page.context["kinds"]}["form"] == 1


def test_a_manager_switches_to_the_team_and_a_rep_does_not(client, sops, people):
    lead_of(people.rep, "Fresh Ltd")
    client.force_login(people.manager)
    assert "Fresh Ltd" not in text_of(client.get("/"))
    assert "Fresh Ltd" in text_of(client.get("/?team=1"))
    client.force_login(people.mate)
    assert "Fresh Ltd" not in text_of(client.get("/?team=1"))


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
    said = text_of(client.get("/"))
    assert "Contact: Reached" in said
    assert "Contact: No answer" not in said


def test_the_page_costs_the_same_for_one_row_and_for_thirty(client, sops, people, django_assert_max_num_queries):
    client.force_login(people.rep)
    for number in range(12):
        lead_of(people.rep, f"Company {number}", days=number)
    assert Task.objects.count() > 12
    client.get("/")
    with django_assert_max_num_queries(20):
        assert client.get("/").status_code == 200


def test_visitors_are_led_to_sign_in(client, db):
    assert client.get("/").status_code == 302

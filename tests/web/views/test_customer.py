"""The customer's page by its link: what it shows, takes, and does not show."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from fairway.leads.actions import register_lead
from fairway.notify.handlers import summary_of
from fairway.runs import actions
from fairway.runs.models import Event, Task
from tests.fixtures_runs import LEAD, NOW
from tests.runs.player import Player
from tests.runs.test_whole_way import steps_of

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def _counts_start_anew():
    cache.clear()


def asked(people, step):
    """The whole way until the customer is asked for `step`: the open task."""
    player = Player(register_lead(LEAD, by=people.rep, now=NOW).run, NOW, people)
    for one in steps_of("new-business", "whole_way")[1:]:
        task = player.tasks().filter(step=step, status=Task.OPEN).first()
        if task is not None:
            return task
        player.play(one)
    raise AssertionError(f"nobody was asked for {step}")


@pytest.fixture
def task(sops, people):
    return asked(people, "confirm")


@pytest.fixture
def visitor():
    return Client(headers=ENGLISH)


def test_a_visitor_sees_the_summary_and_nothing_else_of_the_firm(task, visitor):
    page = visitor.get(f"/c/{task.token}")
    said = page.content.decode()
    assert page.status_code == 200
    record = task.run.records.get(form="confirmation", current=True)
    texts = [text for item in record.values["items"] for text in item.values() if isinstance(text, str)]
    assert any(text in said for text in texts)
    assert page["X-Robots-Tag"].startswith("noindex")
    assert "no-store" in page["Cache-Control"]
    for secret in ("score", "Score and BANT", "/deals/", "/leads/", "Manager"):
        assert secret not in said


def test_only_what_is_marked_for_the_customer_is_shown_and_sent(task, visitor):
    record = task.run.records.get(form="confirmation", current=True)
    inner = {"sent_to": ["内部收件人"], "deviations": "INNER-REMARK"}
    type(record).objects.filter(pk=record.pk).update(values={**record.values, **inner})
    said = visitor.get(f"/c/{task.token}").content.decode() + summary_of(task.run, task)
    assert "INNER-REMARK" not in said
    assert "内部收件人" not in said
    assert record.values["items"][0]["description"] in summary_of(task.run, task)


def test_the_page_has_one_switch_of_language(task):
    said = Client(headers={"Accept-Language": "zh-CN"}).get(f"/c/{task.token}").content.decode()
    assert said.count(">English<") == 1


def test_the_page_speaks_the_visitors_language_and_may_be_switched(task):
    assert "我确认" in Client(headers={"Accept-Language": "zh-CN"}).get(f"/c/{task.token}").content.decode()
    assert (
        "I confirm this"
        in Client(headers={"Accept-Language": "zh-CN"}).get(f"/c/{task.token}?lang=en").content.decode()
    )


def test_confirming_is_thanked_for_and_twice_is_harmless(task, visitor):
    assert "Your answer has been kept" in visitor.post(f"/c/{task.token}", {"agrees": "true"}).content.decode()
    events = Event.objects.count()
    again = visitor.post(f"/c/{task.token}", {"agrees": "true"})
    assert again.status_code == 200
    assert "answered already" in again.content.decode()
    assert Event.objects.count() == events
    task.refresh_from_db()
    assert (task.status, task.verdict, task.done_by) == (Task.DONE, "agree", None)


def test_a_correction_needs_its_words_and_opens_the_talk_again(task, visitor):
    empty = visitor.post(f"/c/{task.token}", {"agrees": "false"})
    assert empty.status_code == 409
    assert "Please write what is not right" in empty.content.decode()
    done = visitor.post(f"/c/{task.token}", {"agrees": "false", "note": "Two sites, not one"})
    assert "we will mend it" in done.content.decode()
    assert task.run.tasks.filter(step="talk", status=Task.OPEN).exists()
    assert "Two sites" not in visitor.get(f"/c/{task.token}").content.decode()


def test_a_closed_run_says_that_the_question_is_over(task, visitor, people):
    reviewed = actions.close(
        task.run_id, outcome="recycled", reason="mismatch", by=people.manager, now=NOW + timedelta(1)
    )
    assert reviewed.outcome == "recycled"
    page = visitor.get(f"/c/{task.token}")
    assert "no longer open" in page.content.decode()
    assert visitor.post(f"/c/{task.token}", {"agrees": "true"}).status_code == 200
    task.refresh_from_db()
    assert task.status == Task.VOID


def test_an_unknown_address_is_not_found_and_says_what_to_do(db, visitor):
    for token in ("x" * 43, "short"):
        page = visitor.get(f"/c/{token}")
        assert page.status_code == 404
        assert "whole address" in page.content.decode()


def test_asking_too_often_is_stopped(db, visitor, monkeypatch):
    monkeypatch.setattr("fairway.web.views.customer.MOST", 3)
    codes = [visitor.get(f"/c/{'x' * 43}").status_code for _ in range(6)]
    assert codes.count(429) >= 2


def test_acceptance_is_filled_by_the_customer_without_inner_fields(sops, people, visitor):
    task = asked(people, "acceptance")
    said = visitor.get(f"/c/{task.token}").content.decode()
    assert "values.decision" in said
    for inner in ("values.our_unit", "values.signatures", "delay"):
        assert inner not in said
    wrong = visitor.post(f"/c/{task.token}", {"agrees": "true", "values.decision": "no such verdict"})
    assert wrong.status_code == 422
    done = visitor.post(f"/c/{task.token}", {
        "agrees": "true", "values.decision": "passed", "values.accepted_on": timezone.now().date().isoformat(),
    })  # fmt: skip
    assert "Your answer has been kept" in done.content.decode()
    assert task.run.records.get(form="acceptance").values["decision"] == "passed"


def test_the_address_goes_to_no_other_site_and_the_form_still_names_its_origin(client):
    response = client.get("/c/an-address-that-nobody-was-given")
    # `no-referrer` would keep it too, but makes browsers send the form with `Origin: null`, which is refused.
    assert response["Referrer-Policy"] == "same-origin"

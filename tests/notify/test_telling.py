"""What is owed becomes notices and mails, each once, in the reader's language; the customer gets the link."""

from datetime import timedelta

import pytest
from django.core import mail

from fairway.customers.models import Contact
from fairway.notify.actions import Wish, mark_read, set_preferences, unread_count
from fairway.notify.models import Notice
from fairway.runs import actions, jobs
from fairway.runs.models import Job, Task
from tests.fixtures_runs import NOW
from tests.runs.player import Player
from tests.runs.test_whole_way import steps_of

SCORE = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}


@pytest.fixture(autouse=True)
def _mail_in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def deliver(at=NOW):
    while jobs.deliver(at):
        pass


def test_a_manager_is_told_once_in_the_app_and_by_mail_that_a_score_waits(lead, people):
    actions.submit(lead.run_id, step="score", raw=SCORE, by=people.rep, now=NOW)
    deliver()
    Job.objects.filter(kind="tell").update(status=Job.WAITING, due_at=NOW)
    deliver()
    assert [notice.code for notice in Notice.objects.filter(user=people.manager)] == ["asked"]
    [message] = [one for one in mail.outbox if one.to == [people.manager.email]]
    assert "审核" in message.subject
    assert message.body.rstrip().endswith(f"/leads/{lead.pk}")
    assert message.extra_headers["Message-ID"].startswith("<")


def test_who_wants_no_mail_gets_none_and_the_notice_all_the_same(lead, people):
    set_preferences({"asked": Wish(by_mail=False), "unheard-of": Wish(by_mail=False)}, by=people.manager)
    actions.submit(lead.run_id, step="score", raw=SCORE, by=people.rep, now=NOW)
    deliver()
    assert unread_count(people.manager) == 1
    assert not [one for one in mail.outbox if one.to == [people.manager.email]]
    assert mark_read(by=people.mate, now=NOW) == 0
    assert mark_read(by=people.manager, now=NOW) == 1
    assert unread_count(people.manager) == 0


@pytest.mark.parametrize(("in_app", "by_mail"), [(True, True), (True, False), (False, True), (False, False)])
def test_each_way_of_being_told_holds(lead, people, in_app, by_mail):
    set_preferences({"asked": Wish(in_app=in_app, by_mail=by_mail)}, by=people.manager)
    actions.submit(lead.run_id, step="score", raw=SCORE, by=people.rep, now=NOW)
    deliver()
    assert unread_count(people.manager) == in_app
    assert len([one for one in mail.outbox if one.to == [people.manager.email]]) == by_mail


@pytest.fixture
def waiting(lead, people):
    """The run waits for the customer's confirmation of the needs."""
    player = Player(lead.run, NOW, people)
    for step in steps_of("new-business", "whole_way")[1:]:
        if "answer" in step.get("do", {}):
            return player.run
        player.play(step)
    raise AssertionError("nobody asks the customer")


def test_the_customer_gets_the_summary_with_a_link_and_managers_a_copy(waiting):
    Contact.objects.filter(account=waiting.account).update(email="wang@example.com")
    deliver(NOW + timedelta(days=2))
    task = Task.objects.get(run=waiting, step="confirm")
    [message] = [one for one in mail.outbox if one.to == ["wang@example.com"]]
    assert f"/c/{task.token}" in message.body
    assert "订单三天内排产" in message.body
    assert message.cc


def test_a_customer_without_an_address_becomes_a_visible_exception(waiting):
    deliver(NOW + timedelta(days=2))
    task = Task.objects.get(run=waiting, step="confirm")
    assert (task.status, task.exception) == ("open", "no_address")
    assert Notice.objects.filter(user=waiting.owner, code="no_address").count() == 1


def test_a_confirmation_by_the_link_is_the_customers_own_and_twice_is_once(waiting):
    task = Task.objects.get(run=waiting, step="confirm")
    actions.answer_by_customer(task.pk, agrees=True, now=NOW + timedelta(days=1))
    task.refresh_from_db()
    assert (task.status, task.verdict, task.done_by) == ("done", "agree", None)
    assert actions.answer_by_customer(task.pk, agrees=True, now=NOW + timedelta(days=1)).repeated

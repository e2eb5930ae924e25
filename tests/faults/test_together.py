"""Several at once: editors, double presses, workers; and a mail server that is down for a while."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from fairway.engine.refused import Refused
from fairway.leads.actions import register_lead
from fairway.runs import actions, clock, jobs
from fairway.runs.errors import Stale
from fairway.runs.models import Event, Job, Record, Run
from fairway.runs.verify import verify
from tests import ports
from tests.fixtures_runs import LEAD, NOW

pytestmark = pytest.mark.django_db(transaction=True)
CARD = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}


def at_once(*calls):
    """Make the calls in threads of their own, all at the same moment; what each gave back or raised."""
    gate = Barrier(len(calls))

    def one(call):
        gate.wait()
        try:
            return call()
        except (Stale, Refused) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_of_two_editors_one_moves_the_lead_and_the_other_is_told_who_was_first(lead, people):
    revision = Run.objects.get(pk=lead.run_id).revision

    def close(reason):
        return lambda: actions.close(
            lead.run_id, outcome="recycled", reason=reason, by=people.manager, now=NOW, revision=revision
        )

    found = at_once(close("dormant"), close("invalid"))
    assert sorted(isinstance(one, Stale) for one in found) == [False, True]
    assert next(one for one in found if isinstance(one, Stale)).who == people.manager.display_name
    assert Event.objects.filter(run=lead.run, kind="closed").count() == 1
    assert list(verify(NOW)) == []


def test_a_form_sent_four_times_at_once_is_kept_once(lead, people):
    task = lead.run.tasks.get(step="score")

    def send():
        return actions.submit(lead.run_id, step="score", raw=CARD, by=people.rep, now=NOW, task_id=task.pk)

    found = at_once(*[send] * 4)
    assert [one.repeated for one in found].count(False) == 1
    assert Record.objects.filter(run=lead.run, form="scorecard").count() == 1
    assert list(verify(NOW)) == []


def test_three_workers_fire_each_rung_once(sops, people):
    for number in range(40):
        values = {**LEAD, "company_name": f"公司{number}", "contact_phone": f"1380000{number:04d}"}
        register_lead(values, by=people.rep, owner=people.rep, now=NOW)
    later = NOW + timedelta(days=10)

    def work():
        done = 0
        while fired := clock.sweep(later, limit=7, vouched=True):
            done += fired
        while jobs.deliver(later, limit=7, outside=False):
            pass
        return done

    assert sum(at_once(work, work, work)) >= 40
    clock.sweep(later, vouched=True)
    events = Event.objects.filter(kind="clock_fired")
    fired = [(one.run_id, one.data["step"], one.data["rung"], one.data["due"]) for one in events]
    assert len(fired) == len(set(fired)) >= 40
    assert list(verify(later)) == []


def test_mail_waits_while_the_server_is_down_and_arrives_once_when_it_is_up(lead, people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", ports.free_port()
    actions.submit(lead.run_id, step="score", raw=CARD, by=people.rep, now=NOW)
    while jobs.deliver(NOW):
        pass
    waiting = Job.objects.filter(kind="mail", status=Job.WAITING)
    owed = waiting.count()
    assert owed
    assert all("ConnectionRefusedError" in job.error for job in waiting)
    arrived = []

    class Keep:
        async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd calls it so
            arrived.append(envelope)
            return "250 kept"

    server = Controller(Keep(), hostname="127.0.0.1", port=settings.EMAIL_PORT)
    server.start()
    try:
        for minutes in (5, 10, 60):
            while jobs.deliver(NOW + timedelta(minutes=minutes)):
                pass
    finally:
        server.stop()
    assert not waiting.all().exists()
    assert len({one.content.split(b"Message-ID:")[1].splitlines()[0] for one in arrived}) == len(arrived) == owed
    assert list(verify(NOW)) == []

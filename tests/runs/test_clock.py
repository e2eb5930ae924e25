"""Clocks fire once, climb their ladders, say when they are late, and are held when time leaps."""

from datetime import timedelta

import pytest

from fairway.runs import actions, clock, jobs
from fairway.runs.models import ClockState, Deadline, Event, Job, Run, Task
from fairway.runs.verify import verify
from tests.fixtures_runs import NOW

SCORE = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}


@pytest.fixture(autouse=True)
def _steady():
    clock._pulse.wall = None
    yield
    clock._pulse.wall = None


@pytest.fixture
def owned(lead, people):
    actions.submit(lead.run_id, step="score", raw=SCORE, by=people.rep, now=NOW)
    actions.decide_approval(lead.run.tasks.get(step="review").pk, verdict="approve", by=people.manager, now=NOW)
    return Run.objects.get(pk=lead.run_id)


def sweep(at):
    clock._pulse.wall = None
    return clock.sweep(at)


def told(kind="clock"):
    return [set(job.payload["users"]) for job in Job.objects.filter(kind="tell", payload__code=kind).order_by("pk")]


def test_a_missed_first_contact_climbs_from_owner_and_manager_to_the_manager_above(owned, people):
    due = owned.tasks.get(step="first_contact").due_at
    assert sweep(due - timedelta(minutes=1)) == 0
    assert sweep(due) == 1
    assert told() == [{owned.owner_id, people.manager.pk}]
    assert sweep(due + timedelta(hours=23)) == 0
    assert sweep(due + timedelta(hours=24)) == 1
    assert told()[-1] == {people.director.pk}
    assert owned.tasks.get(step="first_contact").late


def test_what_is_done_in_time_fires_nothing(owned, people):
    by = owned.owner
    due = owned.tasks.get(step="first_contact").due_at
    actions.log_contact(owned.pk, outcome="reached", channel="call", by=None, now=NOW + timedelta(hours=2))
    assert by is not None
    fired = Event.objects.filter(run=owned, kind="clock_fired", data__step="first_contact")
    sweep(due + timedelta(days=2))
    assert not fired.exists()


def test_a_machine_that_was_off_catches_up_and_says_late(owned):
    due = owned.tasks.get(step="first_contact").due_at
    at = due + timedelta(days=3)
    while sweep(at):
        pass
    events = Event.objects.filter(run=owned, kind="clock_fired", data__step="first_contact").order_by("seq")
    assert [event.data["rung"] for event in events] == [0, 1]
    assert all(event.at == at for event in events)
    assert sweep(at) == 0
    while jobs.deliver(at):
        pass
    assert list(verify(at)) == []


def test_a_leap_of_the_clock_is_held_and_released_by_an_administrator(owned, people):
    clock.sweep(NOW)
    due = owned.tasks.get(step="first_contact").due_at
    assert clock.sweep(due + timedelta(days=400)) == 0
    assert clock.held() is not None
    assert clock.sweep(due + timedelta(days=400)) == 0
    assert not Event.objects.filter(kind="clock_fired").exists()
    clock.release(by=people.admin, now=due)
    assert clock.held() is None
    assert ClockState.objects.get().released_by == people.admin
    assert clock.sweep(due) == 1


def test_a_clock_set_right_again_goes_on_by_itself(owned):
    clock.sweep(NOW)
    clock.sweep(NOW + timedelta(days=400))
    assert clock.held() is not None
    clock.sweep(NOW + timedelta(seconds=5))
    assert clock.held() is None


def test_a_rung_that_fails_is_put_off_and_stops_nobody(owned, monkeypatch):
    monkeypatch.setattr(clock, "_only_tells", lambda *args: False)
    monkeypatch.setattr(clock.Turn, "decide", lambda self, command: 1 / 0)
    due = owned.tasks.get(step="first_contact").due_at
    sweep(due)
    deadline = Deadline.objects.get(task__run=owned, task__step="first_contact")
    assert deadline.fire_at == due + timedelta(minutes=5)
    assert deadline.rung == 0
    assert Task.objects.get(pk=deadline.task_id).late is False

"""A year is announced: the clocks that leant on it move, by the worker, once, on record; the others stay."""

from datetime import UTC, datetime

import pytest

from fairway.runs import jobs, reckoning
from fairway.runs.actions import start
from fairway.runs.models import Deadline, Event, Job, Task
from fairway.sops.actions import publish, set_year
from tests.sops.conftest import PLAIN

NOW = datetime(2028, 1, 20, 2, 0, tzinfo=UTC)
SPRING = {"spring": {"off": "2028-01-21..2028-01-28"}}


@pytest.fixture
def begin(people):
    """Start runs whose step is due two working days on, in a year that is not announced."""
    publish(PLAIN, by=people.manager, now=NOW)

    def begin(count=1, now=NOW):
        return [
            start("plain", face="lead", title="A", owner=people.rep, team_id=people.east.pk, by=people.rep, now=now)
            for _ in range(count)
        ]

    return begin


def due(run):
    return Task.objects.get(run=run, step="write").due_at


def test_a_provisional_clock_moves_when_the_year_is_announced(people, begin):
    (run,) = begin()
    assert due(run).date().isoformat() == "2028-01-24"
    set_year("china", 2028, SPRING, by=people.admin, now=NOW)
    assert due(run).date().isoformat() == "2028-01-24"  # the page of the administrator does not wait for it
    assert jobs.deliver(NOW) == 1
    assert due(run).date().isoformat() == "2028-02-01"
    deadline = Deadline.objects.get(run=run, task__step="write")
    assert (deadline.due_at, deadline.provisional) == (due(run), False)
    assert Event.objects.filter(run=run, kind="clocks_reckoned", by=None, at=NOW).count() == 1


def test_a_clock_of_a_known_year_stays(people, begin):
    (run,) = begin(now=datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    before = due(run)
    set_year("china", 2028, SPRING, by=people.admin, now=NOW)
    jobs.deliver(NOW)
    assert due(run) == before
    assert not Event.objects.filter(run=run, kind="clocks_reckoned").exists()


def test_doing_it_again_changes_nothing(people, begin):
    (run,) = begin()
    set_year("china", 2028, SPRING, by=people.admin, now=NOW)
    jobs.deliver(NOW)
    reckoning.reckon(Job(kind=reckoning.KIND, key="again", payload={"after": 0}), NOW)
    assert Event.objects.filter(run=run, kind="clocks_reckoned").count() == 1


def test_many_runs_are_done_a_few_at_a_time(people, begin, monkeypatch):
    monkeypatch.setattr(reckoning, "BATCH", 2)
    runs = begin(5)
    set_year("china", 2028, SPRING, by=people.admin, now=NOW)
    assert [jobs.deliver(NOW) for _ in range(4)] == [1, 1, 1, 0]
    assert {due(run).date().isoformat() for run in runs} == {"2028-02-01"}


def test_one_that_fails_does_not_stop_the_others_and_is_seen(people, begin, monkeypatch):
    bad, good = begin(2)
    settle = reckoning._settle

    def failing(run_id, now):
        if run_id == bad.pk:
            raise RuntimeError("broken")
        settle(run_id, now)

    monkeypatch.setattr(reckoning, "_settle", failing)
    set_year("china", 2028, SPRING, by=people.admin, now=NOW)
    jobs.deliver(NOW)
    assert due(good).date().isoformat() == "2028-02-01"
    owed = Job.objects.get(status=Job.WAITING, kind=reckoning.KIND)
    assert owed.payload == {"run": bad.pk}
    monkeypatch.setattr(reckoning, "_settle", settle)
    jobs.deliver(NOW)
    assert due(bad).date().isoformat() == "2028-02-01"

"""Owed work: done once, tried again with growing pauses, dead in the end, replayed by an administrator."""

from datetime import timedelta

import pytest

from fairway.runs import jobs
from fairway.runs.models import Job
from tests.fixtures_runs import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler():
    calls = []

    def run(job, now):
        calls.append(job.payload)
        if job.payload.get("fails"):
            raise OSError("the other end is down")

    jobs._handlers["probe"] = jobs.Handler(run)
    yield calls
    del jobs._handlers["probe"]


def test_a_job_is_done_once_however_often_it_is_owed_and_delivered(handler):
    assert jobs.owe("probe", "k", {"n": 1}, now=NOW)
    assert not jobs.owe("probe", "k", {"n": 1}, now=NOW)
    assert jobs.deliver(NOW) == 1
    assert jobs.deliver(NOW + timedelta(days=1)) == 0
    assert handler == [{"n": 1}]


def test_a_failing_job_pauses_longer_each_time_and_dies_after_three_days(handler, people):
    jobs.owe("probe", "k", {"fails": True}, now=NOW)
    now, pauses = NOW, []
    while Job.objects.get().status == Job.WAITING:
        assert jobs.deliver(now) == 1
        job = Job.objects.get()
        pauses.append(job.due_at - now)
        now = job.due_at
    assert pauses == sorted(pauses)
    assert timedelta(hours=36) < now - NOW < timedelta(hours=80)
    assert "the other end is down" in Job.objects.get().error
    assert jobs.replay(Job.objects.get().pk, by=people.admin, now=now)
    assert jobs.deliver(now) == 1


def test_a_worker_that_died_leaves_the_job_to_the_next_when_its_lease_is_over(handler):
    jobs.owe("probe", "k", {"n": 1}, now=NOW)
    [job] = jobs._claim(NOW, 10)
    assert jobs.deliver(NOW + timedelta(minutes=1)) == 0
    Job.objects.filter(pk=job.pk).update(leased_by="another")
    assert jobs.deliver(NOW + jobs.LEASE) == 1
    assert handler == [{"n": 1}]


def test_a_job_that_nobody_handles_is_dead_and_seen(db):
    jobs.owe("unheard-of", "k", {}, now=NOW)
    jobs.deliver(NOW)
    assert Job.objects.get().status == Job.DEAD

"""What must always hold (qualities.md, Faults). `fairway verify` names every row that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Q

from fairway.runs.anchors import broken_anchors
from fairway.runs.chain import link
from fairway.runs.models import Deadline, Event, Job, Run, Task, Visit
from fairway.runs.tally import wrong_places
from fairway.sops.programs import program_of

OUTBOX_POLICY = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that breaks an invariant: the invariant's name, the row, and what is wrong with it."""

    check: str
    row: str
    what: str


Check = Callable[[datetime], Iterator[Fault]]
_checks: dict[str, Check] = {}


def register_check(name: str, check: Check) -> None:
    """Add an invariant of a domain. For an AppConfig's ready()."""
    if _checks.setdefault(name, check) is not check:
        raise ValueError(f"{name} is registered already")


def verify(now: datetime) -> Iterator[Fault]:
    """Check every invariant; each fault names its row."""
    for check in (*OWN, *_checks.values()):
        yield from check(now)


def one_stage_per_open_run(now: datetime) -> Iterator[Fault]:
    """An open run is on exactly one stage of its version; a closed one on none, and nothing of it is open."""
    counted = Run.objects.annotate(here=Count("visits", filter=Q(visits__left_at=None)))
    for pk, here in counted.filter(outcome="").exclude(here=1).values_list("pk", "here").iterator():
        yield Fault("one stage per open run", f"run {pk}", f"{here} visits are open")
    for pk, here in counted.exclude(outcome="").exclude(here=0).values_list("pk", "here").iterator():
        yield Fault("one stage per open run", f"run {pk}", f"closed, yet {here} visits are open")
    for task in Task.objects.open().exclude(run__outcome="").iterator():
        yield Fault("one stage per open run", f"task {task.pk}", "open on a closed run")
    for row in Run.objects.order_by().values("version_id", "stage").distinct():
        if row["stage"] not in program_of(row["version_id"]).stages:
            yield Fault("one stage per open run", f"stage {row['stage']}", "is not a stage of its version")


def connected_history(now: datetime) -> Iterator[Fault]:
    """The visits of a run are numbered without a gap, the last one is where the run is, and one begins as one ends."""
    rows = Run.objects.annotate(count=Count("visits"), last=Max("visits__number"))
    broken = rows.exclude(count=F("visit"), last=F("visit")).values_list("pk", "visit", "count", "last")
    for pk, visit, count, last in broken.iterator():
        yield Fault("connected history", f"run {pk}", f"{count} visits, the last is {last}, not {visit}")
    wrong = Visit.objects.filter(number=F("run__visit")).exclude(stage=F("run__stage"))
    for one in wrong.iterator():
        yield Fault("connected history", f"visit {one.pk}", "the last visit is not of the run's stage")


def chain_of_events(now: datetime) -> Iterator[Fault]:
    """Every run's events follow one another by number and hash up to the head that the run keeps."""
    run_id, seq, head = 0, 0, ""
    ends: dict[int, tuple[int, str]] = {}
    rows = Event.objects.order_by("run_id", "seq").values_list(
        "run_id", "run__key", "seq", "kind", "at", "by_id", "data", "hash"
    )
    for owner, key, number, kind, at, by_id, data, digest in rows.iterator(chunk_size=5000):
        if owner != run_id:
            run_id, seq, head = owner, 0, ""
        wanted = link(head, run_key=key, seq=seq + 1, kind=kind, at=at, by_id=by_id, data=data)
        if number != seq + 1 or digest != wanted:
            yield Fault("chain of events", f"event {number} of run {owner}", "does not follow from the one before it")
        seq, head = number, digest
        ends[owner] = (seq, head)
    for pk, last, kept in Run.objects.order_by().values_list("pk", "event_seq", "event_head").iterator(chunk_size=5000):
        if ends.get(pk, (0, "")) != (last, kept):
            yield Fault("chain of events", f"run {pk}", "its last event is missing, or not the one it keeps")


def anchors_hold(now: datetime) -> Iterator[Fault]:
    """What was sealed is there, as it was."""
    for anchor in broken_anchors():
        yield Fault(
            "anchors", f"anchor {anchor.pk}", f"events {anchor.first_event}-{anchor.last_event} are not as sealed"
        )


def summary_is_right(now: datetime) -> Iterator[Fault]:
    """The summary of open runs says what is there."""
    for place, said, there in wrong_places():
        yield Fault("summary", f"tally {place}", f"says {said}, there are {there}")


def clocks_match_tasks(now: datetime) -> Iterator[Fault]:
    """An open task with a due time has its clock with the same time; a task that is not open has none that runs."""
    for task in Task.objects.open().filter(due_at__isnull=False, deadline=None).iterator():
        yield Fault("clocks", f"task {task.pk}", "has a due time and no clock")
    moved = Deadline.objects.filter(task__status=Task.OPEN, task__due_at__isnull=False).exclude(
        due_at=F("task__due_at")
    )
    for clock in moved.iterator():
        yield Fault("clocks", f"deadline {clock.pk}", "is not the due time of its task")
    for clock in Deadline.objects.filter(fire_at__isnull=False).exclude(task__status=Task.OPEN).exclude(task=None):
        yield Fault("clocks", f"deadline {clock.pk}", "runs for a task that is not open")
    for clock in Deadline.objects.filter(task=None, fire_at__isnull=False).exclude(run__outcome=""):
        yield Fault("clocks", f"deadline {clock.pk}", "runs for a closed run")


def grades_are_of_the_rule(now: datetime) -> Iterator[Fault]:
    """A grade is one that the version's table knows."""
    for row in Run.objects.exclude(grade="").order_by().values("version_id", "grade").distinct():
        grading = program_of(row["version_id"]).sop.grading
        if grading is None or row["grade"] not in {bound.grade for bound in grading.grades}:
            yield Fault("grades", f"version {row['version_id']}", f"knows no grade {row['grade']}")


def nobody_ownerless_after_assignment(now: datetime) -> Iterator[Fault]:
    """An open run that was assigned once has an owner."""
    for run in Run.objects.open().filter(owner=None, moments__has_key="assigned").iterator():
        yield Fault("owners", f"run {run.pk}", "was assigned and has no owner")


def nothing_in_silence(now: datetime) -> Iterator[Fault]:
    """An open task has somebody: a person, the queue of a role, or an exception that shows."""
    for task in Task.objects.open().filter(assignee=None, team=None, exception="").exclude(run__team=None).iterator():
        yield Fault("nothing in silence", f"task {task.pk}", "is nobody's and is on no list")


def outbox_in_time(now: datetime) -> Iterator[Fault]:
    """What is owed is delivered, or dead where an administrator sees it, within the policy."""
    late = Job.objects.filter(status=Job.WAITING, created_at__lt=now - OUTBOX_POLICY, due_at__lt=now)
    for job in late.iterator():
        yield Fault("outbox", f"job {job.pk}", f"{job.kind} waits since {job.created_at:%Y-%m-%d %H:%M}")


OWN: tuple[Check, ...] = (
    one_stage_per_open_run, connected_history, chain_of_events, anchors_hold, clocks_match_tasks,
    grades_are_of_the_rule, nobody_ownerless_after_assignment, nothing_in_silence, outbox_in_time, summary_is_right,
)  # fmt: skip

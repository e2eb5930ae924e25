"""Due times and ladders: when a task falls due, and when which rung of its ladder fires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from fairway.engine.calendar import Calendar, Due
from fairway.engine.duration import Duration, after, before
from fairway.engine.program import Program
from fairway.engine.spec import Rung, Spans, Step
from fairway.engine.state import DONE, TaskState

CLOSE_OF_DAY = time(18, 0)


class Anchors(Protocol):
    """Where due times are reckoned from."""

    program: Program
    calendar: Calendar

    def value(self, name: str) -> Any:
        """The value of a fact."""

    def anchor(self, name: str, task: TaskState) -> datetime | None:
        """When the anchor happened, or None when it has not yet."""

    def previous(self, task: TaskState) -> TaskState | None:
        """The last done task of the same step before this one."""


def span(spans: Spans, by: str | None, value: Any) -> Duration | None:
    """The span for the value of the choosing fact; `*` stands for every other value."""
    if by is not None and value is not None and str(value) in spans:
        return spans[str(value)]
    return spans.get("*")


def due_of(view: Anchors, step: Step, task: TaskState) -> Due | None:
    """When the task falls due; None while its anchor has not happened, or when the step has no clock."""
    previous = view.previous(task) if (step.every or step.cadence) else None
    if step.cadence:
        length = view.program.cadence_span(view.value("run.grade"))
        base = (previous.done_at if previous else None) or task.opened_at
        return after(base, length, view.calendar) if length else None
    if step.every and (previous or step.due is None):
        length = span(step.every, step.by, view.value(step.by) if step.by else None)
        return _again(previous, task, length, view.calendar) if length else None
    if step.due is None:
        return None
    if step.due.within is not None:
        length = span(step.due.within, step.due.by, view.value(step.due.by) if step.due.by else None)
        day = on_day(view.value(step.due.on), view.calendar) if step.due.on else None
        start = (day.at if day else None) if step.due.on else view.anchor(step.due.of, task)
        return after(start, length, view.calendar) if start and length else None
    if step.due.on is not None:
        return on_day(view.value(step.due.on), view.calendar)
    item = task.item or {}
    if step.due.item_date is not None:
        return on_day(item.get(step.due.item_date), view.calendar)
    start = view.anchor(str(item.get(step.due.item_moment or "")), task)
    days = int(item.get(step.due.item_days or "") or 0)
    return after(start, Duration(days, "d"), view.calendar) if start else None


def _again(previous: TaskState | None, task: TaskState, length: Duration, calendar: Calendar) -> Due:
    if previous is None or previous.done_at is None:
        return after(task.opened_at, length, calendar)
    due = after(previous.due_at or previous.done_at, length, calendar)
    return due if due.at > previous.done_at else after(previous.done_at, length, calendar)


def on_day(value: Any, calendar: Calendar) -> Due | None:
    """A date as a due time: the close of that day where the calendar lives; a datetime stays as it is."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        value = datetime.combine(value, CLOSE_OF_DAY)
    at = value if value.tzinfo else value.replace(tzinfo=ZoneInfo(str(calendar.zone)))
    return Due(at, provisional=False)


@dataclass(frozen=True, slots=True)
class Firing:
    """Rung `index` of a ladder fires at `at`, as number `place` in the order of time."""

    index: int
    at: datetime
    place: int


def firings(ladder: tuple[Rung, ...], due_at: datetime, calendar: Calendar) -> list[Firing]:
    """When each rung of the ladder fires for a due time, soonest first."""
    times = sorted((_time_of(rung, due_at, calendar), index) for index, rung in enumerate(ladder))
    return [Firing(index, at, place) for place, (at, index) in enumerate(times)]


def _time_of(rung: Rung, due_at: datetime, calendar: Calendar) -> datetime:
    if rung.before is not None:
        return before(due_at, rung.before, calendar).at
    return after(due_at, rung.after, calendar).at if rung.after and rung.after.amount else due_at


def next_firing(
    ladder: tuple[Rung, ...], due_at: datetime, calendar: Calendar, *, place: int, since: datetime
) -> Firing | None:
    """The first firing from `place` on in the order of time; None when the ladder is climbed.

    Reminders whose time was over at `since` are skipped: one for the week before makes no sense on a task that opened
    two days before it is due.
    """
    for firing in firings(ladder, due_at, calendar)[place:]:
        if ladder[firing.index].before is None or firing.at >= since - timedelta(minutes=1):
            return firing
    return None


def is_late(task: TaskState, now: datetime) -> bool:
    """Late is late: open after its due time, or done after it."""
    return task.due_at is not None and (task.done_at if task.status == DONE and task.done_at else now) > task.due_at

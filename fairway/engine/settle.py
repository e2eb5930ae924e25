"""What follows from a change: triggers fire, steps open, checks pass, needless tasks close, due times move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from fairway.engine import changes as c
from fairway.engine.refused import refuse
from fairway.engine.spec import Step
from fairway.engine.state import OPEN, TaskState
from fairway.engine.work import Work

ROUNDS = 50  # The checker refuses documents whose rules chase each other; this is the belt to those braces.


def settle(work: Work) -> None:
    """Go on until nothing more follows. Raises Refused when rules set each other off without end."""
    for _ in range(ROUNDS):
        before = len(work.changes)
        _hear(work)
        if work.outcome is None and work.stage:
            _open_and_void(work)
            _do_checks(work)
            _move_dues(work)
        if len(work.changes) == before and not work.events:
            return
    raise refuse("sop.runaway")


def _hear(work: Work) -> None:
    """Let triggers and standing steps hear the events, in the order in which they happened."""
    for _ in range(ROUNDS * 10):
        if not work.events:
            return
        event, step, form = work.events.popleft()
        if work.outcome is None:
            _open_standing(work, event)
        for trigger in work.program.triggers.get(event, ()):
            fits = trigger.step in {None, step} and trigger.form in {None, form}
            if fits and (work.outcome is None or event == "run_closed") and work.holds(trigger.when):
                work.do(trigger.do, None)
    raise refuse("sop.runaway")


def _open_standing(work: Work, event: str) -> None:
    for step in work.program.sop.standing:
        opens = step.open_on == event and event not in work.program.sop.moments
        if opens and work.applies(step) and not any(t.status == OPEN for t in work.tasks_of(step.key)):
            work.open(step)


def _open_and_void(work: Work) -> None:
    for step in list(_steps_here(work)):
        if step.each is not None:
            _match_items(work, step)
            continue
        open_ = [task for task in work.tasks_of(step.key) if task.status == OPEN]
        if open_:
            if not work.applies(step):
                for task in open_:
                    work.void(task, "not_needed")
        elif _should_open(work, step):
            work.open(step)


def _steps_here(work: Work) -> Iterator[Step]:
    """The steps of this stage, the standing ones that have come, and those that may open early."""
    yield from work.stage_def().steps
    for step in work.program.sop.standing:
        if work.has_come(step):
            yield step
    for step in work.program.early_steps:
        if work.program.stage_of[step.key] != work.stage and step.early_when and work.holds(step.early_when):
            yield step


def _should_open(work: Work, step: Step) -> bool:
    if step.repeat:
        return False  # opened by its role, a trigger or an item, never by itself
    tasks = list(work.tasks_of(step.key))
    anew = step.every or step.cadence
    if tasks and not anew and work.is_done(step):
        return False  # before the conditions: most steps are done, and those cost more to look at
    if not work.applies(step) or not work.is_required(step) or work.missing_needs(step):
        return False
    if anew:
        return not step.cadence or work.program.cadence_span(work.grade) is not None
    if not tasks:
        return step.open_on is None or step.open_on in work.moments
    return _was_mended(work, step)


def _was_mended(work: Work, step: Step, among: Iterable[TaskState] | None = None) -> bool:
    """Whether what a verdict sent back has been done again since, so that the question may be put anew.

    `among` are the tasks in which it was said; without it, all of the step.
    """
    target = step.returns or (step.needs[0] if step.needs else None)
    if target is None:
        return False
    said = max((t.done_at for t in (among or work.tasks_of(step.key)) if t.done_at), default=None)
    mended = max((t.done_at for t in work.tasks_of(target) if t.passed and t.done_at), default=None)
    return said is not None and mended is not None and mended >= said and work.is_done(work.program.steps[target])


def _match_items(work: Work, step: Step) -> None:
    """One task for each entry of the list; an entry that is gone takes its open task with it.

    An entry that was sent back is asked anew once what it returns to has been mended.
    """
    items = _items(work, step) if work.applies(step) and not work.missing_needs(step) else {}
    existing = {task.item_key: task for task in work.tasks_of(step.key)}
    for key, task in existing.items():
        if task.status == OPEN and key not in items:
            work.void(task, "not_needed")
    for key, item in items.items():
        latest = existing.get(key)
        if latest is None:
            work.open(step, round_=1, item_key=key, item=item)
        elif latest.status == OPEN and latest.item != item:
            work.tasks[latest.ref] = replace(latest, item=item)
        elif latest.status != OPEN and not latest.passed and _was_mended(work, step, (latest,)):
            work.open(step, round_=latest.round + 1, item_key=key, item=item)


def _items(work: Work, step: Step) -> dict[str, dict[str, Any]]:
    entries = work.value(str(step.each)) or []
    items: dict[str, dict[str, Any]] = {}
    for index, entry in enumerate(entries, start=1):
        item = entry if isinstance(entry, dict) else {"text": entry}
        items[str(item.get("key") or index)] = item
    return items


def _do_checks(work: Work) -> None:
    for task in work.open_tasks():
        condition = work.program.steps[task.step].auto
        if condition is not None and task.ref in work.tasks and work.holds(condition):
            work.finish(task, "", by_system=True)


def _move_dues(work: Work) -> None:
    """Due times follow their anchors and facts: a promoted lead gets the shorter clock at once (L10)."""
    work.date_stay()
    for task in work.open_tasks():
        due = work.due(work.program.steps[task.step], task)
        at = due.at if due else None
        if at != task.due_at:
            work.tasks[task.ref] = replace(task, due_at=at)
            work.note(c.DueMoved(task.ref, task.step, at, bool(due and due.provisional)))

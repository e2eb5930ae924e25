"""Doing a step: ticking a task off, or filling its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from fairway.engine.commands import Complete, Happen
from fairway.engine.forms import AutoContext, fills, form_facts, holds_over, parse, with_auto
from fairway.engine.refused import refuse
from fairway.engine.spec import Form, Step
from fairway.engine.view import RunView
from fairway.people.models import User
from fairway.runs import kinds
from fairway.runs.actions.retry import swapping
from fairway.runs.errors import Invalid
from fairway.runs.models import Record, Run, Task
from fairway.runs.permissions import check_leads, check_work
from fairway.runs.references import existing, more_choices
from fairway.runs.turn import Turn


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a submission made: the run as it is now, its record (None for a task without form), whether it was new."""

    run: Run
    record: Record | None
    repeated: bool = False


@swapping
def complete(
    run_id: int, *, step: str, by: User | None, now: datetime, task_id: int | None = None, note: str = "",
    revision: int | None = None,
) -> Submitted:  # fmt: skip
    """Tick off a step without a form. Done by the same person already: nothing changes."""
    turn = Turn.begin(run_id, by=by, now=now, revision=revision)
    task = _target(turn, step, task_id)
    if task is not None and task.status == Task.DONE and by is not None and task.done_by_id == by.pk:
        return Submitted(turn.run, None, repeated=True)
    definition = _definition(turn, step)
    if definition.form is not None:
        return _submit(turn, definition, task, {}, ZoneInfo("UTC"))
    _check(turn, task)
    if task is not None:
        task.note = note
    turn.decide(Complete(step, task.pk if task else None))
    turn.commit("step_done", {"step": step, **({"note": note} if note else {})})
    return Submitted(turn.run, None)


@swapping
def submit(
    run_id: int, *, step: str, raw: Mapping[str, Any], by: User | None, now: datetime, task_id: int | None = None,
    zone: tzinfo | None = None, revision: int | None = None,
) -> Submitted:  # fmt: skip
    """Fill the form of a step and, unless its kind waits for more (part payments), finish the step.

    `raw` maps field keys to what was typed or sent; `zone` is that of naive times. Raises Invalid with every field at
    fault. The same person sending the same again changes nothing.
    """
    turn = Turn.begin(run_id, by=by, now=now, revision=revision)
    task = _target(turn, step, task_id)
    return _submit(turn, _definition(turn, step), task, raw, zone or ZoneInfo("UTC"))


def _submit(turn: Turn, step: Step, task: Task | None, raw: Mapping[str, Any], zone: tzinfo) -> Submitted:
    if step.form is None:
        raise refuse("task.kind", step=step.key)
    _check(turn, task)
    form = turn.program.sop.forms[step.form]
    values = parse_form(turn, step.form, form, raw, zone, task)
    repeated = _same_again(turn, step, task, values)
    if repeated is not None:
        return Submitted(turn.run, repeated, repeated=True)
    record = add_record(turn, step.key, step.form, form, values, task)
    receive = kinds.receiver(step.kind)
    kind = "step_done"
    if receive is None or task is None or receive(turn, task, record):
        turn.decide(Complete(step.key, task.pk if task else None))
        record.task = task or _just_done(turn, step.key)
    else:
        kind = "record_added"
        turn.decide(Happen("record_saved", step.key))
    turn.commit(kind, {"step": step.key, "form": step.form, "record": record.number, **arm_of(task)})
    return Submitted(turn.run, record)


def parse_form(
    turn: Turn, key: str, form: Form, raw: Mapping[str, Any], zone: tzinfo, task: Task | None = None
) -> dict[str, Any]:
    """The values of a form as records keep them, automatic ones included (due: when the task is). Raises Invalid."""
    view = RunView(turn.program, turn.state, turn.facts, turn.now, turn.calendar)
    parsed = parse(
        turn.program.sop, form, raw, condition_holds=holds_over(key, form, view), zone=zone, exists=existing,
        more_choices=more_choices(),
    )  # fmt: skip
    if parsed.errors:
        raise Invalid(parsed.errors)
    context = AutoContext(
        sop=turn.program.sop, author=turn.by.pk if turn.by else None, owner=turn.run.owner_id, now=turn.now,
        author_name=turn.by.display_name if turn.by else "", number=_number(turn, key), fact=turn.facts.get, zone=zone,
        due=task.due_at if task else None,
    )  # fmt: skip
    return with_auto(form, parsed.values, context)


def add_record(turn: Turn, step: str, key: str, form: Form, values: dict[str, Any], task: Task | None) -> Record:
    """Keep a filled form: its facts hold at once, its columns are filled, the one before is no longer current."""
    turn.facts.overlay(form_facts(key, form, values))
    item_key = task.item_key if task else ""
    before = Record.objects.filter(run=turn.run, form=key) if turn.run.pk else Record.objects.none()
    number = before.count() + 1
    corrected = None
    if number > 1:
        replaced = before.filter(current=True, item_key=item_key)
        corrected = replaced.values_list("values", flat=True).first()
        replaced.update(current=False)
    turn.fill(fills(form, values, corrected))
    record = Record(
        step=step, form=key, item_key=item_key, number=number, values=values, confidential=form.confidential,
        created_at=turn.now, created_by=turn.by, task=task,
    )  # fmt: skip
    turn.add_record(record)
    return record


def arm_of(task: Task | None) -> dict[str, Any]:
    """The particulars of a task that an event keeps."""
    return {"item": task.item_key} if task and task.item_key else {}


def _definition(turn: Turn, key: str) -> Step:
    step = turn.program.steps.get(key)
    if step is None:
        raise refuse("step.unknown", key)
    return step


def _target(turn: Turn, step: str, task_id: int | None) -> Task | None:
    """The task meant: the one named, else the open one of the step; None for a step that opens on the spot."""
    if task_id is not None:
        task = turn.rows.tasks.get(task_id) or Task.objects.filter(pk=task_id, run=turn.run).first()
        if task is None or task.step != step or task.status == Task.VOID:
            raise refuse("task.gone", step=step)
        return task
    open_ = [task for task in turn.rows.tasks.values() if task.step == step and task.status == Task.OPEN]
    return open_[0] if open_ else None


def _check(turn: Turn, task: Task | None) -> None:
    if task is not None:
        check_work(turn.by, turn.run, task, turn.now)
    else:
        check_leads(turn.by, turn.run, turn.now)


def _same_again(turn: Turn, step: Step, task: Task | None, values: Mapping[str, Any]) -> Record | None:
    """The record that this submission repeats, when the task is done by the same person with the same values."""
    if task is None or task.status == Task.OPEN or turn.by is None or task.done_by_id != turn.by.pk:
        return None
    form = turn.program.sop.forms[str(step.form)]
    typed = {field.key for field in form.fields if field.auto is None}
    last = Record.objects.filter(run=turn.run, task=task).order_by("-id").first()
    if last is None or any(last.values.get(key) != values.get(key) for key in typed):
        return None
    return last


def _just_done(turn: Turn, step: str) -> Task | None:
    new = [task for ref, task in turn.rows.tasks.items() if ref < 0 and task.step == step]
    return new[-1] if new else None


def _number(turn: Turn, form: str) -> str:
    """A number for a form that carries one: the run's, the form's code and which one of it."""
    count = Record.objects.filter(run=turn.run, form=form).count() if turn.run.pk else 0
    definition = turn.program.sop.forms[form]
    return f"{turn.program.sop.prefix}{turn.run.pk or 0:06d}-{definition.code or form}-{count + 1:02d}"

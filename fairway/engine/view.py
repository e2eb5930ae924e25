"""What conditions and clocks look at while a decision is being worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from fairway.engine.calendar import Calendar
from fairway.engine.conditions import Unmet, holds, unmet
from fairway.engine.facts import Facts, FactType
from fairway.engine.program import Program
from fairway.engine.spec import Condition, Stage, Step, Text
from fairway.engine.state import DONE, OPEN, RunState, TaskState


class RunView:
    """A run's state with facts and `now`. Reads only; `Work` changes it."""

    def __init__(self, program: Program, state: RunState, facts: Facts, now: datetime, calendar: Calendar) -> None:
        self.program = program
        self.facts = facts
        self.now = now
        self.calendar = calendar
        self.before = state
        self.stage = state.stage
        self.visit = state.visit
        self.visits = dict(state.visits)
        self.entered_at = state.entered_at
        self.moments = dict(state.moments)
        self.grade = state.grade
        self.owned = state.owned
        self.attempts = state.attempts
        self.silent_streak = state.silent_streak
        self.reached = state.reached
        self.waived = dict(state.waived)
        self.stage_due = state.stage_due
        self.outcome = state.outcome
        self.reason = state.reason
        self.tasks: dict[int, TaskState] = {task.ref: task for task in state.tasks}
        self.by_step: dict[str, list[int]] = {}
        for task in state.tasks:
            self.by_step.setdefault(task.step, []).append(task.ref)

    # -- facts ---------------------------------------------------------------------------------------------------

    def value(self, name: str) -> Any:
        """The value of a fact; the run's own are reckoned, the others were given."""
        room, _, rest = name.partition(".")
        if room == "run":
            return self._run_fact(rest)
        if room == "moment":
            return self.moments.get(rest)
        if room == "count":
            return sum(1 for task in self.tasks_of(rest) if task.passed)
        if room == "table":
            return self.program.table_values.get(name)
        return self.facts.get(name)

    def _run_fact(self, name: str) -> Any:
        match name:
            case "grade" | "owned" | "reached" | "attempts" | "silent_streak" | "outcome" | "stage":
                return getattr(self, name)
            case "days_in_stage":
                return (self.now - self.entered_at).days
            case "visits":
                return self.visits.get(self.stage, 0)
            case "today":
                return self.now.astimezone(self.calendar.tz).date()
        return None

    def type_of(self, name: str) -> FactType:
        """The declared type of a fact; text where nobody declared it."""
        return self.program.types.get(name, "text")

    # -- steps ---------------------------------------------------------------------------------------------------

    def tasks_of(self, step: str) -> Iterator[TaskState]:
        """The tasks of a step that count, oldest first."""
        return (self.tasks[ref] for ref in self.by_step.get(step, ()))

    def open_tasks(self) -> list[TaskState]:
        """All open tasks, oldest first."""
        return [task for task in self.tasks.values() if task.status == OPEN]

    def latest_round(self, step: str) -> list[TaskState]:
        """The tasks of the latest round of a step."""
        tasks = list(self.tasks_of(step))
        last = max((task.round for task in tasks), default=0)
        return [task for task in tasks if task.round == last]

    def is_done(self, step: Step) -> bool:
        """Whether the step's result stands: each kind in its own way (docs/sop-language.md, Steps)."""
        if step.each:
            by_item = {task.item_key: task for task in self.tasks_of(step.key)}  # the latest of each
            return bool(by_item) and all(task.passed for task in by_item.values())
        if step.repeat or step.every or step.cadence:
            return any(task.passed for task in self.tasks_of(step.key))
        latest = self.latest_round(step.key)
        if step.kind == "approve" and step.mode == "any":
            return any(task.passed for task in latest)
        return bool(latest) and all(task.passed for task in latest)

    def step_holds(self, key: str, state: str) -> bool:
        """A condition's look at a step."""
        step = self.program.steps.get(key)
        if step is None:
            return False
        if state == "started":
            return any(True for _ in self.tasks_of(key))
        if state == "settled":
            return not any(task.status == OPEN for task in self.tasks_of(key))
        return self.is_done(step)

    def step_title(self, key: str) -> Text:
        """The step's title in both languages."""
        step = self.program.steps.get(key)
        return step.title if step else Text(zh_hans=key, en=key)

    def holds(self, condition: Condition) -> bool:
        """Whether a condition holds here and now."""
        return holds(condition, self)

    def applies(self, step: Step) -> bool:
        """Whether the step is asked of this run at all."""
        return holds(step.when, self)

    def is_required(self, step: Step) -> bool:
        """Whether the step must be done here."""
        return holds(step.required, self)

    def missing_needs(self, step: Step) -> list[str]:
        """The steps that must be done first and are not; one that does not apply here is no obstacle."""
        return [need for need in step.needs if self._is_owed(self.program.steps[need])]

    def _is_owed(self, need: Step) -> bool:
        if self.is_done(need):
            return False
        if not self.applies(need) or not self.is_required(need):
            return any(task.status == OPEN for task in self.tasks_of(need.key))
        return True

    def leads_to(self, key: str) -> frozenset[str]:
        """The steps that a step stands on: those it needs or returns to, and what they stand on."""
        found: set[str] = set()
        waiting = [key]
        while waiting:
            step = self.program.steps[waiting.pop()]
            fresh = {*step.needs, *([step.returns] if step.returns else ())} - found
            found |= fresh
            waiting.extend(fresh)
        return frozenset(found - {key})

    def earlier_steps(self, step: Step) -> tuple[str, ...]:
        """The steps of this stage to which an approval may send back: people's own work that it stands on."""
        stands_on, here = self.leads_to(step.key), self.program.stages[self.stage].steps
        return tuple(
            one.key
            for one in here
            if one.key in stands_on
            and one.kind not in {"approve", "customer", "contact"}
            and one.auto is None
            and one.each is None
            and any(task.passed for task in self.tasks_of(one.key))
        )

    # -- clocks --------------------------------------------------------------------------------------------------

    def anchor(self, name: str, task: TaskState) -> datetime | None:
        """When an anchor of a due time happened: stage, start, opened, a moment, or a step's end."""
        if name == "stage":
            return self.entered_at
        if name == "start":
            return self.before.started_at
        if name == "opened":
            return task.opened_at
        if name in self.moments:
            return self.moments[name]
        ends = [t.done_at for t in self.tasks_of(name) if t.passed and t.done_at and t.ref != task.ref]
        return max(ends, default=None)

    def previous(self, task: TaskState) -> TaskState | None:
        """The last done task of the same step."""
        done = [t for t in self.tasks_of(task.step) if t.status == DONE and t.done_at and t.ref != task.ref]
        return max(done, key=lambda t: (t.done_at, t.round), default=None)

    # -- the gate ------------------------------------------------------------------------------------------------

    def gate_reasons(self) -> tuple[Unmet, ...]:
        """Every reason why the gate of the present stage is shut, less what a waiver covers."""
        return tuple(reason for reason in self.all_gate_reasons() if not self.is_waived(reason))

    def all_gate_reasons(self) -> list[Unmet]:
        """Every reason, waived ones too: required steps not done, then what the gate adds."""
        stage = self.program.stages[self.stage]
        said = list(unmet(stage.gate, self))
        named = {reason.step for reason in said}  # the gate has a sentence of its own for these
        steps = [self._step_reason(step) for step in stage.steps if step.key not in named and self._blocks(step)]
        return [*steps, *(self._with_place(reason) for reason in said)]

    def is_waived(self, reason: Unmet) -> bool:
        """Whether a waiver granted on this visit, and still valid, covers the reason."""
        if reason.code not in self.waived or not reason.waivable:
            return False
        until = self.waived[reason.code]
        return until is None or self.now <= until

    def _blocks(self, step: Step) -> bool:
        if step.repeat or step.every or step.cadence:
            return False
        return self.applies(step) and self.is_required(step) and not self.is_done(step) and not self._empty_each(step)

    def _empty_each(self, step: Step) -> bool:
        return step.each is not None and not self.value(step.each)

    def _step_reason(self, step: Step) -> Unmet:
        opened = [task for task in self.latest_round(step.key) if task.status == OPEN]
        text = Text(zh_hans=f"“{step.title.zh_hans}”尚未完成", en=f"“{step.title.en}” is not done yet")
        return Unmet(f"step.{step.key}", text, step=step.key, role=opened[0].role if opened else step.role)

    def _with_place(self, reason: Unmet) -> Unmet:
        """The reason with the step on which it is mended and the role that owes it."""
        step = reason.step or next(iter(self._mending(reason.fact)), None)
        if step is None or step not in self.program.steps:
            return reason
        return replace(reason, step=step, role=self.program.steps[step].role)

    def _mending(self, fact: str | None) -> Iterable[str]:
        if fact is None:
            return ()
        room = fact.partition(".")[0]
        return self.program.steps_of_form.get(room) or self.program.steps_that_fill.get(fact, ())

    def stage_def(self) -> Stage:
        """The present stage."""
        return self.program.stages[self.stage]

"""Triggers that set each other off without end, and a procedure that starts itself over and over.

A trigger leads to another when one of its actions makes the event that the other hears. Moments are stamped once and a
run is closed once, so neither goes round; giving the grade that a run has already is no event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fairway.engine.checks.ground import Ground
from fairway.engine.checks.holding import Possible
from fairway.engine.checks.parts import actions
from fairway.engine.checks.ways import cycles
from fairway.engine.spec import Action, Condition, Step, Trigger


@dataclass(frozen=True, slots=True)
class Echo:
    """An event that an action makes, and what is then known: `then` holds when it is heard; `grade` was given."""

    event: str
    step: Step | None = None
    then: Condition | None = None
    grade: str | None = None


def look(ground: Ground) -> None:
    """Report each group of triggers that can chase each other, at the first of them."""
    chase = _Chase(ground)
    for group in cycles(chase.edges()):
        if chase.goes_on(group):
            names = ", ".join(str(number + 1) for number in sorted(group))
            ground.report(
                ("triggers", min(group)), "endless", f"Triggers that set each other off without end: {names}.",
                f"触发规则互相触发，没有尽头：第 {names.replace(', ', '、')} 条。",
            )  # fmt: skip
    _starts_itself(ground)


class _Chase:
    """The triggers as a graph: who makes the event that whom sets off."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.possible = Possible(ground)
        self.triggers = ground.sop.triggers
        self.cancelled = {action.cancel for _, action in actions(ground.sop) if action.cancel}
        self.by: dict[tuple[int, int], list[Echo]] = {}
        self.asked: dict[tuple[int, str], bool] = {}

    def edges(self) -> dict[int, set[int]]:
        """From each trigger to those it can set off."""
        for one, trigger in enumerate(self.triggers):
            for echo in self._echoes(trigger):
                for other, heard in enumerate(self.triggers):
                    if self._hears(heard, echo):
                        self.by.setdefault((one, other), []).append(echo)
        return {
            one: {other for other in range(len(self.triggers)) if (one, other) in self.by}
            for one in range(len(self.triggers))
        }

    def goes_on(self, group: frozenset[int]) -> bool:
        """Whether the group has no natural end: only new grades go round, and there is just one that is given."""
        inside = [echo for (one, other), echoes in self.by.items() if {one, other} <= group for echo in echoes]
        return any(echo.grade is None for echo in inside) or len({echo.grade for echo in inside}) > 1

    def _hears(self, trigger: Trigger, echo: Echo) -> bool:
        step = echo.step.key if echo.step else None
        form = echo.step.form if echo.step else None
        fits = trigger.on == echo.event and trigger.step in {None, step} and trigger.form in {None, form}
        return fits and (echo.then is None or self._holds_with(trigger, str(echo.grade), echo.then))

    def _holds_with(self, trigger: Trigger, grade: str, then: Condition) -> bool:
        key = id(trigger), grade
        if key not in self.asked:
            self.asked[key] = self.possible.can_hold(trigger.when, then)
        return self.asked[key]

    def _echoes(self, trigger: Trigger) -> Iterator[Echo]:
        for action in trigger.do:
            yield from self._of_action(action, trigger.when, ())

    def _of_action(self, action: Action, when: Condition, inside: tuple[str, ...]) -> Iterator[Echo]:
        if action.regrade is not None:
            yield from self._regraded(action.regrade, when)
        elif action.assign is not None:
            yield Echo("assigned")
        elif action.open is not None and (step := self.ground.steps.get(action.open)):
            yield from self._opened(step, inside)

    def _regraded(self, grade: str, when: Condition) -> Iterator[Echo]:
        if "." in grade:
            yield Echo("regraded", grade=grade)
        elif self.possible.can_hold(when, _grade("is_not", grade)):
            yield Echo("regraded", then=_grade("is", grade), grade=grade)

    def _opened(self, step: Step, inside: tuple[str, ...]) -> Iterator[Echo]:
        again = step.repeat or step.auto is not None or step.key in self.cancelled
        if not again or step.key in inside:
            return  # it is open already, and opening it once more is nothing new
        yield Echo("task_opened", step)
        if step.auto is not None:
            yield Echo("task_done", step)
            yield Echo("record_saved", step)
            for action in step.do:
                yield from self._of_action(action, Condition(all_=()), (*inside, step.key))


def _grade(operator: str, grade: str) -> Condition:
    return Condition.model_validate({"fact": "run.grade", operator: grade})


def _starts_itself(ground: Ground) -> None:
    for index, trigger in enumerate(ground.sop.triggers):
        for number, action in enumerate(trigger.do):
            if action.start == ground.sop.sop and trigger.on == "run_started":
                path = ("triggers", index, "do", number, "start")
                en, zh = "Every run would start the next, without end.", "每个流程都会再启动下一个，没有尽头。"
                ground.report(path, "endless", en, zh)

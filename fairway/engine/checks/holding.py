"""Whether a condition can hold at all: some values of its facts, and some state of its steps, make it true.

A condition is written out as alternatives, each a list of plain tests that must all hold. Tests of one fact contradict
each other when no value passes them; values worth trying are those named in the tests and their neighbours. The tests
themselves are made by `conditions.holds`, so that this never disagrees with the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise, product
from typing import Any

from fairway.engine.checks.ground import Ground
from fairway.engine.conditions import holds
from fairway.engine.facts import FactType, Mistyped, coerce
from fairway.engine.spec import Condition, FormField, Text

MAX_ALTERNATIVES = 200
"""Beyond so many alternatives a condition is taken to be possible: it is then no slip of the pen."""

PATIENCE = 100_000
"""Tests written out for one document; a document for people needs a few hundred."""

MAX_DEPTH = 5
"""A step asked for when another is done, and so on: so far is followed."""


@dataclass(frozen=True, slots=True)
class Test:
    """One leaf of a condition, and whether it must hold or must not."""

    leaf: Condition
    wanted: bool = True


Alternative = tuple[Test, ...]


class TooMany(Exception):
    """The condition has more alternatives than are looked at."""


class Possible:
    """Answers for one document. What is left of its patience is shared by all questions."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._patience = PATIENCE

    def can_hold(self, *conditions: Condition) -> bool:
        """Whether all these conditions can hold together."""
        try:
            alternatives = self._all([self._alternatives(each, wanted=True, inside=()) for each in conditions])
        except TooMany:
            return True
        return any(self._is_possible(alternative) for alternative in alternatives)

    def _alternatives(self, condition: Condition, *, wanted: bool, inside: tuple[str, ...]) -> list[Alternative]:
        self._spend(1)
        if condition.not_ is not None:
            return self._alternatives(condition.not_, wanted=not wanted, inside=inside)
        children = condition.all_ if condition.all_ is not None else condition.any_
        if children is not None:
            found = [self._alternatives(child, wanted=wanted, inside=inside) for child in children]
            together = (condition.all_ is not None) == wanted  # not all is any not
            return self._all(found) if together else _limited([one for each in found for one in each])
        step = self.ground.steps.get(condition.step) if condition.step else None
        if step is not None and wanted and condition.state != "settled" and _is_new(step.key, inside):
            # To be done or started, the step must have been asked for.
            asked = self._alternatives(step.when, wanted=True, inside=(*inside, step.key))
            return self._all([[(Test(condition),)], asked])
        return [(Test(condition, wanted),)]

    def _all(self, parts: Iterable[list[Alternative]]) -> list[Alternative]:
        """Alternatives of several conditions that must hold together."""
        found: list[Alternative] = [()]
        for part in parts:
            if len(found) * len(part) > MAX_ALTERNATIVES:
                raise TooMany
            found = [one + other for one, other in product(found, part)]
            self._spend(sum(map(len, found)))
        return found

    def _spend(self, effort: int) -> None:
        self._patience -= effort
        if self._patience < 0:
            raise TooMany

    def _is_possible(self, alternative: Alternative) -> bool:
        facts: dict[str, list[Test]] = {}
        steps: dict[str, list[Test]] = {}
        for test in alternative:
            if test.leaf.fact is not None:
                facts.setdefault(test.leaf.fact, []).append(test)
            elif test.leaf.step is not None:
                steps.setdefault(test.leaf.step, []).append(test)
        return all(self._fact_can(name, tests) for name, tests in facts.items()) and all(
            any(_passes(tests, _StepView(state)) for state in _STATES) for tests in steps.values()
        )

    def _fact_can(self, name: str, tests: Sequence[Test]) -> bool:
        spec = self.ground.fact(name)
        if spec is None:
            return True  # reported elsewhere
        plain = [test for test in tests if not test.leaf.tests()[0][0].endswith("_fact")]
        compared = any(test.wanted for test in tests if test not in plain)  # needs a value, whichever
        try:
            return any(
                _passes(plain, _FactView(value, spec.type))
                for value in self._candidates(name, spec.type, plain)
                if value is not None or not compared
            )
        except (Mistyped, TypeError):
            return True  # the test does not fit the fact: reported elsewhere

    def _candidates(self, name: str, type_: FactType, tests: Sequence[Test]) -> Iterator[Any]:
        """Values worth trying; None stands for not known."""
        if name.startswith("table."):
            yield self._table_value(name)
            return
        if name not in _ALWAYS_KNOWN:
            yield None
        spec = self.ground.fact(name)
        values = self.ground.values_of(spec) if spec and type_ == "enum" else ()
        if values:
            yield from values
            return
        operands = list(_operands(tests))
        if type_ == "list":
            yield from ([], sorted(operands), ["?"])
        elif type_ == "bool":
            yield from (True, False)
        elif type_ in {"text", "enum", "ref"}:
            yield from (*operands, "?", "".join(operands) + "?")
        else:
            field = self._field(name)
            yield from (value for value in _around(type_, operands) if _allowed(field, value))

    def _field(self, name: str) -> FormField | None:
        form_key, _, field_key = name.partition(".")
        form = self.ground.sop.forms.get(form_key)
        return form.field(field_key) if form else None

    def _table_value(self, name: str) -> Decimal | None:
        _, table, rest = name.split(".", 2)
        row_key, _, column = rest.rpartition(".")
        rows = {row.key: row for row in self.ground.sop.tables[table].rows}
        try:
            return Decimal(rows[row_key].values[column])
        except (ArithmeticError, KeyError):
            return None


_ALWAYS_KNOWN = frozenset({"run.owned", "run.reached", "run.attempts", "run.silent_streak", "run.visits", "run.stage"})


def _is_new(step: str, inside: tuple[str, ...]) -> bool:
    """Whether to ask when the step is asked for: not in a circle, and not further than people think."""
    return step not in inside and len(inside) < MAX_DEPTH


def _limited(found: list[Alternative]) -> list[Alternative]:
    if len(found) > MAX_ALTERNATIVES:
        raise TooMany
    return found


def _operands(tests: Sequence[Test]) -> Iterator[str]:
    for test in tests:
        operator, operand = test.leaf.tests()[0]
        if operator != "known":
            yield from operand if isinstance(operand, tuple) else (operand,)


def _around(type_: FactType, operands: Sequence[str]) -> Iterator[Any]:
    """Each value, its neighbours, and one between every two: no test tells other values apart from these."""
    values = sorted({coerce(type_, text) for text in operands}) or [_ZERO[type_]()]
    step = _NEIGHBOUR[type_]
    for value in values:
        yield from (value, *step(value))
    if type_ in {"decimal", "percent"}:
        yield from ((one + other) / 2 for one, other in pairwise(values))


def _day(value: date) -> Iterator[date]:
    yield from _beside(value, timedelta(days=1))


def _second(value: datetime) -> Iterator[datetime]:
    yield from _beside(value, timedelta(seconds=1))


def _beside(value: Any, step: timedelta) -> Iterator[Any]:
    for shift in (-step, step):
        try:
            yield value + shift
        except OverflowError:
            continue


def _one(value: Any) -> tuple[Any, Any]:
    return value - 1, value + 1


_NEIGHBOUR: dict[str, Callable[[Any], Iterable[Any]]] = {
    "int": _one, "money": _one, "decimal": _one, "percent": _one, "date": _day, "datetime": _second,
}  # fmt: skip
_ZERO: dict[str, Callable[[], Any]] = {
    "int": int, "money": int, "decimal": Decimal, "percent": Decimal,
    "date": lambda: date(2026, 1, 1), "datetime": lambda: datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
}  # fmt: skip


def _allowed(field: FormField | None, value: Any) -> bool:
    """Whether the field takes the number at all."""
    if field is None or field.type not in {"int", "decimal", "percent"}:
        return True
    return (field.at_least is None or value >= field.at_least) and (field.at_most is None or value <= field.at_most)


# What a step may look like: nothing of it there, open, done, done and open again, sent back.
_STATES: tuple[frozenset[str], ...] = (
    frozenset({"settled"}),
    frozenset({"started"}),
    frozenset({"started", "done", "settled"}),
    frozenset({"started", "done"}),
    frozenset({"started", "settled"}),
)


def _passes(tests: Sequence[Test], view: _FactView | _StepView) -> bool:
    return all(holds(test.leaf, view) == test.wanted for test in tests)


class _FactView:
    """Shows one value for whatever fact is asked for."""

    def __init__(self, value: Any, type_: FactType) -> None:
        self._value = value
        self._type = type_

    def value(self, name: str) -> Any:
        """The value."""
        return self._value

    def type_of(self, name: str) -> FactType:
        """Its type."""
        return self._type

    def step_holds(self, key: str, state: str) -> bool:
        """No step is asked about here."""
        return False

    def step_title(self, key: str) -> Text:
        """No step is asked about here."""
        return Text(zh_hans=key, en=key)


class _StepView(_FactView):
    """Shows one state for whatever step is asked for."""

    def __init__(self, states: frozenset[str]) -> None:
        super().__init__(None, "text")
        self._states = states

    def step_holds(self, key: str, state: str) -> bool:
        """Whether the state is one of those shown."""
        return state in self._states

"""Whether a condition holds, and every reason why not.

A fact that is not known fails every test except `is_not`, `not_in` and `known: false`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from fairway.engine.facts import MINOR_UNITS, FactType, Mistyped, coerce
from fairway.engine.spec import Condition, Text


class View(Protocol):
    """What a condition looks at: facts by name with their types, and the state of steps."""

    def value(self, name: str) -> Any:
        """The value of a fact, or None when it is not known."""

    def type_of(self, name: str) -> FactType:
        """The declared type of a fact."""

    def step_holds(self, key: str, state: str) -> bool:
        """Whether the step is `done`, `settled` (nothing of it is open) or `started`."""

    def step_title(self, key: str) -> Text:
        """The step's title, for the sentence of a condition that brings none."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """One reason why a gate holds: `code` is stable within a version, `text` is for the person who must act.

    `step` and `fact` say where it is mended; `role` who owes it, where a step says so.
    """

    code: str
    text: Text
    step: str | None = None
    fact: str | None = None
    role: str | None = None
    waivable: bool = True


def holds(condition: Condition, view: View) -> bool:
    """Whether the condition holds for what the view shows."""
    if condition.all_ is not None:
        return all(holds(child, view) for child in condition.all_)
    if condition.any_ is not None:
        return any(holds(child, view) for child in condition.any_)
    if condition.not_ is not None:
        return not holds(condition.not_, view)
    if condition.step is not None:
        return view.step_holds(condition.step, condition.state)
    return _fact_holds(condition, condition.fact or "", view)


def unmet(condition: Condition, view: View, path: str = "gate") -> Iterator[Unmet]:
    """Every reason why the condition fails; nothing when it holds. `path` prefixes the codes."""
    if holds(condition, view):
        return
    if condition.all_ is not None and condition.else_ is None:
        for index, child in enumerate(condition.all_):
            yield from unmet(child, view, f"{path}.{index}")
    elif condition.any_ is not None and condition.else_ is None:
        for index, child in enumerate(condition.any_):
            yield from unmet(child, view, f"{path}.{index}")
    else:
        yield Unmet(
            code=path,
            text=condition.else_ or _sentence(condition, view),
            step=next((c.step for c in condition.walk() if c.step), None),
            fact=next((c.fact for c in condition.walk() if c.fact), None),
            waivable=condition.waive != "never",
        )


def _sentence(condition: Condition, view: View) -> Text:
    if condition.step is not None:
        title = view.step_title(condition.step)
        if condition.state == "settled":
            return Text(zh_hans=f"“{title.zh_hans}”还有未完成的", en=f"“{title.en}” still has open items")
        return Text(zh_hans=f"“{title.zh_hans}”尚未完成", en=f"“{title.en}” is not done yet")
    name = condition.fact or "?"
    return Text(zh_hans=f"条件未满足:{name}", en=f"Condition not met: {name}")


def _fact_holds(condition: Condition, name: str, view: View) -> bool:
    operator, operand = condition.test
    value = view.value(name)
    if operator == "known":
        return bool((value is not None and value != []) == operand)
    if operator.endswith("_fact"):
        other = view.value(operand)
        if value is None or other is None:
            return False
        if view.type_of(operand) == "decimal" and view.type_of(name) == "money":
            other *= MINOR_UNITS  # a table writes money in major units
        return _compare({"at_least_fact": "at_least", "at_most_fact": "at_most"}.get(operator, "is"), value, other)
    type_ = view.type_of(name)
    if operator in {"in", "not_in"}:
        return (value is not None and value in _operands(type_, operand)) == (operator == "in")
    if operator == "contains":
        return bool(value is not None and operand in value)
    if value is None:
        return operator == "is_not"
    return _compare(operator, value, _operand(type_, operand))


def _compare(operator: str, value: Any, other: Any) -> bool:
    match operator:
        case "is":
            return bool(value == other)
        case "is_not":
            return bool(value != other)
        case "at_least":
            return bool(value >= other)
        case "at_most":
            return bool(value <= other)
        case "above":
            return bool(value > other)
        case "below":
            return bool(value < other)
    raise Mistyped(f"unknown operator {operator}")


# Operands are few and repeat for ever: typed once each.
_TYPED: dict[tuple[str, str], Any] = {}
_TYPED_LIMIT = 10_000


def _operand(type_: FactType, text: str) -> Any:
    key = (type_, text)
    if key not in _TYPED:
        if len(_TYPED) >= _TYPED_LIMIT:
            _TYPED.clear()
        _TYPED[key] = coerce(type_, text)
    return _TYPED[key]


def _operands(type_: FactType, texts: tuple[str, ...]) -> set[Any]:
    return {_operand(type_, text) for text in texts}

"""What a filled form says to others: facts for conditions, typed columns, and the values one may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fairway.engine.conditions import View, holds
from fairway.engine.facts import FIELD_FACTS, FactType, typed
from fairway.engine.forms.auto import AutoContext, with_auto
from fairway.engine.forms.parse import ConditionHolds, Values
from fairway.engine.spec import Condition, Form, FormField, Text

INWARD = frozenset({"user", "users", "contact", "contacts", "account", "file", "files"})
"""Types that point inside the firm: nothing of them reaches a customer."""


def form_facts(form_key: str, form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """The typed facts of a filled form, `<form>.<field>`; of a money_range its ends too. Blank fields are None: the
    latest record says everything of its form.
    """
    facts: dict[str, Any] = {}
    for one in form.fields:
        name = f"{form_key}.{one.key}"
        value = values.get(one.key)
        facts[name] = _typed(one, value)
        if one.type == "money_range":
            facts[f"{name}.from"] = (value or {}).get("from")
            facts[f"{name}.to"] = (value or {}).get("to")
    return facts


def fills(form: Form, values: Mapping[str, Any], previous: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What lands in typed columns, by the name of the fact; None empties the column.

    A blank field leaves its column as it is, but for one that said something in `previous`, the record that this one
    corrects: there it was cleared.
    """
    before = previous or {}
    return {
        one.fills: _typed(one, values.get(one.key))
        for one in form.fields
        if one.fills is not None and (values.get(one.key) is not None or before.get(one.key) is not None)
    }


def visible_values(form: Form, values: Mapping[str, Any], *, confidential: bool) -> Values:
    """The values that may be seen: all with `confidential`, otherwise without confidential fields; of a confidential
    form none (G1).
    """
    if confidential:
        return dict(values)
    return {} if form.confidential else _open(form.fields, values)


def _open(fields: Iterable[FormField], values: Mapping[str, Any]) -> Values:
    seen: Values = {}
    for one in fields:
        if one.confidential or one.key not in values:
            continue
        value = values[one.key]
        if one.fields and isinstance(value, list):
            value = [_open(one.fields, entry) for entry in value]
        elif one.fields and isinstance(value, Mapping):
            value = _open(one.fields, value)
        seen[one.key] = value
    return seen


def customer_values(form: Form, values: Mapping[str, Any]) -> Values:
    """The values that the customer may see: of the fields marked for them, without what names people, files and records
    of the firm inside their entries. Of a confidential form, and of one without a mark, none.
    """
    marked = tuple(one for one in form.fields if one.customer)
    return {} if form.confidential else _outward(_open(marked, values), marked)


def _outward(values: Values, fields: Iterable[FormField]) -> Values:
    seen: Values = {}
    for one in fields:
        if one.key not in values or {one.type, one.of} & INWARD:
            continue
        value = values[one.key]
        if one.fields and isinstance(value, list):
            value = [_outward(entry, one.fields) for entry in value]
        elif one.fields and isinstance(value, Mapping):
            value = _outward(dict(value), one.fields)
        seen[one.key] = value
    return seen


def _typed(one: FormField, value: Any) -> Any:
    kind: FactType = FIELD_FACTS.get(one.type, "list")
    return typed(kind, value)


class _Overlay:
    """A view in which the values just typed go before what was known: the form's facts, and the columns it fills."""

    def __init__(self, under: View, facts: Mapping[str, Any]) -> None:
        self._under = under
        self._facts = facts

    def value(self, name: str) -> Any:
        return self._facts[name] if name in self._facts else self._under.value(name)

    def type_of(self, name: str) -> FactType:
        return self._under.type_of(name)

    def step_holds(self, key: str, state: str) -> bool:
        return self._under.step_holds(key, state)

    def step_title(self, key: str) -> Text:
        return self._under.step_title(key)


def holds_over(form_key: str, form: Form, view: View, context: AutoContext | None = None) -> ConditionHolds:
    """The `condition_holds` of `parse` for a run: conditions see the values just typed before what `view` shows; with
    `context` the automatic values that follow from them too.
    """

    def condition_holds(condition: Condition, values: Mapping[str, Any]) -> bool:
        filled = values if context is None else with_auto(form, values, context)
        facts = {**fills(form, filled), **form_facts(form_key, form, filled)}
        return holds(condition, _Overlay(view, facts))

    return condition_holds

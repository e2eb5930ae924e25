"""Values that come from the system and are never typed (forms.md, `auto`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fairway.engine.facts import MINOR_UNITS
from fairway.engine.forms.grading import score_of
from fairway.engine.forms.numbers import LARGEST, plain
from fairway.engine.forms.parse import Values
from fairway.engine.forms.stored import stored
from fairway.engine.spec import Form, FormField, Sop


def _nothing(name: str) -> Any:
    return None


@dataclass(frozen=True, slots=True)
class AutoContext:
    """What automatic values are taken from: who fills the form (None: the system) and when, the record's number, the
    run's owner (id), when the task is due, and a getter of typed facts by name.
    """

    sop: Sop
    author: int | None
    now: datetime
    author_name: str = ""
    number: str = ""
    owner: int | None = None
    due: datetime | None = None
    fact: Callable[[str], Any] = field(default=_nothing)
    zone: tzinfo = UTC


def auto_values(form: Form, values: Mapping[str, Any], context: AutoContext) -> Values:
    """The automatic values of a form, as a record keeps them; one whose source is not known is left out.

    One may build on another (a grade on a sum). Entries of lists and groups are given theirs by `with_auto`.
    """
    found: Values = {}
    for one in _operands_first(form):
        value = _value(one, form.fields, {**values, **found}, context)
        if value is not None:
            found[one.key] = value
    return {one.key: found[one.key] for one in form.fields if one.key in found}


def _operands_first(form: Form) -> list[FormField]:
    """The automatic fields, each after those it is reckoned from."""
    automatic = {one.key: one for one in form.fields if one.auto is not None}
    ordered: dict[str, FormField] = {}
    seen: set[str] = set()

    def put(key: str) -> None:
        if key in seen or key not in automatic:
            return
        seen.add(key)
        auto = automatic[key].auto
        assert auto is not None
        for operand in (*(auto.sum or ()), *(auto.difference or ()), *(auto.ratio or ()), *(auto.margin or ())):
            put(operand)
        ordered[key] = automatic[key]

    for key in automatic:
        put(key)
    return list(ordered.values())


def with_auto(form: Form, values: Mapping[str, Any], context: AutoContext) -> Values:
    """The values together with the automatic ones, in groups and in the entries of lists too: what a record keeps."""
    filled = dict(values)
    for one in form.fields:
        if one.fields and values.get(one.key) is not None:
            inner = Form(title=form.title, fields=one.fields)
            below = values[one.key]
            filled[one.key] = (
                [with_auto(inner, entry, context) for entry in below]
                if isinstance(below, list)
                else with_auto(inner, below, context)
            )
    return {**filled, **auto_values(form, filled, context)}


def _value(one: FormField, fields: tuple[FormField, ...], values: Mapping[str, Any], context: AutoContext) -> Any:
    auto = one.auto
    assert auto is not None
    if auto.value is not None:
        return _from_system(auto.value, one, values, context)
    if auto.fact is not None:
        return stored(one, context.fact(auto.fact), context.zone)
    return _as_kept(one, _reckoned(one, {f.key: f for f in fields}, values))


def _from_system(source: str, one: FormField, values: Mapping[str, Any], context: AutoContext) -> Any:
    match source:
        case "author":
            return context.author_name or None if one.type == "text" else stored(one, context.author)
        case "owner":
            return None if context.owner is None else stored(one, context.owner)
        case "now":
            return stored(one, context.now, context.zone)
        case "due":
            return stored(one, context.due, context.zone)
        case "number":
            return context.number or None
    graded = score_of(context.sop, values)
    return graded.grade if graded and graded.grade else stored(one, context.fact("run.grade"))


def _reckoned(one: FormField, fields: Mapping[str, FormField], values: Mapping[str, Any]) -> Decimal | None:
    auto = one.auto
    assert auto is not None

    def operand(key: str) -> Decimal | None:
        return _operand(fields.get(key), values.get(key))

    if auto.sum is not None:
        parts = [part for key in auto.sum if (part := operand(key)) is not None]
        return sum(parts, Decimal()) if parts else None
    if auto.difference is not None:
        first, second = map(operand, auto.difference)
        return None if first is None or second is None else first - second
    if auto.ratio is not None:
        part, whole = map(operand, auto.ratio)
        return None if part is None or not whole else part * 100 / whole
    if auto.margin is not None:
        price, cost = map(operand, auto.margin)
        return None if cost is None or not price else (price - cost) * 100 / price
    return None


def _operand(one: FormField | None, value: Any) -> Decimal | None:
    """A value to reckon with: amounts in major units, dates in days."""
    if one is None or value is None:
        return None
    match one.type:
        case "money":
            return Decimal(value) / MINOR_UNITS
        case "int" | "decimal" | "percent":
            return Decimal(str(value))
        case "date":
            return Decimal(date.fromisoformat(value).toordinal())
        case "datetime":
            return Decimal(datetime.fromisoformat(value).toordinal())
    return None


def _as_kept(one: FormField, number: Decimal | None) -> Any:
    if number is None or abs(number) > LARGEST:
        return None
    match one.type:
        case "money":
            return int((number * MINOR_UNITS).quantize(Decimal(1), ROUND_HALF_UP))
        case "int":
            return int(number.quantize(Decimal(1), ROUND_HALF_UP))
        case "decimal" | "percent":
            # Exact (28 digits), for gates compare it; whoever shows it rounds.
            return plain(number)
    return None

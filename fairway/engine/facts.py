"""Typed facts: what conditions may ask about, and how a value written in a document becomes comparable.

A fact is declared by the part of the product that owns it (`deal.amount` by deals), by a form of the SOP
(`need_record.budget_range`), by a table (`table.limits.manager.discount`), or by the run itself (`run.grade`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from fairway.engine.spec import Sop, Text

FactType = Literal["text", "int", "decimal", "percent", "money", "bool", "date", "datetime", "enum", "list", "ref"]
Facts = Mapping[str, Any]

ORDERED: frozenset[str] = frozenset({"int", "decimal", "percent", "money", "date", "datetime"})
MINOR_UNITS = 100
MAX_DIGITS = 18

FIELD_FACTS: dict[str, FactType] = {
    "text": "text", "longtext": "text", "phone": "text", "email": "text", "url": "text", "region": "text",
    "int": "int", "decimal": "decimal", "percent": "percent", "money": "money", "bool": "bool", "date": "date",
    "datetime": "datetime", "enum": "enum", "enums": "list", "list": "list", "users": "list", "contacts": "list",
    "files": "list", "user": "ref", "contact": "ref", "account": "ref", "file": "ref",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact that conditions may name: `name` such as `deal.amount`, its type, its title in both languages."""

    name: str
    type: FactType
    title: Text
    values: tuple[str, ...] = ()


def fact(name: str, type_: FactType, zh: str, en: str, values: Iterable[str] = ()) -> FactSpec:
    """Declare a fact in one line, for the domains' `kind.py`."""
    return FactSpec(name, type_, Text(**{"zh-hans": zh, "en": en}), tuple(values))


RUN_FACTS: tuple[FactSpec, ...] = (
    fact("run.grade", "enum", "等级", "Grade"),
    fact("run.owned", "bool", "已有负责人", "Has an owner"),
    fact("run.reached", "bool", "已联系上客户", "The contact was reached"),
    fact("run.attempts", "int", "联系次数", "Contact attempts"),
    fact("run.silent_streak", "int", "连续未接通次数", "Attempts in a row without an answer"),
    fact("run.days_in_stage", "int", "本阶段停留天数", "Days in this stage"),
    fact("run.visits", "int", "进入本阶段次数", "Times this stage was entered"),
    fact("run.outcome", "enum", "结果", "Outcome"),
    fact("run.stage", "enum", "阶段", "Stage"),
    fact("run.today", "date", "今天", "Today"),
)


class Mistyped(ValueError):
    """The value written beside a fact cannot be a value of that fact's type."""


def coerce(type_: FactType, text: str) -> Any:
    """The comparable value of `text`, as written in a document, for a fact of that type.

    Money is written in major units (`1000000` is a million yuan) and compared in minor units (fen).
    Raises Mistyped when it cannot be such a value.
    """
    try:
        match type_:
            case "int":
                return int(text)
            case "decimal" | "percent":
                return _finite(text)
            case "money":
                return int(_finite(text) * MINOR_UNITS)
            case "bool":
                return {"true": True, "false": False, "yes": True, "no": False}[text.lower()]
            case "date":
                return date.fromisoformat(text)
            case "datetime":
                return _aware(text)
            case _:
                return text
    except (ValueError, KeyError, InvalidOperation) as error:
        raise Mistyped(f"{text!r} is not a value of type {type_}") from error


def _aware(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(text)  # without a zone it names no instant, and compares with none
    return value


def _finite(text: str) -> Decimal:
    value = Decimal(text)
    # No firm has so many yuan; and the whole number behind 1e999999999 would never be finished.
    if not value.is_finite() or value.adjusted() > MAX_DIGITS or len(value.as_tuple().digits) > MAX_DIGITS:
        raise ValueError(text)
    return value


def typed(type_: FactType, stored: Any) -> Any:
    """A value as a record stores it (JSON) as the value that conditions compare; None stays None."""
    if stored is None or stored == "":
        return None
    match type_:
        case "decimal" | "percent":
            return Decimal(str(stored))
        case "date":
            return stored if isinstance(stored, date) else date.fromisoformat(stored)
        case "datetime":
            return stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
        case _:
            return stored


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every fact that a document may name, by name."""

    specs: dict[str, FactSpec] = field(default_factory=dict)

    @classmethod
    def of(cls, sop: Sop, declared: Iterable[FactSpec] = ()) -> Vocabulary:
        """The facts of the domains, of the run, and of this document's own forms, tables, moments and steps."""
        specs = {spec.name: spec for spec in (*declared, *RUN_FACTS, *_form_facts(sop), *_table_facts(sop))}
        for key, title in sop.moments.items():
            specs[f"moment.{key}"] = FactSpec(f"moment.{key}", "datetime", title)
        for _, step in sop.steps():
            specs[f"count.{step.key}"] = FactSpec(f"count.{step.key}", "int", step.title)
        return cls(specs)

    def get(self, name: str) -> FactSpec | None:
        """The declaration of a fact, or None where nobody declared it."""
        return self.specs.get(name)


def _form_facts(sop: Sop) -> Iterable[FactSpec]:
    for form_key, form in sop.forms.items():
        for field_ in form.fields:
            name = f"{form_key}.{field_.key}"
            if field_.type == "money_range":
                yield FactSpec(f"{name}.from", "money", field_.label)
                yield FactSpec(f"{name}.to", "money", field_.label)
                yield FactSpec(name, "list", field_.label)
            elif field_.type == "group":
                yield FactSpec(name, "list", field_.label)
            else:
                choices = field_.choices or (sop.lists.get(field_.list_, ()) if field_.list_ else ())
                yield FactSpec(name, FIELD_FACTS[field_.type], field_.label, tuple(c.key for c in choices))


def _table_facts(sop: Sop) -> Iterable[FactSpec]:
    for key, table in sop.tables.items():
        for row in table.rows:
            for column in row.values:
                yield FactSpec(f"table.{key}.{row.key}.{column}", "decimal", row.title or table.title)

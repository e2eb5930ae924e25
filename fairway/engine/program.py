"""A published SOP made ready to run: everything that `decide` looks up, looked up once per version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from fairway.engine.duration import Duration
from fairway.engine.facts import FactSpec, FactType, Vocabulary
from fairway.engine.spec import Part, Rung, Sop, Stage, Step, Trigger

DEFAULT_LADDER: tuple[Rung, ...] = (Rung.model_validate({"after": "0h", "to": ["owner", "manager"]}),)
PERIOD_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "half_year": 182, "year": 365}


@dataclass(frozen=True)
class Program:
    """One SOP version with its vocabulary, indexed by what the engine asks for."""

    sop: Sop
    declared: tuple[FactSpec, ...] = ()
    stages: dict[str, Stage] = field(init=False)
    steps: dict[str, Step] = field(init=False)
    stage_of: dict[str, str | None] = field(init=False)
    triggers: dict[str, tuple[Trigger, ...]] = field(init=False)
    types: dict[str, FactType] = field(init=False)
    table_values: dict[str, Decimal] = field(init=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "stages", {stage.key: stage for stage in self.sop.stages})
        put(self, "steps", {step.key: step for _, step in self.sop.steps()})
        put(self, "stage_of", {step.key: stage.key if stage else None for stage, step in self.sop.steps()})
        triggers: dict[str, list[Trigger]] = {}
        for trigger in self.sop.triggers:
            triggers.setdefault(trigger.on, []).append(trigger)
        put(self, "triggers", {event: tuple(found) for event, found in triggers.items()})
        vocabulary = Vocabulary.of(self.sop, self.declared)
        put(self, "types", {name: spec.type for name, spec in vocabulary.specs.items()})
        put(self, "table_values", dict(_table_values(self.sop)))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every fact that this version may name."""
        return Vocabulary.of(self.sop, self.declared)

    @cached_property
    def steps_of_form(self) -> dict[str, tuple[str, ...]]:
        """The steps that fill each form: where an unmet fact of a form is mended."""
        found: dict[str, list[str]] = {}
        for _, step in self.sop.steps():
            if step.form:
                found.setdefault(step.form, []).append(step.key)
        return {form: tuple(steps) for form, steps in found.items()}

    @cached_property
    def steps_that_fill(self) -> dict[str, tuple[str, ...]]:
        """The steps whose form fills each typed column, by fact name."""
        found: dict[str, list[str]] = {}
        for key, form in self.sop.forms.items():
            for form_field in form.fields:
                if form_field.fills:
                    found.setdefault(form_field.fills, []).extend(self.steps_of_form.get(key, ()))
        return {name: tuple(steps) for name, steps in found.items()}

    @cached_property
    def asked_facts(self) -> tuple[str, ...]:
        """Every fact outside the run's own that some condition, clock or action of the document reads, sorted."""
        own = ("run.", "moment.", "count.", "table.")
        parts = (*self.sop.stages, *self.sop.standing, *self.sop.triggers)
        return tuple(sorted({name for part in parts for name in _read_by(part) if not name.startswith(own)}))

    @cached_property
    def early_steps(self) -> tuple[Step, ...]:
        """Steps that may open before their stage is entered (G5)."""
        return tuple(step for _, step in self.sop.steps() if step.early_when is not None)

    def ladder(self, step: str | None, stage: str) -> tuple[Rung, ...]:
        """The rungs of a step's clock, or of the stay in a stage; the house ladder where none is written (sops.md)."""
        if step is not None:
            return self.steps[step].escalate or DEFAULT_LADDER
        clock = self.stages[stage].clock
        return (clock.escalate if clock else ()) or DEFAULT_LADDER

    def cadence_span(self, grade: str | None) -> Duration | None:
        """The time from one touch to the next for a grade (L8); None where the grade has no cadence."""
        cadence = self.sop.cadence.get(grade) if grade else None
        if cadence is None:
            return None
        if cadence.touches == 1 and cadence.per == "month":
            return Duration(1, "mo")
        return Duration(PERIOD_DAYS[cadence.per] * 24 // cadence.touches, "h")


_READS = ("fact", "at_least_fact", "at_most_fact", "equals_fact", "by", "on", "each", "regrade")


def _read_by(part: Part) -> Iterable[str]:
    """The names of facts that a part of the document reads, with all that is under it."""
    for name, value in part:
        if isinstance(value, Part):
            yield from _read_by(value)
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, Part):
                    yield from _read_by(item)
        elif name in _READS and isinstance(value, str) and "." in value:
            yield value


def _table_values(sop: Sop) -> Iterable[tuple[str, Any]]:
    for key, table in sop.tables.items():
        for row in table.rows:
            for column, value in row.values.items():
                try:
                    yield f"table.{key}.{row.key}.{column}", Decimal(value)
                except ArithmeticError:
                    continue  # a span or a word: read by the domain that owns the table, not by conditions

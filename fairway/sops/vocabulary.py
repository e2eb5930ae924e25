"""The words that documents may use beside their own: facts, fillable columns and effects that domains declare."""

from __future__ import annotations

from collections.abc import Iterable

from fairway.engine.facts import FactSpec

_facts: dict[str, FactSpec] = {}
_fillable: set[str] = set()
_effects: set[str] = set()


def declare(facts: Iterable[FactSpec] = (), fillable: Iterable[str] = (), effects: Iterable[str] = ()) -> None:
    """Add words. For an AppConfig's ready(), through `runs.kinds`. Raises ValueError when a word is declared twice."""
    for spec in facts:
        if _facts.setdefault(spec.name, spec) != spec:
            raise ValueError(f"the fact {spec.name} is declared twice")
    _fillable.update(fillable)
    _effects.update(effects)


def declared_facts() -> tuple[FactSpec, ...]:
    """Every declared fact, by name."""
    return tuple(_facts[name] for name in sorted(_facts))


def fillable() -> frozenset[str]:
    """The facts that a form field may fill."""
    return frozenset(_fillable)


def effects() -> frozenset[str]:
    """The effects that an action may name."""
    return frozenset(_effects)

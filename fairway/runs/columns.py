"""Typed columns that forms fill: one way to clean a value, set it, and say what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models


def cleaned(model: type[models.Model], values: Mapping[str, Any], fillable: Iterable[str]) -> dict[str, Any]:
    """Column values from facts that a form filled (`lead.source`); facts that are not fillable are left out.

    A fact that became unknown empties its column. Texts of actions in documents (`fill: …, value: true`) are typed.
    """
    allowed = set(fillable)
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name in allowed:
            field = model._meta.get_field(name.partition(".")[2])  # noqa: SLF001 - documented by Django
            found[field.name] = _empty(field) if value is None else _typed(field, value)
    return found


def put(row: models.Model, room: str, columns: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set columns on a row, unsaved; return {fact: (before, after)} of those that changed."""
    changed: dict[str, tuple[Any, Any]] = {}
    for column, value in columns.items():
        before = getattr(row, column)
        if before != value:
            changed[f"{room}.{column}"] = (before, value)
            setattr(row, column, value)
    return changed


def _empty(field: Any) -> Any:
    if field.null:
        return None
    return field.get_default() if field.has_default() else ""


def _typed(field: Any, value: Any) -> Any:
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if kind.endswith("IntegerField"):
        return int(value)
    if kind in {"CharField", "TextField"}:
        return str(value)[: field.max_length] if field.max_length else str(value)
    return value

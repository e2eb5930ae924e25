"""Rows as plain data and back, and everything that points to a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import models

from fairway.search.models import Entry

Row = dict[str, Any]
NOT_CHILDREN = (Entry,)
"""What follows the record by itself."""


def plain(row: models.Model) -> Row:
    """Every column of a row, as JSON keeps it without loss."""
    return {field.attname: plain_value(field, getattr(row, field.attname)) for field in fields_of(type(row))}


def plain_value(field: models.Field[Any, Any], value: Any) -> Any:
    """A value as JSON keeps it: numbers, truth and texts as they are, anything else as Django writes it."""
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def value_of(model: type[models.Model], column: str, value: Any) -> Any:
    """The value that a column holds, out of JSON."""
    field = next(field for field in fields_of(model) if field.attname == column)
    return value if value is None or isinstance(field, models.JSONField) else field.to_python(value)


def stored_again(model: type[models.Model], row: Mapping[str, Any]) -> models.Model:
    """Store a row as it was, under its old id."""
    found = model(**{name: value_of(model, name, value) for name, value in row.items()})
    found.save(force_insert=True)
    return found


def fields_of(model: type[models.Model]) -> list[Any]:
    """The columns of a model."""
    return list(model._meta.concrete_fields)  # noqa: SLF001 - documented by Django


def children(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str, bool]]:
    """Every table that points to the model's rows: its model, its column, and whether a constraint is on the column.

    It is asked of the models themselves, so that what another room hangs on a company is not forgotten.
    """
    for relation in model._meta.related_objects:  # noqa: SLF001 - documented by Django
        child = relation.related_model
        if child in NOT_CHILDREN or relation.many_to_many:
            continue
        column = relation.field.attname
        unique = relation.one_to_one or any(column.removesuffix("_id") in _named(one) for one in _once(child))
        yield child, column, unique


def model_named(label: str) -> type[models.Model]:
    """The model of a label such as `customers.Contact`."""
    return apps.get_model(label)


def _once(model: type[models.Model]) -> list[models.UniqueConstraint]:
    constraints = model._meta.constraints  # noqa: SLF001 - documented by Django
    return [one for one in constraints if isinstance(one, models.UniqueConstraint)]


def _named(constraint: models.UniqueConstraint) -> set[str]:
    given = {str(one.deconstruct()[1][0]) for one in constraint.expressions if isinstance(one, models.F)}
    return given | set(constraint.fields)

"""Rows written by statements that are made once: what each write of a run needs, ten times in a row.

Moving a stage took 13.8 ms of CPU, of which the database had 1 and the engine 1.5; the rest went into building the
same INSERT and UPDATE statements anew. Values still go through the model's fields, so both databases take them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection, models

from fairway.prepared import ask

_Adapter = Callable[[Any, Any], Any]


def add(rows: Sequence[models.Model]) -> None:
    """Insert new objects of one model and give them their ids. Signals are not sent."""
    if not rows:
        return
    model = type(rows[0])
    head, marks = _insert(model)
    prepare = _prepare(model, _written(model))
    ops = connection.ops
    values = [p(getattr(row, name), ops) if p else getattr(row, name) for row in rows for name, p in prepare]
    ids, _count = ask(f"{head} {', '.join([marks] * len(rows))} RETURNING id", values)
    for row, (number,) in zip(rows, ids, strict=True):
        row.pk = number
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - as the ORM marks a stored object


def update(model: type[models.Model], where: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Set columns (attribute names such as `owner_id`) where others have these values; return how many rows matched.

    None in `where` asks for NULL; a list for any of its items.
    """
    shape = tuple((name, None if value is None else len(value) if isinstance(value, list) else -1)
                  for name, value in where.items())  # fmt: skip
    prepare = _prepare(model, tuple(values))
    ops = connection.ops
    parameters = [p(values[name], ops) if p else values[name] for name, p in prepare]
    for value in where.values():
        if isinstance(value, list):
            parameters.extend(value)
        elif value is not None:
            parameters.append(value)
    _rows, count = ask(_update(model, shape, tuple(values)), parameters, gives=False)
    return count


def _written(model: type[models.Model]) -> tuple[str, ...]:
    fields = model._meta.concrete_fields  # noqa: SLF001 - documented by Django
    return tuple(field.attname for field in fields if not field.primary_key)


@functools.cache
def _insert(model: type[models.Model]) -> tuple[str, str]:
    names = [_column(model, name) for name in _written(model)]
    head = f"INSERT INTO {_table(model)} ({', '.join(names)}) VALUES"
    return head, f"({', '.join(['%s'] * len(names))})"


@functools.lru_cache(maxsize=256)
def _update(model: type[models.Model], where: tuple[tuple[str, int | None], ...], names: tuple[str, ...]) -> str:
    sets = ", ".join(f"{_column(model, name)} = %s" for name in names)
    tests = " AND ".join(_column(model, name) + _test(count) for name, count in where)
    return f"UPDATE {_table(model)} SET {sets} WHERE {tests}"  # noqa: S608 - names come from the model


def _test(count: int | None) -> str:
    if count is None:
        return " IS NULL"
    return " = %s" if count < 0 else f" IN ({', '.join(['%s'] * count)})"


@functools.lru_cache(maxsize=256)
def _prepare(model: type[models.Model], names: tuple[str, ...]) -> tuple[tuple[str, _Adapter | None], ...]:
    return tuple((name, _adapter(_field(model, name))) for name in names)


def _adapter(field: models.Field[Any, Any]) -> _Adapter | None:
    """What makes of a value what the database takes; None for texts, numbers and ids, which go as they are."""
    if isinstance(field, models.DateTimeField):
        return lambda value, ops: None if value is None else ops.adapt_datetimefield_value(value)
    if isinstance(field, models.JSONField):
        encoder = field.encoder
        return lambda value, ops: None if value is None else ops.adapt_json_value(value, encoder)
    if isinstance(field, models.DateField | models.DecimalField):
        return lambda value, _ops: field.get_db_prep_save(value, connection)
    return None


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    fields = model._meta.concrete_fields  # noqa: SLF001 - documented by Django
    return next(field for field in fields if field.attname == name)


def _column(model: type[models.Model], name: str) -> str:
    return _quoted(str(_field(model, name).column))


def _table(model: type[models.Model]) -> str:
    return _quoted(model._meta.db_table)  # noqa: SLF001 - documented by Django


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))

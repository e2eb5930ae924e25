"""Writing many rows at once: ids reserved first, then COPY on PostgreSQL and one prepared statement on SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import Max


def reserve(model: type[models.Model], count: int) -> range | list[int]:
    """Ids for `count` new rows, inside the caller's transaction.

    On SQLite the transaction holds the whole file, so the numbers after the highest are free; on PostgreSQL they are
    taken from the table's sequence.
    """
    if connection.vendor == "postgresql":
        table, column = model._meta.db_table, model._meta.pk.column  # noqa: SLF001
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count]
            )
            return [row[0] for row in cursor.fetchall()]
    highest = model._default_manager.aggregate(top=Max("pk"))["top"] or 0  # noqa: SLF001 - whatever its manager
    return range(highest + 1, highest + 1 + count)


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as values in the order of `columns` (attribute names such as `run_id`).

    Values are Python values as the model's fields take them; JSON fields take plain data.
    """
    fields = [_field(model, name) for name in columns]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - documented by Django
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            adapt = [_as_json if isinstance(field, models.JSONField) else None for field in fields]
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row([f(v) if f and v is not None else v for f, v in zip(adapt, row, strict=True)])
        else:
            prepare = [_prepared(field) for field in fields]
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names come from the model
                [[p(v) if v is not None else None for p, v in zip(prepare, row, strict=True)] for row in rows],
            )


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    for field in model._meta.concrete_fields:  # noqa: SLF001 - documented by Django
        if name in {field.attname, field.name}:
            return field
    raise LookupError(name)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _prepared(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, models.JSONField):
        return _as_json
    if isinstance(field, models.DateTimeField | models.DateField | models.DecimalField):
        return lambda value: field.get_db_prep_value(value, connection)
    return lambda value: value

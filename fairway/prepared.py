"""Queries of the ORM compiled once and asked again and again with other values.

Of the 3.9 ms of CPU that reading one lead took, building and compiling two small queries took 3.2 and asking the
database 0.1. A `Prepared` keeps the text that the ORM made, so a rule (who sees what) is still written once, as a
queryset. It is for the few queries that every request or every write asks; elsewhere the ORM is fast enough.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState
from django.db.models.expressions import Col
from django.db.transaction import get_connection

Row = tuple[Any, ...]
Instance = TypeVar("Instance", bound=models.Model)
PATTERNS = ("{}", "%{}%", "{}%", "%{}")
"""The value as it is, and as the ORM writes contains, startswith and endswith."""
MOST_SHAPES = 256
"""Shapes kept for one query: filters given or not, lengths of lists. More come only from callers who play with them."""
_READY = (models.DateTimeField, models.BooleanField)
"""What comes out of a column as it should on both databases (on SQLite by the types that `fairway.sqlite` reads)."""
_FIRST_MARK = 2_000_000_011
_FIRST_MOMENT = datetime(2999, 1, 1, tzinfo=UTC)
_LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class _Parameter:
    """The value at a place (-1: a constant of the query), as it is or as part of a pattern."""

    at: int
    constant: Any = None
    pattern: str = "{}"

    def of(self, values: Sequence[Any]) -> Any:
        """What the database is given for these values."""
        if self.at < 0:
            return self.constant
        value = values[self.at]
        if self.pattern != "{}":
            return self.pattern.format(connection.ops.prep_for_like_query(value))
        return connection.ops.adapt_datetimefield_value(value) if type(value) is datetime else value


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The text, where its parameters come from, and what mends its columns."""

    sql: str
    parameters: tuple[_Parameter, ...]
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]


class Prepared:
    """A query given as a function from its values to a `.values_list()` queryset.

    Positional values (int, str, datetime, tuples of int, or None) become parameters: the function hands them on to
    filters that compare or look for a part, and tests nothing but whether they are None. What else shapes the query
    is given by keyword, as anything hashable. Each shape is compiled for itself.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Any]]) -> None:
        self._build = build
        self._shapes: dict[Hashable, _Compiled | None] = {}
        self._lock = threading.Lock()

    def rows(self, *values: Any, **shape: Hashable) -> list[Row]:
        """The rows, with the types that the model's fields have; times are aware, in UTC."""
        key = (*[_shape(value) for value in values], *shape.values())
        try:
            compiled = self._shapes[key]
        except KeyError:
            compiled = self._compile(key, values, shape)
        flat = _flat(values)
        if compiled is None or any(type(one) is int and not -_LARGEST <= one < _LARGEST for one in flat):
            return []
        found, _count = ask(compiled.sql, [parameter.of(flat) for parameter in compiled.parameters])
        if found and compiled.converters:
            return [_mended(row, compiled.converters) for row in found]
        return found

    def first(self, *values: Any, **shape: Hashable) -> Row | None:
        """The first row, if there is one."""
        found = self.rows(*values, **shape)
        return found[0] if found else None

    def _compile(self, key: Hashable, values: Sequence[Any], shape: Mapping[str, Any]) -> _Compiled | None:
        marks = _marks(values)
        compiled = _compiled(self._build(*marks, **shape), _flat(marks))
        with self._lock:
            if len(self._shapes) >= MOST_SHAPES:
                self._shapes.clear()
            self._shapes[key] = compiled
        return compiled


def ask(sql: str, parameters: Sequence[Any], *, gives: bool = True) -> tuple[list[Row], int]:
    """Send a statement to the database; return its rows (none unless it `gives` any) and how many it touched.

    What Django's cursor does, without the wrappers that it makes anew for each statement; those are taken where
    somebody looks on (a test that counts queries).
    """
    database = get_connection()
    if database.connection is None or database.queries_logged or database.execute_wrappers:
        with database.cursor() as cursor:
            cursor.execute(sql, parameters)
            return (cursor.fetchall() if gives else []), cursor.rowcount
    database.close_if_health_check_failed()
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        bare = database.create_cursor()
        try:
            bare.execute(sql, parameters)
            return (bare.fetchall() if gives else []), bare.rowcount
        finally:
            bare.close()


@functools.cache
def columns_of(model: type[models.Model], prefix: str = "") -> tuple[str, ...]:
    """The names of a model's columns for `.values_list()`, in the order in which `made` takes them."""
    fields = model._meta.concrete_fields  # noqa: SLF001 - documented by Django
    return tuple(f"{prefix}{field.attname}" for field in fields)


def made(model: type[Instance], row: Sequence[Any], names: Sequence[str] | None = None) -> Instance:
    """The object of a row with the columns of `columns_of`, or with those named; others are read when asked for.

    A whole row is laid into the object as the ORM would lay it there, without its signals and its tests of each value:
    a turn of a run reads ten of them, and those tests took a tenth of its time.
    """
    if names is not None:
        return model.from_db(DEFAULT_DB_ALIAS, names, row)
    instance = model.__new__(model)
    state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    instance.__dict__.update(zip(columns_of(model), row, strict=True), _state=state)
    return instance


def _shape(value: Any) -> Hashable:
    kind: type = type(value)
    return len(value) if kind is tuple else kind


def _flat(values: Sequence[Any]) -> list[Any]:
    return [one for value in values for one in (value if type(value) is tuple else (value,))]


def _marks(values: Sequence[Any]) -> list[Any]:
    """A value that occurs nowhere else in place of each value that becomes a parameter."""
    numbers = count(_FIRST_MARK)

    def mark(value: Any) -> Any:
        if type(value) is int:
            return next(numbers)
        if type(value) is str:
            return f"\x02{next(numbers)}\x03"
        if type(value) is datetime:
            return _FIRST_MOMENT + timedelta(seconds=next(numbers) - _FIRST_MARK)
        return tuple(next(numbers) for _ in value) if type(value) is tuple else value

    return [mark(value) for value in values]


def _compiled(rows: models.QuerySet[Any, Any], marks: Sequence[Any]) -> _Compiled | None:
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    places = {_Parameter(at, pattern=pattern).of(marks): _Parameter(at, pattern=pattern)
              for at, mark in enumerate(marks) if mark is not None
              for pattern in (PATTERNS if type(mark) is str else PATTERNS[:1])}  # fmt: skip
    for one in parameters:
        if isinstance(one, str) and "\x02" in one and one not in places:
            raise ValueError("a prepared query compares its values with columns, or looks for them in columns")
    found = [places.get(one) if isinstance(one, Hashable) else None for one in parameters]
    converters = compiler.get_converters([column[0] for column in compiler.select])
    return _Compiled(
        sql,
        tuple(place or _Parameter(-1, one) for place, one in zip(found, parameters, strict=True)),
        tuple(_converters(converters)),
    )


def _converters(known: dict[int, tuple[list[Any], Any]]) -> Iterator[tuple[int, Callable[[Any], Any]]]:
    for at, (functions, expression) in known.items():
        if isinstance(expression, Col) and isinstance(expression.output_field, _READY):
            continue
        if isinstance(expression.output_field, models.DateTimeField):
            yield at, _aware
        elif isinstance(expression.output_field, models.BooleanField):
            yield at, _truth
        else:
            yield at, _chained(functions, expression)


def _chained(functions: Sequence[Any], expression: Any) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        for function in functions:
            value = function(value, expression, connection)
        return value

    return convert


def _aware(value: datetime | None) -> datetime | None:
    return value if value is None or value.tzinfo is not None else value.replace(tzinfo=UTC)


def _truth(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _mended(row: Row, converters: Sequence[tuple[int, Callable[[Any], Any]]]) -> Row:
    whole = list(row)
    for at, convert in converters:
        whole[at] = convert(whole[at])
    return tuple(whole)

"""Filters as the database asks them: a tree of conditions becomes one `Q`, typed by the columns that it names."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any as AnyValue

from django.db.models import Q
from django.utils.translation import gettext as _

from fairway.lists.asking import Asker
from fairway.lists.columns import (
    CHOICE,
    DAY,
    FLAG,
    MOMENT,
    MONEY,
    NUMBER,
    PERSON,
    TEAM,
    TEXT,
    Column,
    inside,
)
from fairway.lists.days import begins, span
from fairway.lists.errors import Misread
from fairway.lists.tree import HAS, All, Leaf, Node, Range

ME, MINE = "me", "mine"
YES, NO = "yes", "no"
LARGEST = 2**63 - 1
LONGEST_VALUE = 200
Values = tuple[str | Range, ...]


def build(node: Node, columns: Mapping[str, Column], asker: Asker, trusted: Q | None, prefix: str = "run__") -> Q:
    """The filter that a tree means. `trusted` are the rows whose confidential values the asker may read: a condition
    on one of those holds for no other row, said either way. Raises Misread.
    """
    if isinstance(node, Leaf):
        return _leaf(node, columns, asker, trusted, prefix)
    parts = (build(part, columns, asker, trusted, prefix) for part in node.parts)
    return functools.reduce(operator.and_ if isinstance(node, All) else operator.or_, parts)


def _leaf(leaf: Leaf, columns: Mapping[str, Column], asker: Asker, trusted: Q | None, prefix: str) -> Q:
    column = columns.get(leaf.field)
    if column is None or not column.filterable:
        raise Misread(_("This list has no “%(field)s” to filter by.") % {"field": leaf.field[:40]})
    if any(isinstance(value, str) and len(value) > LONGEST_VALUE for value in leaf.values):
        raise Misread(_("A value has at most %(most)s characters.") % {"most": LONGEST_VALUE})
    found = column.condition(leaf, asker, prefix) if column.condition else _plain(leaf, column, asker, prefix)
    found = ~found if leaf.negated else found
    if column.confidential:
        return found & (trusted if trusted is not None else Q(pk__in=()))
    return found


def _plain(leaf: Leaf, column: Column, asker: Asker, prefix: str) -> Q:
    path = inside(column.path, prefix)
    if leaf.sign == HAS:
        return _has(leaf, column, path)
    return _any(_TYPED[column.kind](value, path, column, asker) for value in leaf.values)


def _any(parts: Iterable[Q]) -> Q:
    return functools.reduce(operator.or_, parts)


def _has(leaf: Leaf, column: Column, path: str) -> Q:
    if column.kind != TEXT:
        raise Misread(_("“%(title)s” is no text to look into.") % {"title": column.title})
    if any(not isinstance(value, str) or not value for value in leaf.values):
        raise Misread(_("Say what is looked for in “%(title)s”.") % {"title": column.title})
    return _any(Q(**{f"{path}__icontains": value}) for value in leaf.values)


def _unreadable(value: str | Range, column: Column) -> Misread:
    said = f"{value.low}..{value.high}" if isinstance(value, Range) else value
    return Misread(_("“%(value)s” is no value of “%(title)s”.") % {"value": said[:40], "title": column.title})


def _empty(path: str, column: Column) -> Q:
    if column.kind in (TEXT, CHOICE) and not column.nullable:
        return Q(**{path: ""})
    return Q(**{f"{path}__isnull": True})


def _text(value: str | Range, path: str, column: Column, asker: Asker) -> Q:
    if isinstance(value, Range):
        raise _unreadable(value, column)
    return Q(**{path: value}) if value else _empty(path, column)


def _flag(value: str | Range, path: str, column: Column, asker: Asker) -> Q:
    if value == "" and column.nullable:
        return Q(**{f"{path}__isnull": True})
    if value not in (YES, NO, "1", "0"):
        raise _unreadable(value, column)
    return Q(**{path: value in (YES, "1")})


def _number(value: str | Range, path: str, column: Column, asker: Asker) -> Q:
    if isinstance(value, Range):
        low = Q(**{f"{path}__gte": _figure(value.low, column)}) if value.low else Q()
        high = Q(**{f"{path}__lte": _figure(value.high, column)}) if value.high else Q()
        return low & high & Q(**{f"{path}__isnull": False})
    return Q(**{path: _figure(value, column)}) if value else _empty(path, column)


def _figure(text: str, column: Column) -> int:
    """A number, or an amount in major units as minor ones."""
    try:
        exact = Decimal(text) * (100 if column.kind == MONEY else 1)
        figure = int(exact)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise _unreadable(text, column) from error
    if figure != exact or abs(figure) > LARGEST:
        raise _unreadable(text, column)
    return figure


def _day(value: str | Range, path: str, column: Column, asker: Asker) -> Q:
    if value == "":
        return _empty(path, column)
    first, last = _days(value, asker)
    low = Q(**{f"{path}__gte": first}) if first else Q()
    high = Q(**{f"{path}__lte": last}) if last else Q()
    return low & high & Q(**{f"{path}__isnull": False})


def _moment(value: str | Range, path: str, column: Column, asker: Asker) -> Q:
    if value == "":
        return _empty(path, column)
    first, last = _days(value, asker)
    low = Q(**{f"{path}__gte": begins(first, asker.zone)}) if first else Q()
    if isinstance(value, Range) and value.high == "now":
        high = Q(**{f"{path}__lte": asker.now})
    else:
        high = Q(**{f"{path}__lt": begins(last + timedelta(days=1), asker.zone)}) if last else Q()
    return low & high & Q(**{f"{path}__isnull": False})


def _days(value: str | Range, asker: Asker) -> tuple[date | None, date | None]:
    """The first and last day that are meant; None where it is open."""
    today = asker.now.astimezone(asker.zone).date()
    wanted = Range(value, value) if isinstance(value, str) else value
    low = span(wanted.low, today)[0] if wanted.low else None
    high = span(wanted.high, today)[1] if wanted.high else None
    if (low and not 1 < low.year < 9999) or (high and not 1 < high.year < 9999):
        raise Misread(_("This day is too far away."))
    return low, high


def _person(value: str | Range, path: str, column: Column, asker: Asker) -> Q:
    if value == ME:
        return Q(**{f"{path}_id": asker.user.pk})
    return Q(**{f"{path}_id": _id(value, column)}) if value else Q(**{f"{path}_id__isnull": True})


def _team(value: str | Range, path: str, column: Column, asker: Asker) -> Q:
    if value == MINE:
        return Q(**{f"{path}_id__in": sorted(asker.scope.team_ids)})
    return Q(**{f"{path}_id": _id(value, column)}) if value else Q(**{f"{path}_id__isnull": True})


def _id(value: str | Range, column: Column) -> int:
    if not isinstance(value, str) or not (value.isascii() and value.isdigit()) or int(value) > LARGEST:
        raise _unreadable(value, column)
    return int(value)


_TYPED: Mapping[str, Callable[[AnyValue, str, Column, Asker], Q]] = {
    TEXT: _text, CHOICE: _text, FLAG: _flag, NUMBER: _number, MONEY: _number, DAY: _day, MOMENT: _moment,
    PERSON: _person, TEAM: _team,
}  # fmt: skip

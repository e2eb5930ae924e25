"""The rows of a view: one page, how many there are, what they come to, and how they group."""

from __future__ import annotations

import base64
import binascii
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import orjson
from django.db.models import Avg, Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from fairway.lists import tree
from fairway.lists.asking import Asker
from fairway.lists.columns import DAY, FLAG, MOMENT, MONEY, PERSON, SUMMED, TAGS, TEAM, Column, Row
from fairway.lists.conditions import LARGEST, build
from fairway.lists.errors import Misread
from fairway.lists.listing import Listing
from fairway.lists.models import Tagging
from fairway.lists.sight import parts
from fairway.lists.view import View
from fairway.runs.models import Run

MOST_COUNTED = 10_000
"""Beyond it a count says that there are more."""
MOST_GROUPS = 200
AT, NUMBER, TRUSTED = "sorted_at", "ident_at", "trusted_row"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are; `more` when there are more than were counted."""

    number: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in an order: how many stand before it, the value it is sorted by, the id that tells it apart."""

    before: int
    value: Any
    ident: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its rows, how many stand before it, and the cursors of the pages beside it (empty: none)."""

    rows: Sequence[Row]
    first: int
    after: str
    before: str


@dataclass(frozen=True, slots=True)
class Total:
    """What a column comes to; amounts by currency. `average` is rounded to whole units of the column."""

    key: str
    currency: str
    total: int | None
    average: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows with the same value: as filters say it, as it is read, how many they are, what they come to."""

    key: str
    value: Any
    count: int
    totals: Sequence[Total]


class Reading:
    """Reads one view of a list for one person. Raises Misread where the view asks for what the list does not know."""

    def __init__(self, listing: Listing, view: View, asker: Asker) -> None:
        self.listing, self.view, self.asker = listing, view, asker
        self.tree = view.tree(listing)
        self.trusted = listing.trusted(asker.scope) if listing.trusted else None
        self.down = view.sort.startswith("-") or not (view.sort or listing.usual_sort)
        if not view.sort and listing.usual_sort:
            self.down = listing.usual_sort.startswith("-")
        self.sorted_by = listing.columns.get((view.sort or listing.usual_sort).removeprefix("-"))
        self.where = self._where("run__")

    # -- what is read -------------------------------------------------------------------------------------------------

    def _where(self, prefix: str) -> Q:
        found = Q()
        if self.tree is not None:
            found = build(self.tree, self.listing.columns, self.asker, self.trusted, prefix)
        if self.view.group and self.view.opened is not None:
            opened = group_leaf(self.listing.columns[self.view.group], self.view.opened)
            found &= build(opened, self.listing.columns, self.asker, self.trusted, prefix)
        return found

    @functools.cached_property
    def by_runs(self) -> bool:
        """Whether the runs alone say which rows these are, and in which order: then an index of theirs does."""
        if not self.listing.face or self.view.text or (self.sorted_by and not self.sorted_by.ordered_by_run):
            return False
        named = [self.listing.columns[leaf.field] for leaf in tree.leaves(self.tree)]
        if self.view.group:
            named.append(self.listing.columns[self.view.group])
        return all(column.of_run for column in named) and self._only_open()

    def _only_open(self) -> bool:
        """Whether the top of the tree asks for open runs: each of those has a row here."""
        top = self.tree.parts if isinstance(self.tree, tree.All) else (self.tree,)
        return any(isinstance(part, tree.Leaf) and part == tree.leaf("state", "open") for part in top)

    def found(self) -> QuerySet[Any]:
        """Every row of the view, in no order."""
        rows = self.listing.seen(self.asker.scope).filter(self.where)
        if self.view.text:
            rows = rows.filter(self.listing.search(self.view.text, self.asker))
        found: QuerySet[Any] = rows.order_by()
        return found

    @functools.cached_property
    def run_parts(self) -> list[QuerySet[Run]]:
        """The same of the runs, in parts that do not meet; where `by_runs` holds."""
        where = self._where("")
        open_runs = Run.objects.open().filter(face=self.listing.face).order_by()
        return [open_runs.filter(part).filter(where) for part in parts(self.asker, self.listing.face)]

    # -- order --------------------------------------------------------------------------------------------------------

    @functools.cached_property
    def secret_order(self) -> bool:
        """Whether the order is by a confidential column: rows whose value one may not read then stand last."""
        return self.sorted_by is not None and self.sorted_by.confidential

    @property
    def empties(self) -> bool:
        """Whether rows may have no value to be sorted by."""
        return self.sorted_by is not None and (self.sorted_by.nullable or self.secret_order)

    def _with_order(self, rows: QuerySet[Any], prefix: str, ident: str) -> QuerySet[Any]:
        rows = rows.annotate(**{NUMBER: F(ident)})
        if self.sorted_by is None:
            return rows
        at: Any = self.sorted_by.ordering(prefix)
        if self.secret_order:
            at = Case(When(self.trusted or Q(pk__in=()), then=at), default=None)
        found: QuerySet[Any] = rows.annotate(**{AT: at})
        return found

    def _ordered(self, rows: QuerySet[Any], *, backwards: bool) -> QuerySet[Any]:
        newest_first = F(NUMBER).asc() if backwards else F(NUMBER).desc()
        if self.sorted_by is None:
            return rows.order_by(newest_first if self.down else F(NUMBER).desc() if backwards else F(NUMBER).asc())
        down = self.down != backwards
        empties: dict[str, Any] = ({"nulls_first": True} if backwards else {"nulls_last": True}) if self.empties else {}
        return rows.order_by(F(AT).desc(**empties) if down else F(AT).asc(**empties), newest_first)

    def beyond(self, place: Place, *, backwards: bool = False) -> Q:
        """The rows behind one (or before it)."""
        ident = Q(**{f"{NUMBER}__{'gt' if backwards else 'lt'}": place.ident})
        if self.sorted_by is None:
            return ident
        if place.value is None:
            same = Q(**{f"{AT}__isnull": True}) & ident
            return Q(**{f"{AT}__isnull": False}) | same if backwards else same
        on = "lt" if self.down != backwards else "gt"
        found = Q(**{f"{AT}__{on}": place.value}) | (Q(**{AT: place.value}) & ident)
        return found | Q(**{f"{AT}__isnull": True}) if self.empties and not backwards else found

    # -- a page -------------------------------------------------------------------------------------------------------

    def page(self) -> Page:
        """The page that the view asks for; the first one where its cursor is none of this order. Two to six queries."""
        given = self.view.before or self.view.after
        place, backwards = read_cursor(given, self.view, self.sorted_by), bool(self.view.before)
        if place is None:
            backwards = False
        rows = self.rows(self.view.size + 1, place=place, backwards=backwards)
        more = len(rows) > self.view.size
        rows = rows[: self.view.size]
        if backwards:
            rows = rows[::-1]
        first = _first(place, len(rows), more=more, backwards=backwards)
        behind, ahead = (more, bool(place)) if not backwards else (bool(place), more)
        return Page(
            rows, first,
            after=self.cursor(rows[-1], first + len(rows)) if behind and rows else "",
            before=self.cursor(rows[0], first) if ahead and rows else "",
        )  # fmt: skip

    def rows(self, limit: int, *, place: Place | None = None, backwards: bool = False) -> list[Row]:
        """Up to so many rows behind a place (before it, nearest first, when `backwards`), as they are shown."""
        if self.by_runs:
            # Found among the runs, and judged there: what is left is to read them.
            ids = [run_id for run_id, _value in self._run_order(limit, place, backwards=backwards)]
            found, place = self.listing.model._default_manager.filter(run_id__in=ids), None  # noqa: SLF001
        else:
            found = self.found()
        found = self._with_order(found, "run__", self.listing.ident)
        if place is not None:
            found = found.filter(self.beyond(place, backwards=backwards))
        return self._read(self._ordered(found, backwards=backwards)[:limit])

    def _read(self, rows: QuerySet[Any]) -> list[Row]:
        read = self._judged(rows)
        if any(column.kind == TAGS for column in self.columns):
            by_row = tags_of(self.listing, read)
            return [{**row, "tags": by_row.get(row[_ON[self.listing.tagged]], ())} for row in read]
        return read

    def _judged(self, rows: QuerySet[Any]) -> list[Row]:
        if not any(column.confidential for column in self.columns):
            plain: list[Any] = list(rows.values(*self.paths))
            return plain
        secret = [path for column in self.columns if column.confidential for path in column.paths]
        read: list[Any] = list(rows.annotate(**{TRUSTED: self._trust()}).values(*self.paths, TRUSTED))
        for row in read:
            if not row[TRUSTED]:
                row.update(dict.fromkeys(secret))
        return read

    def _trust(self) -> Case:
        return Case(When(self.trusted or Q(pk__in=()), then=Value(value=True)), default=Value(value=False))

    def _run_order(self, limit: int, place: Place | None, *, backwards: bool) -> list[tuple[int, Any]]:
        """The runs of the next rows, of each part so many, put in order."""
        found: list[tuple[int, Any]] = []
        for part in self.run_parts:
            rows = self._with_order(part, "", "pk")
            if not self.asker.scope.is_admin:
                # Not the primary key itself: a database would walk all runs by it rather than an index of what is seen.
                rows = rows.annotate(**{NUMBER: F("pk") + 0})
            if place is not None:
                rows = rows.filter(self.beyond(place, backwards=backwards))
            names = (NUMBER,) if self.sorted_by is None else (NUMBER, AT)
            read = self._ordered(rows, backwards=backwards).values_list(*names)[:limit]
            found += [(row[0], row[-1]) for row in read]
        return self._merged(found, backwards=backwards)[:limit]

    def _merged(self, found: list[tuple[int, Any]], *, backwards: bool) -> list[tuple[int, Any]]:
        if self.sorted_by is None:
            return sorted(found, reverse=self.down != backwards)
        found.sort(key=lambda one: one[0], reverse=not backwards)
        empty = [one for one in found if one[1] is None]
        there = [one for one in found if one[1] is not None]
        there.sort(key=lambda one: one[1], reverse=self.down != backwards)
        return [*empty, *there] if backwards else [*there, *empty]

    @functools.cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns that the view shows."""
        return tuple(self.listing.columns[key] for key in self.view.columns or self.listing.defaults)

    @functools.cached_property
    def paths(self) -> tuple[str, ...]:
        """What is read of each row."""
        shown = [path for column in self.columns for path in column.paths]
        main = self.listing.columns[self.listing.main].paths
        order = (NUMBER,) if self.sorted_by is None else (NUMBER, AT)
        return tuple(dict.fromkeys([*self.listing.always, *main, *shown, *order]))

    def place_in(self, row: Row, before: int = 0) -> Place:
        """A row's place in this order; `before` rows stand before it."""
        return Place(before, row.get(AT), row[NUMBER])

    def cursor(self, row: Row, before: int) -> str:
        """The text by which an address names a row's place in this order."""
        return write_cursor(self.place_in(row, before), self.view)

    # -- how many -----------------------------------------------------------------------------------------------------

    def count(self) -> Counted:
        """How many rows the view has, to ten thousand. One query, or one for each part of the runs."""
        number = 0
        for rows in self.run_parts if self.by_runs else [self.found()]:
            number += rows.values("pk")[: MOST_COUNTED + 1 - number].count()
            if number > MOST_COUNTED:
                return Counted(MOST_COUNTED, more=True)
        return Counted(number)

    def totals(self) -> list[Total]:
        """What the shown columns of figures come to, amounts by currency. One query; none without such columns."""
        if not self.summed:
            return []
        if not self._currencies:
            return self._totals_of(self.found().aggregate(**self._sums))
        grouped = self.found().values(*self._currencies).annotate(**self._sums)
        return [total for row in grouped.order_by(*self._currencies) for total in self._totals_of(row)]

    @functools.cached_property
    def summed(self) -> tuple[Column, ...]:
        """The shown columns that can be added up."""
        return tuple(column for column in self.columns if column.kind in SUMMED and (column.summed or column.averaged))

    @property
    def _currencies(self) -> tuple[str, ...]:
        return ("currency",) if any(column.kind == MONEY for column in self.summed) else ()

    @functools.cached_property
    def _sums(self) -> dict[str, Any]:
        only = {column.key: self.trusted if column.confidential else None for column in self.summed}
        found: dict[str, Any] = {"rows_counted": Count("pk")}
        for column in self.summed:
            if column.summed:
                found[f"sum_{column.key}"] = Sum(column.path, filter=only[column.key])
            found[f"mean_{column.key}"] = Avg(column.path, filter=only[column.key])
        return found

    def _totals_of(self, row: Row) -> list[Total]:
        found = []
        for column in self.summed:
            total, mean = row.get(f"sum_{column.key}"), row[f"mean_{column.key}"]
            if mean is not None:
                currency = row.get("currency", "") if column.kind == MONEY else ""
                found.append(Total(column.key, currency, total, round(mean)))
        return found

    # -- one row ------------------------------------------------------------------------------------------------------

    def place_of(self, item: int) -> Place | None:
        """Where a row stands in the order, whether the view holds it or not; None when the person may not see it."""
        seen = self.listing.seen(self.asker.scope).filter(pk=item)
        names = (NUMBER,) if self.sorted_by is None else (NUMBER, AT)
        row = self._with_order(seen, "run__", self.listing.ident).values_list(*names).first()
        return Place(0, row[1] if self.sorted_by else None, row[0]) if row else None

    def one(self, item: int) -> Row | None:
        """A row as it is shown, whether the view holds it or not; None when the person may not see it."""
        rows = self._with_order(self.listing.seen(self.asker.scope).filter(pk=item), "run__", self.listing.ident)
        return next(iter(self._read(rows)), None)

    def holds(self, item: int) -> bool:
        """Whether the view holds a row."""
        return self.found().filter(pk=item).exists()

    def count_before(self, place: Place) -> Counted:
        """How many rows stand before a place, to ten thousand."""
        number = 0
        prefix, ident = ("", "pk") if self.by_runs else ("run__", self.listing.ident)
        for rows in self.run_parts if self.by_runs else [self.found()]:
            before = self._with_order(rows, prefix, ident).filter(self.beyond(place, backwards=True))
            number += before.values("pk")[: MOST_COUNTED + 1 - number].count()
            if number > MOST_COUNTED:
                return Counted(MOST_COUNTED, more=True)
        return Counted(number)

    # -- groups -------------------------------------------------------------------------------------------------------

    def groups(self) -> list[Group]:
        """The rows by the value of the column that the view groups by: how many, and what they come to. One query."""
        column = self.listing.columns[self.view.group]
        path = column.path
        closed = Reading(self.listing, replace(self.view, opened=None), self.asker).found()
        if column.kind in (DAY, MOMENT):
            zone = self.asker.zone if column.kind == MOMENT else None
            closed = closed.annotate(month_at=TruncMonth(path, tzinfo=zone))
            path = "month_at"
        elif column.kind in (PERSON, TEAM):
            path = f"{path}_id"
        rows = closed.values(path, *self._currencies).annotate(**{"rows_counted": Count("pk"), **self._sums})
        found: dict[str, Group] = {}
        for row in rows.order_by(path, *self._currencies):
            key = group_key(row[path])
            known = found.get(key, Group(key, row[path], 0, ()))
            totals = (*known.totals, *self._totals_of(row))
            found[key] = replace(known, count=known.count + row["rows_counted"], totals=totals)
        if len(found) > MOST_GROUPS:
            raise Misread(_("There are more than %(most)s groups; narrow the list first.") % {"most": MOST_GROUPS})
        return list(found.values())


_ON = {"run": "run_id", "account": "id", "contact": "id"}


def tags_of(listing: Listing, rows: Sequence[Row]) -> Mapping[int, Sequence[str]]:
    """The tags of rows, by what they hang on. One query."""
    column = f"{listing.tagged}_id"
    ids = [row[_ON[listing.tagged]] for row in rows]
    found: dict[int, list[str]] = {}
    hung = Tagging.objects.filter(**{f"{column}__in": ids}).order_by("tag__name").values_list(column, "tag__name")
    for item, name in hung:
        found.setdefault(item, []).append(name)
    return found


def group_key(value: Any) -> str:
    """The value of a group as filters and addresses say it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:%Y-%m}" if isinstance(value, date) else str(value)


def _first(place: Place | None, shown: int, *, more: bool, backwards: bool) -> int:
    """How many rows stand before the page."""
    if place is None or (backwards and not more):
        return 0
    return max(0, place.before - shown) if backwards else place.before


def write_cursor(place: Place, view: View) -> str:
    """A place as an address says it."""
    kept = orjson.dumps([view.sort, place.before, place.value, place.ident])
    return base64.urlsafe_b64encode(kept).decode().rstrip("=")


def read_cursor(text: str, view: View, sorted_by: Column | None) -> Place | None:
    """The place that an address names; None for none, and for one of another order."""
    try:
        sort, before, value, ident = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if isinstance(value, str) and sorted_by is not None and sorted_by.order is None:
            if sorted_by.kind == MOMENT:
                value = datetime.fromisoformat(value)
            elif sorted_by.kind == DAY:
                value = date.fromisoformat(value)
            else:
                value = value.replace("\x00", "")
    except (binascii.Error, ValueError, TypeError):
        return None
    sound = sort == view.sort and all(type(one) is int and 0 <= one <= LARGEST for one in (before, ident))
    sound = sound and _fits(value, sorted_by)
    return Place(before, value, ident) if sound else None


def _fits(value: Any, sorted_by: Column | None) -> bool:
    """Whether a value may be one that the column is sorted by."""
    if value is None or sorted_by is None:
        return value is None
    if sorted_by.order is not None or sorted_by.kind in SUMMED:
        return type(value) is int and abs(value) <= LARGEST
    if sorted_by.kind == MOMENT:
        return isinstance(value, datetime) and value.tzinfo is not None
    kinds: Mapping[str, type] = {DAY: date, FLAG: bool}
    return isinstance(value, kinds.get(sorted_by.kind, str))


def group_leaf(column: Column, key: str) -> tree.Leaf:
    """The condition that leaves one group."""
    return tree.leaf(column.key, key)

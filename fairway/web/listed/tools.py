"""The tools of a list that are forms: choosing columns, and adding a condition. What they send becomes an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from fairway.lists import tree
from fairway.lists.asking import Asker
from fairway.lists.columns import DAY, FLAG, MOMENT, MONEY, NUMBER, TEXT, Column
from fairway.lists.conditions import build
from fairway.lists.days import WORDS
from fairway.lists.errors import Misread
from fairway.lists.listing import Listing
from fairway.lists.view import View

COLUMNS, FILTER = "columns", "filter"
BETWEEN = frozenset({NUMBER, MONEY, DAY, MOMENT})


def composed(listing: Listing, view: View, query: QueryDict, asker: Asker) -> View | None:
    """The view that a tool's form asks for; None when no tool was sent. Raises Misread for a condition that is none."""
    sent = query.get("compose")
    if sent == COLUMNS:
        return replace(view.first_page(), columns=_moved(listing, query))
    if sent == FILTER and query.get("add"):
        return replace(view.first_page(), filter=_joined(listing, view, query, asker))
    return None


# -- columns -----------------------------------------------------------------------------------------------------------


def _moved(listing: Listing, query: QueryDict) -> tuple[str, ...]:
    """The ticked columns, in the order of the form, one of them moved up or down."""
    wanted = [key for key in query.getlist("col") if key in listing.columns and listing.columns[key].shown]
    for name, by in (("up", -1), ("down", 1)):
        key = query.get(name, "")
        if key in wanted:
            at = wanted.index(key)
            wanted.insert(max(0, at + by), wanted.pop(at))
    chosen = (listing.main, *dict.fromkeys(key for key in wanted if key != listing.main))
    return () if chosen == listing.defaults else chosen


def column_form(listing: Listing, view: View) -> dict[str, Any]:
    """Every column that may be shown: the chosen ones first, in their order."""
    chosen = view.columns or listing.defaults
    others = [column.key for column in listing.shown if column.key not in chosen]
    rows = [
        {
            "key": key, "title": listing.columns[key].title, "ticked": key in chosen, "fixed": key == listing.main,
            "first": place <= 1, "last": place == len(chosen) - 1,
        }
        for place, key in enumerate([*chosen, *others])
    ]  # fmt: skip
    return {"rows": rows}


# -- a condition -------------------------------------------------------------------------------------------------------


def filter_form(listing: Listing, view: View, request: HttpRequest, asker: Asker) -> dict[str, Any]:
    """The fields to choose from; of the chosen one, what may be said about it."""
    fields = [(column.key, column.title) for column in listing.columns.values() if column.filterable]
    column = listing.columns.get(request.GET.get("field", ""))
    form: dict[str, Any] = {"fields": fields, "column": column, "joins": view.filter is not None, "wrong": ""}
    if column is not None and column.filterable:
        form |= {"signs": _signs(column), "choices": column.choosable(asker), "kind": _input(column), "words": WORDS}
    return form


def _input(column: Column) -> str:
    """How a value of the column is typed."""
    if column.choices or column.kind == FLAG:
        return "choice"
    return {NUMBER: "number", MONEY: "number", DAY: "day", MOMENT: "day"}.get(column.kind, "text")


def _signs(column: Column) -> Sequence[tuple[str, str]]:
    """What may be said about a column: the first is the usual."""
    if column.kind == FLAG:
        return [("is", _("is"))]
    empty = [("empty", _("has nothing")), ("filled", _("has something"))] if column.path else []
    if column.choices:
        return [("is", _("is one of")), ("isnt", _("is none of"))]
    if column.kind in BETWEEN:
        return [("between", _("from … to")), *empty]
    if column.kind == TEXT:
        return [("has", _("contains")), ("hasnt", _("does not contain")), ("is", _("is")), *empty]
    return [("is", _("is")), *empty]


def _joined(listing: Listing, view: View, query: QueryDict, asker: Asker) -> tree.Node:
    leaf = _leaf(query)
    trusted = listing.trusted(asker.scope) if listing.trusted else None
    build(leaf, listing.columns, asker, trusted)  # refused here rather than on the page that it leads to
    if view.filter is None:
        return leaf
    if query.get("join") == "or":
        parts = view.filter.parts if isinstance(view.filter, tree.Any) else (view.filter,)
        return tree.Any((*parts, leaf))
    parts = view.filter.parts if isinstance(view.filter, tree.All) else (view.filter,)
    return tree.All((*parts, leaf))


def _leaf(query: QueryDict) -> tree.Leaf:
    field, sign = query.get("add", ""), query.get("sign", "")
    values = [value.replace("\x00", "").strip() for value in query.getlist("value")]
    if sign in ("empty", "filled"):
        return tree.Leaf(field, tree.IS, ("",), negated=sign == "filled")
    if sign == "between":
        low, high = (query.get(name, "").replace("\x00", "").strip() for name in ("low", "high"))
        if not low and not high:
            raise Misread(_("Say from where, or up to where."))
        return tree.leaf(field, tree.Range(low, high))
    if not values or (values == [""] and query.get("typed")):
        raise Misread(_("Say what is looked for."))
    if sign in ("has", "hasnt"):
        return tree.Leaf(field, tree.HAS, tuple(values), negated=sign == "hasnt")
    return tree.Leaf(field, tree.IS, tuple(values), negated=sign == "isnt")

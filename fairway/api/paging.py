"""Pages by cursor: stable while rows come and go, in any order that a list offers."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from ninja import Field, Schema

from fairway.api.problems import Problem
from fairway.api.types import MOST_ID

MOST = 200
Shape = Callable[[dict[str, Any]], dict[str, Any]]
TITLE, TIME = "title", "time"


@dataclass(frozen=True, slots=True)
class Order:
    """A column to sort by: its kind, and whether it may be empty (then its rows come last, either way)."""

    column: str
    kind: str = TIME
    empty: bool = False


class Page(Schema):
    """Which page: up to `limit` rows after the page whose `next` is `after`."""

    after: str | None = Field(None, max_length=600, description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=MOST)


RunSort = Literal["created", "-created", "next_due", "-next_due", "title", "-title"]
RUN_ORDERS = {
    "created": Order("created_at"),
    "next_due": Order("run__next_due", empty=True),
    "title": Order("run__title", TITLE),
}


def page_of(
    rows: QuerySet[Any], columns: Sequence[str], page: Page, shape: Shape, *, sort: str | None = None,
    orders: Mapping[str, Order] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """One page of rows, as `shape` makes each of its `.values(*columns)`; one query.

    `sort` is a name of `orders`, with `-` before it when it descends; the newest first without. Rows that are the same
    in that column stand newest first. Raises Problem for a cursor that is none.
    """
    order = (orders or {})[sort.removeprefix("-")] if sort else None
    down = bool(sort) and str(sort).startswith("-")
    if page.after is not None:
        rows = rows.filter(_beyond(page.after, sort, order, down=down))
    wanted = (*columns, order.column) if order and order.column not in columns else columns
    found: list[dict[str, Any]] = list(_ordered(rows, order, down=down).values(*wanted)[: page.limit + 1])
    shown = found[: page.limit]
    more = len(found) > page.limit
    return {"items": [shape(row) for row in shown], "next": _cursor(shown[-1], sort, order) if more else None}


def _ordered(rows: QuerySet[Any], order: Order | None, *, down: bool) -> QuerySet[Any]:
    if order is None:
        return rows.order_by("-pk")
    if not order.empty:
        return rows.order_by(f"{'-' if down else ''}{order.column}", "-pk")
    column = F(order.column)
    return rows.order_by(column.desc(nulls_last=True) if down else column.asc(nulls_last=True), "-pk")


def _cursor(row: Mapping[str, Any], sort: str | None, order: Order | None) -> str:
    if order is None:
        return str(row["id"])
    return base64.urlsafe_b64encode(orjson.dumps([sort, row[order.column], row["id"]])).decode().rstrip("=")


def _beyond(after: str, sort: str | None, order: Order | None, *, down: bool) -> Q:
    """The rows behind the one that a cursor names."""
    if order is None:
        return Q(pk__lt=row_id(after))
    value, last = _read(after, sort, order)
    same = Q(**{order.column: value}, pk__lt=last)
    if value is None:
        return same
    beyond = Q(**{f"{order.column}__{'lt' if down else 'gt'}": value}) | same
    return beyond | Q(**{order.column: None}) if order.empty else beyond


def row_id(after: str) -> int:
    """The id in a cursor of the plain order. Raises Problem."""
    if not (after.isascii() and after.isdigit()) or not 0 < int(after) <= MOST_ID:
        raise bad_cursor()
    return int(after)


def _read(after: str, sort: str | None, order: Order) -> tuple[Any, int]:
    try:
        kept = orjson.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        asked, value, last = kept
        if value is not None and order.kind == TIME:
            value = datetime.fromisoformat(value)
        sound = asked == sort and type(last) is int and 0 < last <= MOST_ID and isinstance(value, str | datetime | None)
    except (binascii.Error, ValueError, TypeError) as error:
        raise bad_cursor() from error
    if not sound or (value is None and not order.empty) or (isinstance(value, datetime) and value.tzinfo is None):
        raise bad_cursor()
    return (value.replace("\x00", "") if isinstance(value, str) else value), last


def bad_cursor() -> Problem:
    """The refusal of a cursor that is not one of this list and order."""
    message = _("This is not the “next” of a page in this order.")
    return Problem(
        422, "invalid", _("Some fields need another look."),
        errors=[{"field": "after", "code": "cursor", "message": message}],
    )  # fmt: skip

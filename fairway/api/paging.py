"""Pages by cursor: stable while rows come and go."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from ninja import Field, Schema

MOST = 200


class Page(Schema):
    """Which page: up to `limit` rows after the row with id `after` (newest first)."""

    after: int | None = Field(None, ge=1, le=2**63 - 1, description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=MOST)


def page_of(
    rows: QuerySet[Any, dict[str, Any]], page: Page, shape: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """One page of rows given as `.values()` with an `id`, newest first; one query."""
    if page.after is not None:
        rows = rows.filter(pk__lt=page.after)
    found = list(rows.order_by("-pk")[: page.limit + 1])
    more = len(found) > page.limit
    shown: Iterable[dict[str, Any]] = found[: page.limit]
    items = [shape(row) for row in shown]
    return {"items": items, "next": items[-1]["id"] if more and items else None}

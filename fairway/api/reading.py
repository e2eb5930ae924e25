"""Reads of leads, deals and complaints: one row by its id, and pages of rows, with where their runs stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import models

from fairway.api.asking import now
from fairway.api.filtering import filtered_by
from fairway.api.paging import RUN_ORDERS, Page, page_of, row_id
from fairway.api.runs import RUN_COLUMNS, RunFilters, filtered
from fairway.people.models import User
from fairway.people.scope import Scope, scope_of
from fairway.prepared import Prepared
from fairway.runs.models.run import run_filter
from fairway.runs.permissions import sees_row

Shape = Callable[[dict[str, Any]], dict[str, Any]]
SHAPING = ("status", "late")
"""Filters whose value decides what is asked, not only with what it is compared."""


class Reading:
    """The reads of one model whose rows point to their run. `columns` are its own; those of the run come with them.

    A filter that is not of `RunFilters` compares the model's column of its name.
    """

    def __init__(self, model: type[models.Model], columns: tuple[str, ...]) -> None:
        self.model = model
        self.listing = str(model._meta.model_name) + "s"  # noqa: SLF001 - documented by Django
        self.columns = (*columns, *RUN_COLUMNS)
        self._one = Prepared(lambda item: self._rows().filter(pk=item).values_list(*self.columns))
        self._run = Prepared(
            lambda item: self._rows().filter(pk=item).values_list("run_id", "run__owner_id", "run__team_id")
        )
        self._page = Prepared(self._page_rows)

    def one(self, item: int, user: User) -> dict[str, Any]:
        """The row, if the person may see its run. Raises the model's DoesNotExist."""
        row = self._one.first(item)
        found = dict(zip(self.columns, row, strict=True)) if row else None
        if found is None or not sees_row(
            user, found["run_id"], owner_id=found["run__owner_id"], team_id=found["run__team_id"]
        ):
            raise self._missing(item)
        return found

    def run_of(self, item: int, user: User) -> int:
        """The run of the row, if the person may see it. Raises the model's DoesNotExist."""
        row = self._run.first(item)
        if row is None or not sees_row(user, row[0], owner_id=row[1], team_id=row[2]):
            raise self._missing(item)
        return int(row[0])

    def page(self, asked: RunFilters, page: Page, user: User, shape: Shape) -> dict[str, Any]:
        """One page of the rows that the person may see, as the API gives it; one query."""
        scope = scope_of(user)
        if asked.sort is not None or asked.filter:
            left = filtered_by(self.narrowed(asked, scope, now()), self.listing, asked.filter, user)
            return page_of(left, self.columns, page, shape, sort=asked.sort, orders=RUN_ORDERS)
        given = dict(asked)
        del given["sort"], given["filter"]
        shaping = {name: given.pop(name) for name in SHAPING}
        given["q"] = given["q"] or None
        after = row_id(page.after) if page.after is not None else None
        rows = self._page.rows(
            scope.user_id, tuple(sorted(scope.team_ids)), now(), after, *given.values(), roles=scope.roles,
            limit=page.limit + 1, asked=type(asked), **shaping,
        )  # fmt: skip
        more = len(rows) > page.limit
        items = [shape(dict(zip(self.columns, row, strict=True))) for row in rows[: page.limit]]
        return {"items": items, "next": str(items[-1]["id"]) if more else None}

    def _page_rows(
        self, user_id: int | None, teams: tuple[int, ...], at: datetime, after: int | None, *given: Any,
        roles: frozenset[str], limit: int, asked: type[RunFilters], **shaping: Any,
    ) -> models.QuerySet[Any, Any]:  # fmt: skip
        names = [name for name in asked.model_fields if name not in (*SHAPING, "sort", "filter")]
        filters = asked.model_construct(**dict(zip(names, given, strict=True)), **shaping)
        rows = self.narrowed(filters, Scope(user_id=user_id, roles=roles, team_ids=frozenset(teams)), at)
        if after is not None:
            rows = rows.filter(pk__lt=after)
        return rows.order_by("-pk").values_list(*self.columns)[:limit]

    def narrowed(self, asked: RunFilters, scope: Scope, at: datetime) -> models.QuerySet[Any, Any]:
        """The rows that the person may see and the filters leave; what is late is late at `at`."""
        rows = filtered(self._rows().filter(run_filter(scope, "run__")), asked, at=at)
        for name in type(asked).model_fields:
            if name not in RunFilters.model_fields and getattr(asked, name) is not None:
                rows = rows.filter(**{name: getattr(asked, name)})
        return rows

    def _rows(self) -> models.QuerySet[Any, Any]:
        return self.model._default_manager.order_by()  # noqa: SLF001 - documented by Django

    def _missing(self, item: int) -> Exception:
        missing: type[Exception] = self.model.DoesNotExist  # type: ignore[attr-defined]
        return missing(item)

"""What companies and contacts have in common: rows with a revision, given, listed and written in one way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema
from pydantic import BaseModel

from fairway.api.asking import person
from fairway.api.current import represents
from fairway.api.filtering import FilterText, filtered_by
from fairway.api.paging import TITLE, Order, Page, page_of
from fairway.api.replies import reply
from fairway.api.runs import within
from fairway.api.types import Moment
from fairway.customers.models import Account, Contact
from fairway.people.scope import scope_of

LISTS: Mapping[type, str] = {Account: "accounts", Contact: "contacts"}
ORDERS = {"created": Order("created_at"), "title": Order("name", TITLE)}


class Filters(Schema):
    """Filters that both lists have."""

    q: str | None = Field(None, max_length=100, description="Part of a name.")
    created_from: Moment | None = None
    created_to: Moment | None = Field(None, description="Up to and without this time.")
    filter: FilterText = None
    sort: Literal["created", "-created", "title", "-title"] | None = Field(None, description="Newest first without.")


@dataclass(frozen=True)
class Resource:
    """One of the two: its columns, what the API calls some of them, and what null makes of one (without: no text)."""

    name: str
    model: type[Account | Contact]
    columns: tuple[str, ...]
    named: Mapping[str, str]
    empty: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Say how one stands now, for whoever was told that a colleague was first."""
        represents(self.name, self.given)

    def visible(self, request: HttpRequest) -> QuerySet[Any]:
        """Those that the person may see."""
        return self.model.objects.visible_to(scope_of(person(request)))

    def shape(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row as the API gives it."""
        return {self.named.get(name, name): row[name] for name in self.columns}

    def given(self, request: HttpRequest, item: int) -> dict[str, Any]:
        """One by its id. Raises DoesNotExist for one that the person may not see."""
        return self.shape(self.visible(request).values(*self.columns).get(pk=item))

    def one(self, request: HttpRequest, item: int, *, status: int = 200) -> HttpResponse:
        """One as an answer, with its ETag."""
        row = self.given(request, item)
        return reply(row, status=status, revision=row["revision"])

    def listed(self, request: HttpRequest, rows: QuerySet[Any], asked: Filters, page: Page) -> HttpResponse:
        """A page of the rows that the common filters leave."""
        rows = filtered_by(rows, LISTS[self.model], asked.filter, person(request))
        if asked.q:
            rows = rows.filter(name__icontains=asked.q.replace("\x00", ""))
        rows = within(rows, asked.created_from, asked.created_to)
        return reply(page_of(rows, self.columns, page, self.shape, sort=asked.sort, orders=ORDERS))

    def written(self, body: BaseModel) -> dict[str, Any]:
        """What was sent, by the names of the columns: what was left out is not there, null empties a field."""
        columns = {api: column for column, api in self.named.items()}
        return {
            columns.get(name, name): self.empty.get(name, "") if value is None else value
            for name, value in body.model_dump(exclude_unset=True).items()
        }

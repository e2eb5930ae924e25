"""Receivables: payment nodes, what came in on them and what is still owed."""

from datetime import date, datetime
from typing import Any, Literal

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import now, person
from fairway.api.paging import Order, Page, page_of
from fairway.api.replies import money, reply
from fairway.api.types import Id, ItemId, Money
from fairway.people.doors import door
from fairway.people.scope import scope_of
from fairway.receivables.kind import OWED
from fairway.receivables.models import Node, Receipt

router = Router(tags=["receivables"])
COLUMNS = (
    "id", "run_id", "run__title", "run__account_id", "run__owner_id", "key", "title", "percent", "currency", "amount",
    "received", "deducted", "written_off", "owed", "due_at", "settled_at",
)  # fmt: skip
NAMED = {
    "run_id": "run",
    "run__title": "deal_name",
    "run__account_id": "account",
    "run__owner_id": "owner",
    "owed": "outstanding",
}
MONEY = frozenset({"amount", "received", "deducted", "written_off", "owed"})
ORDERS = {"due": Order("due_at", empty=True)}


class NodeOut(Schema):
    """A payment node. `outstanding` is what is still owed; `late` when that is due and not there."""

    id: int
    run: int
    deal_name: str
    account: int | None
    owner: int | None
    key: str
    title: str
    percent: str
    currency: str
    amount: Money
    received: Money
    deducted: Money
    written_off: Money
    outstanding: Money
    due_at: datetime | None
    late: bool
    settled_at: datetime | None


class ReceiptOut(Schema):
    """Money that came in on a node, or was taken off it."""

    id: int
    amount: Money
    deduction: Money
    deduction_kind: str
    received_on: date
    at: datetime
    by: int | None


class WholeNodeOut(NodeOut):
    """A payment node with its receipts, oldest first."""

    receipts: list[ReceiptOut]


class NodePage(Schema):
    """A page of payment nodes."""

    items: list[NodeOut]
    next: str | None


class NodeFilters(Schema):
    """Filters of the list of payment nodes; `sort=due` puts what is due first on top."""

    overdue: bool | None = None
    settled: bool | None = None
    run: Id | None = None
    account: Id | None = None
    owner: Id | None = None
    sort: Literal["due", "-due"] | None = Field(None, description="Newest first without.")


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """A payment node as the API gives it."""
    node = {NAMED.get(name, name): money(row[name]) if name in MONEY else row[name] for name in COLUMNS}
    due = row["due_at"]
    return {**node, "percent": f"{row['percent']:f}", "late": bool(due and row["settled_at"] is None and due < now())}


def _seen(request: HttpRequest) -> Any:
    nodes = Node.objects.visible_to(scope_of(person(request)))
    return nodes.order_by().annotate(owed=OWED, due_at=F("task__due_at"))


@router.get("", response={200: NodePage}, operation_id="receivables_list")
@door(scope="deals:read")
def list_nodes(request: HttpRequest, asked: Query[NodeFilters], page: Query[Page]) -> HttpResponse:
    """List the payment nodes of the deals that one sees."""
    rows = _seen(request)
    same = {"run_id": asked.run, "run__account_id": asked.account, "run__owner_id": asked.owner}
    rows = rows.filter(**{column: value for column, value in same.items() if value is not None})
    if asked.settled is not None:
        rows = rows.filter(settled_at__isnull=not asked.settled)
    if asked.overdue is not None:
        late = Q(settled_at=None, task__due_at__isnull=False, task__due_at__lt=now())
        rows = rows.filter(late if asked.overdue else ~late)
    return reply(page_of(rows, COLUMNS, page, shape, sort=asked.sort, orders=ORDERS))


@router.get("/{item}", response={200: WholeNodeOut}, operation_id="receivables_get")
@door(scope="deals:read")
def get_node(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one payment node with its receipts."""
    node = shape(_seen(request).values(*COLUMNS).get(pk=item))
    columns = ("id", "amount", "deduction", "deduction_kind", "received_on", "at", "by_id")
    receipts = [
        {"by": row.pop("by_id"), **row, "amount": money(row["amount"]), "deduction": money(row["deduction"])}
        for row in Receipt.objects.filter(node_id=item).order_by("id").values(*columns)
    ]
    return reply({**node, "receipts": receipts})

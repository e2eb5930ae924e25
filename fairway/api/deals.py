"""Deals."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import now, person, posted, revision_of
from fairway.api.current import represents
from fairway.api.paging import Page
from fairway.api.reading import Reading
from fairway.api.replies import money, reply
from fairway.api.runs import RunFilters, facts_in, mount, run_part
from fairway.api.schemas import RunOut
from fairway.api.types import Body, Day, Id, ItemId, Money
from fairway.customers.models import Account, Contact
from fairway.deals.actions import start_deal
from fairway.deals.models import Deal
from fairway.people.doors import door
from fairway.people.scope import scope_of
from fairway.runs.actions import change_facts
from fairway.runs.models import Run
from fairway.runs.permissions import reads_confidential

router = Router(tags=["deals"])
OPEN = (
    "id", "name", "account_id", "account__name", "contact_id", "contact__name", "currency", "amount", "list_amount",
    "budget_from", "budget_to", "expected_close", "complex", "custom", "promised_golive", "created_at",
)  # fmt: skip
CONFIDENTIAL = ("cost", "floor_price", "max_payment_days", "min_scope")
MONEY = ("amount", "list_amount", "budget_from", "budget_to", "cost", "floor_price")
READING = Reading(Deal, (*OPEN, *CONFIDENTIAL))


class DealOut(RunOut):
    """A deal and where it stands. The last four are given to the deal's team only, and left out for others."""

    id: int
    name: str
    account: int
    account_name: str
    contact: int | None
    contact_name: str | None
    currency: str
    amount: Money | None
    list_amount: Money | None
    budget_from: Money | None
    budget_to: Money | None
    expected_close: date | None
    complex: bool
    custom: bool
    promised_golive: date | None
    created_at: datetime
    cost: Money | None = None
    floor_price: Money | None = None
    max_payment_days: int | None = None
    min_scope: str | None = None


class DealPage(Schema):
    """A page of deals; confidential values are not in lists."""

    items: list[DealOut]
    next: str | None


class NewDeal(Body):
    """A deal with a company that is known, on the SOP `repurchase` or `key-account`."""

    sop: str = Field(max_length=50, examples=["repurchase"])
    account: Id
    contact: Id | None = None
    name: str = Field(min_length=1, max_length=200)


class DealFacts(Body):
    """What is known of a deal outside the forms of its steps; what is left out stays, null empties a field."""

    name: str = Field("", min_length=1, max_length=200)
    expected_close: Day | None = None


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """A deal as the API gives it."""
    named = {
        "account_id": "account",
        "account__name": "account_name",
        "contact_id": "contact",
        "contact__name": "contact_name",
    }
    columns = {named.get(name, name): row[name] for name in (*OPEN, *CONFIDENTIAL) if name in row}
    for name in MONEY:
        if name in columns:
            columns[name] = money(columns[name])
    return {**columns, **run_part(row)}


def listed(row: dict[str, Any]) -> dict[str, Any]:
    """A deal without what is for its team only."""
    return shape({name: value for name, value in row.items() if name not in CONFIDENTIAL})


def locate(request: HttpRequest, item: int) -> int:
    """The run of a deal that the person may see. Raises Deal.DoesNotExist."""
    return READING.run_of(item, person(request))


@router.get("", response={200: DealPage}, operation_id="deals_list")
@door(scope="deals:read")
def list_deals(request: HttpRequest, asked: Query[RunFilters], page: Query[Page]) -> HttpResponse:
    """List deals, newest first."""
    return reply(READING.page(asked, page, person(request), listed))


@router.post("", response={201: DealOut}, operation_id="deals_create")
@door(scope="deals:write")
@posted
def create_deal(request: HttpRequest, body: NewDeal) -> HttpResponse:
    """Start a deal with a company that is known. One under way on the same SOP is given back instead."""
    user = person(request)
    account = Account.objects.visible_to(scope_of(user)).get(pk=body.account)
    contact = Contact.objects.get(pk=body.contact, account=account) if body.contact else None
    deal = start_deal(body.sop, account=account, contact=contact, name=body.name, owner=user, by=user, now=now())
    return _whole(deal.pk, request, status=201)


class DealStageOut(Schema):
    """How many open deals of an SOP stand on a stage, and what they add up to in one currency."""

    sop: str
    stage: str
    currency: str
    count: int
    amount: Money


@router.get("/by-stage", response={200: list[DealStageOut]}, operation_id="deals_by_stage")
@door(scope="deals:read")
def by_stage(request: HttpRequest) -> HttpResponse:
    """Count and add up the open deals that one sees by stage."""
    seen = Deal.objects.visible_to(scope_of(person(request))).filter(run__outcome="").order_by()
    grouped = seen.values_list("run__sop", "run__stage", "currency").annotate(Count("pk"), Sum("amount"))
    return reply(
        [
            {"sop": sop, "stage": stage, "currency": currency, "count": count, "amount": money(int(amount or 0))}
            for sop, stage, currency, count, amount in sorted(grouped, key=lambda row: row[:3])
        ]
    )


@router.get("/{item}", response={200: DealOut}, operation_id="deals_get")
@door(scope="deals:read")
def get_deal(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one deal, with what is confidential for those on its team."""
    return _whole(item, request)


def _given(request: HttpRequest, item: int) -> dict[str, Any]:
    user = person(request)
    row = READING.one(item, user)
    run = Run(pk=row["run_id"], owner_id=row["run__owner_id"], team_id=row["run__team_id"])
    return shape(row) if reads_confidential(user, run) else listed(row)


def _whole(deal_id: int, request: HttpRequest, *, status: int = 200) -> HttpResponse:
    row = _given(request, deal_id)
    return reply(row, status=status, revision=row["revision"])


@router.patch("/{item}", response={200: DealOut}, operation_id="deals_change")
@door(scope="deals:write")
def change_deal(request: HttpRequest, item: ItemId, body: DealFacts) -> HttpResponse:
    """Change facts of a deal."""
    user, facts = person(request), facts_in(body, "deal")
    title, seen = facts.get("deal.name"), revision_of(request)
    change_facts(locate(request, item), facts, by=user, now=now(), title=title, revision=seen)
    return _whole(item, request)


represents("deals", _given)
mount(router, "deals", locate)

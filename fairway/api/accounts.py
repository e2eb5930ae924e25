"""Companies."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import now, person, posted, revision_of
from fairway.api.current import represents
from fairway.api.paging import TITLE, Order, Page, page_of
from fairway.api.replies import reply
from fairway.api.runs import within
from fairway.api.types import Body, Id, ItemId, Moment
from fairway.customers.actions import change_account, create_account
from fairway.customers.models import Account
from fairway.people.doors import door
from fairway.people.scope import scope_of

router = Router(tags=["companies"])
COLUMNS = (
    "id", "name", "legal_name", "uscc", "industry", "size", "region", "address", "website", "phone", "tier",
    "parent_id", "satisfaction", "term_end", "golive_on", "on_hold", "remark", "owner_id", "owner__display_name",
    "team_id", "created_at", "revision",
)  # fmt: skip
NAMED = {"parent_id": "parent", "owner_id": "owner", "owner__display_name": "owner_name", "team_id": "team"}


class AccountOut(Schema):
    """A company."""

    id: int
    name: str
    legal_name: str
    uscc: str
    industry: str
    size: str
    region: str
    address: str
    website: str
    phone: str
    tier: str
    parent: int | None
    satisfaction: int | None
    term_end: date | None
    golive_on: date | None
    on_hold: bool
    remark: str
    owner: int | None
    owner_name: str | None
    team: int | None
    created_at: datetime
    revision: int


class AccountPage(Schema):
    """A page of companies."""

    items: list[AccountOut]
    next: str | None


class AccountIn(Body):
    """What may be written of a company; what is left out stays, null empties a field."""

    name: str | None = Field(None, min_length=1, max_length=200)
    legal_name: str | None = Field(None, max_length=200)
    uscc: str | None = Field(None, max_length=18)
    industry: str | None = Field(None, max_length=50)
    size: str | None = Field(None, max_length=100)
    region: str | None = Field(None, max_length=100)
    address: str | None = Field(None, max_length=300)
    website: str | None = Field(None, max_length=200)
    phone: str | None = Field(None, max_length=50)
    tier: str | None = Field(None, pattern="^[ABC]?$")
    remark: str | None = Field(None, max_length=5000)


class AccountFilters(Schema):
    """Filters of the list of companies."""

    q: str | None = Field(None, max_length=100, description="Part of a name.")
    owner: Id | None = None
    tier: str | None = Field(None, max_length=1)
    created_from: Moment | None = None
    created_to: Moment | None = Field(None, description="Up to and without this time.")
    sort: Literal["created", "-created", "title", "-title"] | None = Field(None, description="Newest first without.")


ORDERS = {"created": Order("created_at"), "title": Order("name", TITLE)}


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """A company as the API gives it."""
    return {NAMED.get(name, name): row[name] for name in COLUMNS}


def _given(request: HttpRequest, item: int) -> dict[str, Any]:
    return shape(Account.objects.visible_to(scope_of(person(request))).values(*COLUMNS).get(pk=item))


def _one(account_id: int, request: HttpRequest, *, status: int = 200) -> HttpResponse:
    row = _given(request, account_id)
    return reply(row, status=status, revision=row["revision"])


represents("companies", _given)


@router.get("", response={200: AccountPage}, operation_id="accounts_list")
@door(scope="companies:read")
def list_accounts(request: HttpRequest, asked: Query[AccountFilters], page: Query[Page]) -> HttpResponse:
    """List companies, newest first."""
    rows = Account.objects.visible_to(scope_of(person(request))).filter(archived_at=None)
    if asked.q:
        rows = rows.filter(name__icontains=asked.q.replace("\x00", ""))
    if asked.owner is not None:
        rows = rows.filter(owner_id=asked.owner)
    if asked.tier is not None:
        rows = rows.filter(tier=asked.tier)
    return reply(
        page_of(
            within(rows, asked.created_from, asked.created_to), COLUMNS, page, shape, sort=asked.sort, orders=ORDERS
        )
    )


@router.post("", response={201: AccountOut}, operation_id="accounts_create")
@door(scope="companies:write")
@posted
def create(request: HttpRequest, body: AccountIn) -> HttpResponse:
    """Make a company."""
    account = create_account(_written(body), by=person(request), now=now())
    return _one(account.pk, request, status=201)


@router.get("/{item}", response={200: AccountOut}, operation_id="accounts_get")
@door(scope="companies:read")
def get(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one company."""
    return _one(item, request)


@router.patch(
    "/{item}", response={200: AccountOut},
    operation_id="accounts_change",
)  # fmt: skip
@door(scope="companies:write")
def change(request: HttpRequest, item: ItemId, body: AccountIn) -> HttpResponse:
    """Change fields of a company."""
    Account.objects.visible_to(scope_of(person(request))).values("pk").get(pk=item)
    change_account(item, _written(body), by=person(request), now=now(), revision=revision_of(request))
    return _one(item, request)


def _written(body: AccountIn) -> dict[str, Any]:
    """What was sent: null empties a field."""
    return {name: "" if value is None else value for name, value in body.dict(exclude_unset=True).items()}

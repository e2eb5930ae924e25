"""Companies."""

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import now, person, posted, revision_of
from fairway.api.customers import Filters, Resource
from fairway.api.duplicates import mount
from fairway.api.paging import Page
from fairway.api.schemas import Tags
from fairway.api.types import Body, Day, Id, ItemId
from fairway.customers.actions import change_account, create_account
from fairway.customers.models import Account
from fairway.lists.actions.tags import named, tag_account
from fairway.people.doors import door

router = Router(tags=["companies"])
COMPANIES = Resource(
    "companies", Account,
    (
        "id", "name", "legal_name", "uscc", "industry", "size", "region", "address", "website", "phone", "tier",
        "parent_id", "satisfaction", "term_end", "golive_on", "on_hold", "remark", "owner_id", "owner__display_name",
        "team_id", "created_at", "revision",
    ),
    {"parent_id": "parent", "owner_id": "owner", "owner__display_name": "owner_name", "team_id": "team"},
    dict.fromkeys(("parent", "satisfaction", "term_end", "golive_on")) | {"on_hold": False},
)  # fmt: skip


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
    parent: Id | None = Field(None, description="The company above it in its group.")
    satisfaction: int | None = Field(None, ge=1, le=5)
    term_end: Day | None = None
    golive_on: Day | None = None
    on_hold: bool | None = Field(None, description="New orders on hold: for managers and finance.")
    remark: str | None = Field(None, max_length=5000)


class AccountFilters(Filters):
    """Filters of the list of companies."""

    owner: Id | None = None
    tier: str | None = Field(None, max_length=1)
    parent: Id | None = Field(None, description="Branches of this company.")


@router.get("", response={200: AccountPage}, operation_id="accounts_list")
@door(scope="companies:read")
def list_accounts(request: HttpRequest, asked: Query[AccountFilters], page: Query[Page]) -> HttpResponse:
    """List companies, newest first."""
    rows = COMPANIES.visible(request).filter(archived_at=None)
    for column, value in (("owner_id", asked.owner), ("tier", asked.tier), ("parent_id", asked.parent)):
        if value is not None:
            rows = rows.filter(**{column: value})
    return COMPANIES.listed(request, rows, asked, page)


@router.post("", response={201: AccountOut}, operation_id="accounts_create")
@door(scope="companies:write")
@posted
def create(request: HttpRequest, body: AccountIn) -> HttpResponse:
    """Make a company."""
    account = create_account(COMPANIES.written(body), by=person(request), now=now())
    return COMPANIES.one(request, account.pk, status=201)


@router.get("/{item}", response={200: AccountOut}, operation_id="accounts_get")
@door(scope="companies:read")
def get(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one company."""
    return COMPANIES.one(request, item)


@router.post("/{item}/tags", response={200: AccountOut}, operation_id="accounts_tag")
@door(scope="companies:write")
@posted
def tag(request: HttpRequest, item: ItemId, body: Tags) -> HttpResponse:
    """Put tags on a company, and take others off."""
    COMPANIES.visible(request).values("pk").get(pk=item)
    tag_account(item, add=named(body.add), remove=body.remove, by=person(request), now=now())
    return COMPANIES.one(request, item)


@router.patch("/{item}", response={200: AccountOut}, operation_id="accounts_change")
@door(scope="companies:write")
def change(request: HttpRequest, item: ItemId, body: AccountIn) -> HttpResponse:
    """Change fields of a company."""
    COMPANIES.visible(request).values("pk").get(pk=item)
    change_account(item, COMPANIES.written(body), by=person(request), now=now(), revision=revision_of(request))
    return COMPANIES.one(request, item)


mount(router, "account")

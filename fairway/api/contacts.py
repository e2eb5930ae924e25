"""Contacts."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import now, person, posted, revision_of
from fairway.api.current import represents
from fairway.api.paging import TITLE, Order, Page, page_of
from fairway.api.replies import reply
from fairway.api.runs import within
from fairway.api.types import Body, Id, ItemId, Moment
from fairway.customers.actions import change_contact, create_contact
from fairway.customers.models import Account, Contact
from fairway.people.doors import door
from fairway.people.scope import scope_of

router = Router(tags=["contacts"])
COLUMNS = (
    "id", "account_id", "account__name", "name", "department", "title", "phone", "email", "wechat", "buying_role",
    "attitude", "influence", "reports_to_id", "concerns", "no_contact", "left_company", "created_at", "revision",
)  # fmt: skip
NAMED = {"account_id": "account", "account__name": "account_name", "reports_to_id": "reports_to"}


class ContactOut(Schema):
    """A person at a company, with the part they play in buying."""

    id: int
    account: int
    account_name: str
    name: str
    department: str
    title: str
    phone: str
    email: str
    wechat: str
    buying_role: str
    attitude: str
    influence: int | None
    reports_to: int | None
    concerns: str
    no_contact: bool
    left_company: bool
    created_at: datetime
    revision: int


class ContactPage(Schema):
    """A page of contacts."""

    items: list[ContactOut]
    next: str | None


class ContactIn(Body):
    """What may be written of a contact; what is left out stays, null empties a field."""

    name: str | None = Field(None, min_length=1, max_length=100)
    department: str | None = Field(None, max_length=100)
    title: str | None = Field(None, max_length=100)
    phone: str | None = Field(None, max_length=50)
    email: str | None = Field(None, max_length=254)
    wechat: str | None = Field(None, max_length=50)
    buying_role: str | None = Field(None, pattern="^(decision|influence|user|technical|purchasing|blocker)?$")
    attitude: str | None = Field(None, pattern="^(support|neutral|oppose)?$")
    influence: int | None = Field(None, ge=1, le=5)
    concerns: str | None = Field(None, max_length=5000)
    no_contact: bool | None = None
    left_company: bool | None = None


class NewContact(ContactIn):
    """A contact at a company."""

    account: Id


class ContactFilters(Schema):
    """Filters of the list of contacts."""

    q: str | None = Field(None, max_length=100, description="Part of a name.")
    account: Id | None = None
    created_from: Moment | None = None
    created_to: Moment | None = Field(None, description="Up to and without this time.")
    sort: Literal["created", "-created", "title", "-title"] | None = Field(None, description="Newest first without.")


EMPTY = {"influence": None, "no_contact": False, "left_company": False}
ORDERS = {"created": Order("created_at"), "title": Order("name", TITLE)}


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """A contact as the API gives it."""
    return {NAMED.get(name, name): row[name] for name in COLUMNS}


def _given(request: HttpRequest, item: int) -> dict[str, Any]:
    return shape(Contact.objects.visible_to(scope_of(person(request))).values(*COLUMNS).get(pk=item))


def _one(contact_id: int, request: HttpRequest, *, status: int = 200) -> HttpResponse:
    row = _given(request, contact_id)
    return reply(row, status=status, revision=row["revision"])


represents("contacts", _given)


@router.get("", response={200: ContactPage}, operation_id="contacts_list")
@door(scope="contacts:read")
def list_contacts(request: HttpRequest, asked: Query[ContactFilters], page: Query[Page]) -> HttpResponse:
    """List contacts, newest first."""
    rows = Contact.objects.visible_to(scope_of(person(request)))
    if asked.q:
        rows = rows.filter(name__icontains=asked.q.replace("\x00", ""))
    if asked.account is not None:
        rows = rows.filter(account_id=asked.account)
    return reply(
        page_of(
            within(rows, asked.created_from, asked.created_to), COLUMNS, page, shape, sort=asked.sort, orders=ORDERS
        )
    )


@router.post("", response={201: ContactOut}, operation_id="contacts_create")
@door(scope="contacts:write")
@posted
def create(request: HttpRequest, body: NewContact) -> HttpResponse:
    """Make a contact at a company."""
    user = person(request)
    account = Account.objects.visible_to(scope_of(user)).get(pk=body.account)
    values = {key: value for key, value in _written(body).items() if key != "account"}
    contact = create_contact(account.pk, values, by=user, now=now())
    return _one(contact.pk, request, status=201)


@router.get("/{item}", response={200: ContactOut}, operation_id="contacts_get")
@door(scope="contacts:read")
def get(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one contact."""
    return _one(item, request)


@router.patch(
    "/{item}", response={200: ContactOut},
    operation_id="contacts_change",
)  # fmt: skip
@door(scope="contacts:write")
def change(request: HttpRequest, item: ItemId, body: ContactIn) -> HttpResponse:
    """Change fields of a contact."""
    Contact.objects.visible_to(scope_of(person(request))).values("pk").get(pk=item)
    change_contact(item, _written(body), by=person(request), now=now(), revision=revision_of(request))
    return _one(item, request)


def _written(body: ContactIn) -> dict[str, Any]:
    """What was sent: null empties a field."""
    return {
        name: EMPTY.get(name, "") if value is None else value for name, value in body.dict(exclude_unset=True).items()
    }

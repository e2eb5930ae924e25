"""Contacts."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import now, person, posted, revision_of
from fairway.api.customers import Filters, Resource
from fairway.api.duplicates import mount
from fairway.api.paging import Page
from fairway.api.schemas import Tags
from fairway.api.types import Body, Id, ItemId
from fairway.customers.actions import change_contact, create_contact
from fairway.customers.models import Account, Contact
from fairway.lists.actions.tags import named, tag_contact
from fairway.people.doors import door
from fairway.people.scope import scope_of

router = Router(tags=["contacts"])
CONTACTS = Resource(
    "contacts", Contact,
    (
        "id", "account_id", "account__name", "name", "department", "title", "phone", "email", "wechat", "buying_role",
        "attitude", "influence", "reports_to_id", "concerns", "no_contact", "left_company", "created_at", "revision",
    ),
    {"account_id": "account", "account__name": "account_name", "reports_to_id": "reports_to"},
    {"influence": None, "reports_to": None, "no_contact": False, "left_company": False},
)  # fmt: skip


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
    reports_to: Id | None = Field(None, description="The contact above them, of the same company.")
    concerns: str | None = Field(None, max_length=5000)
    no_contact: bool | None = None
    left_company: bool | None = None


class NewContact(ContactIn):
    """A contact at a company."""

    account: Id


class ContactFilters(Filters):
    """Filters of the list of contacts."""

    account: Id | None = None


@router.get("", response={200: ContactPage}, operation_id="contacts_list")
@door(scope="contacts:read")
def list_contacts(request: HttpRequest, asked: Query[ContactFilters], page: Query[Page]) -> HttpResponse:
    """List contacts, newest first."""
    rows = CONTACTS.visible(request)
    if asked.account is not None:
        rows = rows.filter(account_id=asked.account)
    return CONTACTS.listed(request, rows, asked, page)


@router.post("", response={201: ContactOut}, operation_id="contacts_create")
@door(scope="contacts:write")
@posted
def create(request: HttpRequest, body: NewContact) -> HttpResponse:
    """Make a contact at a company."""
    user = person(request)
    account = Account.objects.visible_to(scope_of(user)).get(pk=body.account)
    values = {key: value for key, value in CONTACTS.written(body).items() if key != "account_id"}
    contact = create_contact(account.pk, values, by=user, now=now())
    return CONTACTS.one(request, contact.pk, status=201)


@router.get("/{item}", response={200: ContactOut}, operation_id="contacts_get")
@door(scope="contacts:read")
def get(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one contact."""
    return CONTACTS.one(request, item)


@router.post("/{item}/tags", response={200: ContactOut}, operation_id="contacts_tag")
@door(scope="contacts:write")
@posted
def tag(request: HttpRequest, item: ItemId, body: Tags) -> HttpResponse:
    """Put tags on a contact, and take others off."""
    CONTACTS.visible(request).values("pk").get(pk=item)
    tag_contact(item, add=named(body.add), remove=body.remove, by=person(request), now=now())
    return CONTACTS.one(request, item)


@router.patch("/{item}", response={200: ContactOut}, operation_id="contacts_change")
@door(scope="contacts:write")
def change(request: HttpRequest, item: ItemId, body: ContactIn) -> HttpResponse:
    """Change fields of a contact."""
    CONTACTS.visible(request).values("pk").get(pk=item)
    change_contact(item, CONTACTS.written(body), by=person(request), now=now(), revision=revision_of(request))
    return CONTACTS.one(request, item)


mount(router, "contact")

"""Complaints."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import now, person, posted, revision_of
from fairway.api.current import represents
from fairway.api.paging import Page
from fairway.api.reading import Reading
from fairway.api.replies import money, reply
from fairway.api.runs import RunFilters, facts_in, mount, run_part
from fairway.api.schemas import RunOut
from fairway.api.types import Body, ItemId, Money
from fairway.care.actions import register_complaint
from fairway.care.models import Complaint
from fairway.people.doors import door
from fairway.runs.actions import change_facts

router = Router(tags=["complaints"])
COLUMNS = (
    "id", "account_id", "account__name", "level", "category", "channel", "content", "demand", "complainant",
    "root_cause", "responsible", "compensation", "currency", "solved", "satisfied", "received_at", "created_at",
)  # fmt: skip
READING = Reading(Complaint, COLUMNS)


class ComplaintOut(RunOut):
    """A complaint and where it stands."""

    id: int
    account: int | None
    account_name: str | None
    level: str
    category: str
    channel: str
    content: str
    demand: str
    complainant: str
    root_cause: str
    responsible: str
    compensation: Money | None
    currency: str
    solved: bool
    satisfied: bool | None
    received_at: datetime
    created_at: datetime


class ComplaintPage(Schema):
    """A page of complaints."""

    items: list[ComplaintOut]
    next: str | None


class ComplaintFilters(RunFilters):
    """Filters of the list of complaints."""

    level: str | None = Field(None, max_length=10)


class NewComplaint(Body):
    """The values of the SOP's first form (F24), by field key; `received_at` says when it came in."""

    values: dict[str, Any] = Field(
        examples=[{"category": "delivery", "severity": "normal", "channel": "phone", "content": "晚了三天"}]
    )


class ComplaintFacts(Body):
    """What is known of a complaint outside the forms of its steps; what is left out stays, null empties a field."""

    complainant: str | None = Field(None, max_length=200)
    demand: str | None = Field(None, max_length=10_000)


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """A complaint as the API gives it."""
    named = {"account_id": "account", "account__name": "account_name"}
    columns = {named.get(name, name): row[name] for name in COLUMNS}
    columns["compensation"] = money(columns["compensation"])
    return {**columns, **run_part(row)}


def locate(request: HttpRequest, item: int) -> int:
    """The run of a complaint that the person may see. Raises Complaint.DoesNotExist."""
    return READING.run_of(item, person(request))


@router.get("", response={200: ComplaintPage}, operation_id="complaints_list")
@door(scope="complaints:read")
def list_complaints(request: HttpRequest, asked: Query[ComplaintFilters], page: Query[Page]) -> HttpResponse:
    """List complaints, newest first."""
    return reply(READING.page(asked, page, person(request), shape))


@router.post("", response={201: ComplaintOut}, operation_id="complaints_create")
@door(scope="complaints:write")
@posted
def create_complaint(request: HttpRequest, body: NewComplaint) -> HttpResponse:
    """Take in a complaint; its clocks run from receipt."""
    user = person(request)
    complaint = register_complaint(body.values, by=user, now=now(), zone=user.zone, through="api")
    row = READING.one(complaint.pk, user)
    return reply(shape(row), status=201, revision=row["run__revision"])


@router.get("/{item}", response={200: ComplaintOut}, operation_id="complaints_get")
@door(scope="complaints:read")
def get_complaint(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one complaint."""
    row = READING.one(item, person(request))
    return reply(shape(row), revision=row["run__revision"])


@router.patch("/{item}", response={200: ComplaintOut}, operation_id="complaints_change")
@door(scope="complaints:write")
def change_complaint(request: HttpRequest, item: ItemId, body: ComplaintFacts) -> HttpResponse:
    """Change facts of a complaint."""
    facts, seen = facts_in(body, "complaint"), revision_of(request)
    change_facts(locate(request, item), facts, by=person(request), now=now(), revision=seen)
    return get_complaint(request, item)


represents("complaints", lambda request, item: shape(READING.one(item, person(request))))
mount(router, "complaints", locate)

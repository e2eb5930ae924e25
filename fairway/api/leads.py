"""Leads."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import now, person, posted, revision_of
from fairway.api.current import represents
from fairway.api.duplicates import mount as mount_merge
from fairway.api.paging import Page
from fairway.api.reading import Reading
from fairway.api.replies import reply
from fairway.api.runs import RunFilters, facts_in, mount, run_part
from fairway.api.schemas import RunOut
from fairway.api.types import Body, ItemId, Phone
from fairway.duplicates.entry import leads_like
from fairway.leads.actions import register_lead
from fairway.leads.models import Lead
from fairway.people.doors import door
from fairway.people.scope import scope_of
from fairway.runs.actions import change_facts
from fairway.runs.queries.by_stage import count_by_stage

router = Router(tags=["leads"])
COLUMNS = (
    "id", "company", "contact_name", "contact_title", "phone", "email", "wechat", "industry", "company_size", "region",
    "source", "campaign", "keyword", "referrer", "need", "lawful_basis", "score", "bant_grade", "budget_confirmed",
    "decision_maker_engaged", "need_clear", "purchase_months", "mismatch", "created_at",
)  # fmt: skip
READING = Reading(Lead, COLUMNS)


class LeadOut(RunOut):
    """A lead and where it stands."""

    id: int
    company: str
    contact_name: str
    contact_title: str
    phone: str
    email: str
    wechat: str
    industry: str
    company_size: str
    region: str
    source: str
    campaign: str
    keyword: str
    referrer: str
    need: str
    lawful_basis: str
    score: int | None
    bant_grade: str
    budget_confirmed: bool
    decision_maker_engaged: bool
    need_clear: bool
    purchase_months: int | None
    mismatch: bool
    created_at: datetime


class LeadPage(Schema):
    """A page of leads."""

    items: list[LeadOut]
    next: str | None


class LeadFilters(RunFilters):
    """Filters of the list of leads."""

    source: str | None = Field(None, max_length=50)


class Known(Schema):
    """What is known of a lead before it is registered."""

    company: str = Field("", max_length=200)
    phone: str = Field("", max_length=50)
    email: str = Field("", max_length=254)


class DuplicateOut(Schema):
    """A lead that is there already; outside one's own sight only that it exists, and whose team it is."""

    same: list[str]
    visible: bool
    id: int | None
    company: str | None
    owner_name: str | None
    team_name: str | None


class NewLead(Body):
    """The values of the SOP's first form (F01), by field key."""

    values: dict[str, Any] = Field(
        examples=[
            {
                "company_name": "杭州启明机电有限公司", "contact_name": "王芳", "contact_phone": "13800000001",
                "industry": "machinery", "company_size": "100-499", "source": "offline.fair",
            }
        ]
    )  # fmt: skip


class LeadFacts(Body):
    """What is known of a lead outside the forms of its steps; what is left out stays, null empties a field."""

    company: str = Field("", min_length=1, max_length=200)
    contact_name: str | None = Field(None, max_length=100)
    contact_title: str | None = Field(None, max_length=100)
    phone: Phone | None = None
    email: str | None = Field(None, max_length=254, pattern="^$|^[^@ ]+@[^@ ]+$")
    wechat: str | None = Field(None, max_length=50)
    industry: str | None = Field(None, max_length=50)
    company_size: str | None = Field(None, max_length=100)
    region: str | None = Field(None, max_length=100)
    need: str | None = Field(None, max_length=10_000)


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """A lead as the API gives it."""
    return {**{name: row[name] for name in COLUMNS}, **run_part(row)}


def locate(request: HttpRequest, item: int) -> int:
    """The run of a lead that the person may see. Raises Lead.DoesNotExist."""
    return READING.run_of(item, person(request))


@router.get("", response={200: LeadPage}, operation_id="leads_list")
@door(scope="leads:read")
def list_leads(request: HttpRequest, asked: Query[LeadFilters], page: Query[Page]) -> HttpResponse:
    """List leads, newest first."""
    return reply(READING.page(asked, page, person(request), shape))


class LeadStageOut(Schema):
    """How many open leads stand on a stage."""

    stage: str
    count: int


@router.get("/by-stage", response={200: list[LeadStageOut]}, operation_id="leads_by_stage")
@door(scope="leads:read")
def by_stage(request: HttpRequest) -> HttpResponse:
    """Count the open leads that one sees by stage."""
    counted = count_by_stage(scope_of(person(request)), "lead")
    return reply([{"stage": stage, "count": count} for stage, count in sorted(counted.items())])


@router.get("/duplicates", response={200: list[DuplicateOut]}, operation_id="leads_duplicates")
@door(scope="leads:read")
def duplicates(request: HttpRequest, asked: Query[Known]) -> HttpResponse:
    """List leads with the same phone, mailbox or company, or with a near-same one."""
    found = leads_like(company=asked.company, phone=asked.phone, email=asked.email, viewer=person(request))
    rows = [
        {
            "same": list(two.by), "visible": two.visible, "id": two.lead.pk if two.visible else None,
            "company": two.lead.company if two.visible else None,
            "owner_name": two.lead.run.owner.display_name if two.visible and two.lead.run.owner else None,
            "team_name": two.lead.run.team.name if two.lead.run.team else None,
        }
        for two in found
    ]  # fmt: skip
    return reply(rows)


@router.post("", response={201: LeadOut}, operation_id="leads_create")
@door(scope="leads:write")
@posted
def create_lead(request: HttpRequest, body: NewLead) -> HttpResponse:
    """Register a lead: scored, reviewed and assigned from here on by the SOP."""
    user = person(request)
    lead = register_lead(body.values, by=user, now=now(), zone=user.zone, through="api")
    row = READING.one(lead.pk, user)
    return reply(shape(row), status=201, revision=row["run__revision"])


@router.get("/{item}", response={200: LeadOut}, operation_id="leads_get")
@door(scope="leads:read")
def get_lead(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one lead."""
    row = READING.one(item, person(request))
    return reply(shape(row), revision=row["run__revision"])


@router.patch("/{item}", response={200: LeadOut}, operation_id="leads_change")
@door(scope="leads:write")
def change_lead(request: HttpRequest, item: ItemId, body: LeadFacts) -> HttpResponse:
    """Change facts of a lead; one way to reach its contact stays."""
    user, facts = person(request), facts_in(body, "lead")
    title, seen = facts.get("lead.company"), revision_of(request)
    change_facts(locate(request, item), facts, by=user, now=now(), title=title, revision=seen)
    return get_lead(request, item)


represents("leads", lambda request, item: shape(READING.one(item, person(request))))
mount(router, "leads", locate)
mount_merge(router, "lead")

"""Sources, products, the calendar, what could not be delivered and the audit trail, for administrators."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from fairway.api.admin_people import for_admins
from fairway.api.asking import now, person, posted, revision_of
from fairway.api.paging import Page, page_of
from fairway.api.problems import Problem
from fairway.api.replies import money, reply
from fairway.api.types import Body, ItemId, Key, Moment
from fairway.catalog import actions as product_actions
from fairway.catalog import queries as product_queries
from fairway.catalog.models import Product
from fairway.leads import sources as source_actions
from fairway.leads.models import Source
from fairway.people.doors import door
from fairway.people.queries import changes
from fairway.runs import jobs as job_actions
from fairway.runs.models import Job
from fairway.sops.actions import set_week, set_year
from fairway.sops.calendars import table_of
from fairway.sops.errors import Stale

sources = Router(tags=["administration"])
products = Router(tags=["products"])
calendars = Router(tags=["administration"])
jobs = Router(tags=["administration"])
audit = Router(tags=["administration"])
SOURCE_COLUMNS = ("id", "key", "title_zh", "title_en", "family", "active")
PRODUCT_COLUMNS = ("id", "code", "name", "unit", "list_price", "currency", "active")
JOB_COLUMNS = ("id", "kind", "key", "run_id", "created_at", "tries", "error")
AUDIT_COLUMNS = ("id", "at", "by_id", "action", "subject_kind", "subject_id", "subject_name", "before", "after")
Family = Literal["online", "offline", "internal"]


class SourceOut(Schema):
    """A lead source of the firm's own."""

    id: int
    key: str
    title_zh: str
    title_en: str
    family: str
    active: bool


class SourcePage(Schema):
    """A page of sources."""

    items: list[SourceOut]
    next: str | None


class SourceIn(Body):
    """A source: its names and family."""

    title_zh: str = Field(min_length=1, max_length=100)
    title_en: str = Field(min_length=1, max_length=100)
    family: Family
    active: bool = True


class ProductOut(Schema):
    """A product with its list price."""

    id: int
    code: str
    name: str
    unit: str
    list_price: str | None
    currency: str
    active: bool


class ProductPage(Schema):
    """A page of products."""

    items: list[ProductOut]
    next: str | None


class ProductIn(Body):
    """What may be written of a product; what is left out stays."""

    code: str | None = Field(None, min_length=1, max_length=50)
    name: str | None = Field(None, min_length=1, max_length=200)
    unit: str | None = Field(None, max_length=20)
    list_price: str | None = Field(None, pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$", description="In major units.")
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")
    active: bool | None = None


class NewProductIn(ProductIn):
    """A new product."""

    code: str = Field(min_length=1, max_length=50)
    name: str = Field(min_length=1, max_length=200)


class CalendarOut(Schema):
    """A working calendar as its table: `week` has hours by day, `years` the holidays of each year announced."""

    key: str
    revision: int
    zone: str
    week: dict[str, list[str]]
    years: dict[str, dict[str, Any]]


class WeekIn(Body):
    """Working hours: spans such as `09:00-12:00` by `mon` … `sun`; a day left out is off."""

    week: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], list[str]]
    zone: str | None = Field(None, max_length=64)


class YearIn(Body):
    """The holidays of a year: `{"spring": {"off": "2028-01-25..2028-01-31", "work": ["2028-01-22"]}}`."""

    holidays: dict[str, dict[str, Any]] | None = Field(description="Null takes the year out again.")
    names: dict[str, dict[str, str]] = Field(default_factory=dict, description="Of new holidays, by language.")


class JobOut(Schema):
    """Something that could not be delivered."""

    id: int
    kind: str
    key: str
    run: int | None
    created_at: datetime
    tries: int
    error: str


class JobPage(Schema):
    """A page of what could not be delivered."""

    items: list[JobOut]
    next: str | None


class ReplayOut(Schema):
    """Whether it is tried again; false when it was not dead any more."""

    replayed: bool


class AuditOut(Schema):
    """One change by an administrator; `by` is null for the command line."""

    id: int
    at: datetime
    by: int | None
    action: str
    subject_kind: str
    subject_id: int | None
    subject_name: str
    before: dict[str, Any]
    after: dict[str, Any]


class AuditPage(Schema):
    """A page of the audit trail."""

    items: list[AuditOut]
    next: str | None


class AuditFilters(Schema):
    """Which changes."""

    q: str | None = Field(None, max_length=100)
    kind: str | None = Field(None, max_length=32)
    since: Moment | None = None
    until: Moment | None = Field(None, description="Up to and without this time.")


# -- sources -----------------------------------------------------------------------------------------------------------


def _one_source(source_id: int, *, status: int = 200) -> HttpResponse:
    return reply(Source.objects.values(*SOURCE_COLUMNS).get(pk=source_id), status=status)


@sources.get("", response={200: SourcePage}, operation_id="sources_list")
@for_admins
def list_sources(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """List the firm's own lead sources."""
    return reply(page_of(Source.objects.all(), SOURCE_COLUMNS, page, dict))


@sources.post("", response={201: SourceOut}, operation_id="sources_create")
@for_admins
@posted
def create_source(request: HttpRequest, body: SourceIn) -> HttpResponse:
    """Add a source."""
    values, by = body.dict(exclude={"active"}), person(request)
    source = source_actions.add_source(**values, by=by, now=now())
    source_actions.set_source_active(source.pk, active=body.active, by=by, now=now())
    return _one_source(source.pk, status=201)


@sources.put("/{item}", response={200: SourceOut}, operation_id="sources_change")
@for_admins
def change_source(request: HttpRequest, item: ItemId, body: SourceIn) -> HttpResponse:
    """Rename a source, move it to another family, take it out of use or back."""
    values, by = body.dict(exclude={"active"}), person(request)
    source_actions.change_source(item, **values, by=by, now=now())
    source_actions.set_source_active(item, active=body.active, by=by, now=now())
    return _one_source(item)


# -- products ----------------------------------------------------------------------------------------------------------


def _product(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "list_price": money(row["list_price"])}


def _one_product(product_id: int, *, status: int = 200) -> HttpResponse:
    return reply(_product(dict(Product.objects.values(*PRODUCT_COLUMNS).get(pk=product_id))), status=status)


def _written(body: ProductIn) -> dict[str, Any]:
    values: dict[str, Any] = body.dict(exclude_unset=True)
    if values.get("list_price") is not None:
        values["list_price"] = int(Decimal(values["list_price"]) * 100)
    return {name: value for name, value in values.items() if value is not None or name == "list_price"}


@products.get("", response={200: ProductPage}, operation_id="products_list")
@door(scope="deals:read")
def list_products(request: HttpRequest, page: Query[Page], active: bool | None = None) -> HttpResponse:
    """List what the firm sells."""
    return reply(page_of(product_queries.products(active=active), PRODUCT_COLUMNS, page, _product))


@products.post("", response={201: ProductOut}, operation_id="products_create")
@for_admins
@posted
def create_product(request: HttpRequest, body: NewProductIn) -> HttpResponse:
    """Add a product."""
    product = product_actions.add_product(**_written(body), by=person(request), now=now())
    return _one_product(product.pk, status=201)


@products.patch("/{item}", response={200: ProductOut}, operation_id="products_change")
@for_admins
def change_product(request: HttpRequest, item: ItemId, body: ProductIn) -> HttpResponse:
    """Change a product, take it out of use or back."""
    product_actions.change_product(item, **_written(body), by=person(request), now=now())
    return _one_product(item)


# -- calendars ---------------------------------------------------------------------------------------------------------


def _calendar(key: str) -> HttpResponse:
    try:
        table, revision = table_of(key)
    except KeyError as error:
        raise Problem(404, "not_found", "") from error
    week = {day: spans if isinstance(spans, list) else [spans] for day, spans in table.get("week", {}).items()}
    given = {"key": key, "revision": revision, "zone": table.get("zone", ""), "week": week,
             "years": {str(year): days for year, days in table.get("years", {}).items()}}  # fmt: skip
    return reply(given, revision=revision)


@contextmanager
def _nobody_first() -> Iterator[None]:
    """Tell of a colleague who was first as elsewhere: by 412."""
    try:
        yield
    except Stale as stale:
        message = _("A colleague changed this calendar meanwhile. Look at it, then try again.")
        raise Problem(412, "stale", message, revision=stale.revision) from stale


@calendars.get("/{key}", response={200: CalendarOut}, operation_id="calendars_get")
@for_admins
def get_calendar(request: HttpRequest, key: Key) -> HttpResponse:
    """Give a working calendar."""
    return _calendar(key)


@calendars.put("/{key}/week", response={200: CalendarOut}, operation_id="calendars_set_week")
@for_admins
def put_week(request: HttpRequest, key: Key, body: WeekIn) -> HttpResponse:
    """Set the working hours; clocks under way are reckoned anew."""
    _calendar(key)
    week = {str(day): spans for day, spans in body.week.items()}
    with _nobody_first():
        set_week(key, week, zone=body.zone, revision=revision_of(request), by=person(request), now=now())
    return _calendar(key)


@calendars.put("/{key}/years/{item}", response={200: CalendarOut}, operation_id="calendars_set_year")
@for_admins
def put_year(request: HttpRequest, key: Key, item: ItemId, body: YearIn) -> HttpResponse:
    """Announce the holidays of a year, or take it out."""
    _calendar(key)
    by, revision = person(request), revision_of(request)
    with _nobody_first():
        set_year(key, item, body.holidays, names=body.names, revision=revision, by=by, now=now())
    return _calendar(key)


# -- what could not be delivered, and the audit trail ------------------------------------------------------------------


def _job(row: dict[str, Any]) -> dict[str, Any]:
    return {"run" if name == "run_id" else name: row[name] for name in JOB_COLUMNS}


@jobs.get("", response={200: JobPage}, operation_id="dead_letters_list")
@for_admins
def list_dead(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """List what could not be delivered."""
    return reply(page_of(Job.objects.filter(status=Job.DEAD), JOB_COLUMNS, page, _job))


@jobs.post("/{item}/replay", response={200: ReplayOut}, operation_id="dead_letters_replay")
@for_admins
@posted
def replay(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Try to deliver it again."""
    Job.objects.values("pk").get(pk=item)
    return reply({"replayed": job_actions.replay(item, by=person(request), now=now())})


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    return {"by" if name == "by_id" else name: row[name] for name in AUDIT_COLUMNS}


@audit.get("", response={200: AuditPage}, operation_id="audit_list")
@for_admins
def list_audit(request: HttpRequest, asked: Query[AuditFilters], page: Query[Page]) -> HttpResponse:
    """List what administrators changed, newest first."""
    text = (asked.q or "").replace("\x00", "")
    rows = changes(kind=asked.kind or "", text=text, since=asked.since, until=asked.until)
    return reply(page_of(rows, AUDIT_COLUMNS, page, _entry))

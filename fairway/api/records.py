"""Records: filled forms."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import person
from fairway.api.filtering import FilterText, filtered_by
from fairway.api.paging import Page, row_id
from fairway.api.replies import reply
from fairway.api.types import Id, ItemId
from fairway.engine.forms import as_input, visible_values
from fairway.people.doors import door
from fairway.people.scope import scope_of
from fairway.runs.models import Record
from fairway.runs.models.run import run_filter
from fairway.runs.permissions import reads_confidential
from fairway.sops.programs import program_of

router = Router(tags=["records"])


class RecordOut(Schema):
    """A filled form. `values` is what a POST of the same form takes: money in major units as text."""

    id: int
    run: int
    step: str
    form: str
    item_key: str
    number: int
    current: bool
    confidential: bool
    created_at: datetime
    created_by: int | None
    values: dict[str, Any]


class RecordPage(Schema):
    """A page of records."""

    items: list[RecordOut]
    next: str | None


class RecordFilters(Page):
    """Filters of the list of records."""

    run: Id | None = None
    form: str | None = Field(None, max_length=50)
    current: bool | None = None
    filter: FilterText = None


def _shape(record: Record, *, trusted: bool) -> dict[str, Any]:
    form = program_of(record.run.version_id).sop.forms.get(record.form)
    values = as_input(form, visible_values(form, record.values, confidential=trusted)) if form else {}
    return {
        "id": record.pk, "run": record.run_id, "step": record.step, "form": record.form, "item_key": record.item_key,
        "number": record.number, "current": record.current, "confidential": record.confidential,
        "created_at": record.created_at, "created_by": record.created_by_id, "values": values,
    }  # fmt: skip


@router.get("", response={200: RecordPage}, operation_id="records_list")
@door(scope="records:read")
def list_records(request: HttpRequest, asked: Query[RecordFilters]) -> HttpResponse:
    """List records of the runs that one sees, newest first; confidential ones for the deal's team only."""
    user = person(request)
    rows = Record.objects.filter(run_filter(scope_of(user), "run__")).select_related("run").order_by("-pk")
    rows = filtered_by(rows, "records", asked.filter, user)
    for column, value in (("run_id", asked.run), ("form", asked.form), ("current", asked.current)):
        if value is not None:
            rows = rows.filter(**{column: value})
    if asked.after is not None:
        rows = rows.filter(pk__lt=row_id(asked.after))
    found = list(rows[: asked.limit + 1])
    trusted = {run.pk: reads_confidential(user, run) for run in {record.run for record in found}}
    shown = [
        _shape(record, trusted=trusted[record.run_id])
        for record in found[: asked.limit]
        if trusted[record.run_id] or not record.confidential
    ]
    last = found[asked.limit - 1].pk if len(found) > asked.limit else None
    return reply({"items": shown, "next": str(last) if last else None})


@router.get("/{item}", response={200: RecordOut}, operation_id="records_get")
@door(scope="records:read")
def get_record(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one record."""
    user = person(request)
    record = Record.objects.filter(run_filter(scope_of(user), "run__")).select_related("run").get(pk=item)
    trusted = reads_confidential(user, record.run)
    if record.confidential and not trusted:
        raise Record.DoesNotExist
    return reply(_shape(record, trusted=trusted))

"""The list of records: filled forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from fairway.lists.asking import Asker
from fairway.lists.catalog.shared import deals_team, owners, run_number
from fairway.lists.columns import CHOICE, FLAG, MOMENT, NUMBER, PERSON, TEXT, Choices, Column, Row
from fairway.lists.listing import Listing, columns
from fairway.people.scope import Scope
from fairway.runs.models import Record
from fairway.runs.models.run import run_filter
from fairway.runs.queries.lists import text_filter
from fairway.runs.texts import say, step_title
from fairway.sops.programs import program_of
from fairway.sops.queries import current_versions


def seen(scope: Scope) -> QuerySet[Any]:
    """The records of the runs that a person may see; confidential ones of those on whose team they are."""
    open_ones = Q(confidential=False) | deals_team(scope)
    return Record.objects.filter(run_filter(scope, "run__")).filter(open_ones)


def search(text: str, _asker: Asker) -> Q:
    """The run that it belongs to, by name or number."""
    return text_filter(text, ("run__title",))


def form(row: Row, _asker: Asker) -> str:
    """What the form is called."""
    found = program_of(row["run__version_id"]).sop.forms.get(row["form"])
    return say(found.title) if found else str(row["form"])


def under(row: Row, _asker: Asker) -> Sequence[str]:
    """What it is about."""
    return [one for one in (run_number(row), row["run__title"]) if one]


def _step(row: Row, _asker: Asker) -> str:
    return step_title(program_of(row["run__version_id"]), row["step"]) if row["step"] else ""


def _forms(_asker: Asker) -> Choices:
    found: dict[str, str] = {}
    for version in current_versions():
        for key, one in program_of(version.pk).sop.forms.items():
            found.setdefault(key, say(one.title))
    return sorted(found.items(), key=lambda one: one[1])


COLUMNS = columns(
    Column("form", gettext_lazy("Form"), CHOICE, "form", default=True, choices=_forms, value=form, sortable=False),
    Column("run", gettext_lazy("About"), TEXT, "run__title", default=True),
    Column("step", gettext_lazy("Step"), TEXT, "step", default=True, value=_step, sortable=False),
    Column("author", gettext_lazy("Filled by"), PERSON, "created_by", default=True, nullable=True, choices=owners,
           value=lambda row, _asker: row["created_by__display_name"], needs=("created_by__display_name",),
           order_path="created_by__display_name"),
    Column("created", gettext_lazy("Filled on"), MOMENT, "created_at", default=True, look="ago"),
    Column("version", gettext_lazy("Version of the form"), NUMBER, "number"),
    Column("current", gettext_lazy("Latest"), FLAG, "current"),
    Column("confidential", gettext_lazy("Confidential"), FLAG, "confidential"),
    Column("owner", gettext_lazy("Owner"), PERSON, "run__owner", nullable=True, choices=owners,
           value=lambda row, _asker: row["run__owner__display_name"], needs=("run__owner__display_name",),
           order_path="run__owner__display_name"),
)  # fmt: skip

LISTING = Listing(
    key="records", title=gettext_lazy("Records"), model=Record, columns=COLUMNS, main="form", seen=seen, search=search,
    url=lambda row: f"/runs/{row['run_id']}?record={row['id']}", under=under,
    quick=("form", "author", "owner", "current"), always=("id", "run_id", "run__version_id", "run__title"),
    mine="author", placeholder=gettext_lazy("Company, deal, number"),
)  # fmt: skip

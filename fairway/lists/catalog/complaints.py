"""The list of complaints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairway.care.models import Complaint
from fairway.care.queries import SEARCHED, category_choices
from fairway.lists.asking import Asker
from fairway.lists.catalog.deeds import run_deeds, sells
from fairway.lists.catalog.shared import RUN_PATHS, run_columns, run_number, tags_column
from fairway.lists.columns import CHOICE, FLAG, MOMENT, MONEY, TEXT, Choices, Column, Row, in_order
from fairway.lists.listing import Listing, columns
from fairway.people.scope import Scope
from fairway.runs.queries.lists import OPEN, text_filter

SUBJECT, FACE = "complaint", "complaint"


def seen(scope: Scope) -> QuerySet[Any]:
    """The complaints that a person may see."""
    return Complaint.objects.visible_to(scope)


def search(text: str, _asker: Asker) -> Q:
    """A company, a complainant, what is complained of, a number."""
    return text_filter(text, SEARCHED)


def company(row: Row, _asker: Asker) -> str:
    """The company; while none is known, what the run is called."""
    return str(row["account__name"] or row["run__title"] or _("Company not known"))


def under(row: Row, _asker: Asker) -> Sequence[str]:
    """Number, complainant, and the beginning of what is complained of."""
    return [one for one in (run_number(row), row["complainant"], row["content"][:60]) if one]


def _levels(_asker: Asker) -> Choices:
    return Complaint.LEVELS


def _level_order(_prefix: str) -> Combinable:
    return in_order("level", ["urgent", "major", "normal"])


def _categories(_asker: Asker) -> Choices:
    return category_choices()


_RUN = run_columns(SUBJECT, FACE, grades=False)
COLUMNS = columns(
    Column("company", gettext_lazy("Company"), TEXT, "run__title", default=True, value=company,
           needs=("account__name",)),
    _RUN["number"],
    Column("level", gettext_lazy("Level"), CHOICE, "level", default=True, choices=_levels, order=_level_order,
           look="level"),
    Column("category", gettext_lazy("Kind of problem"), CHOICE, "category", default=True, choices=_categories),
    *(_RUN[key] for key in ("stage", "due", "owner")),
    Column("received", gettext_lazy("Received"), MOMENT, "received_at", default=True, look="ago"),
    Column("complainant", gettext_lazy("Complainant"), TEXT, "complainant", edit="complainant"),
    Column("content", gettext_lazy("Content"), TEXT, "content", sortable=False),
    Column("demand", gettext_lazy("What the customer asks for"), TEXT, "demand", sortable=False, edit="demand"),
    Column("compensation", gettext_lazy("Compensation"), MONEY, "compensation", nullable=True, summed=True,
           needs=("currency",)),
    Column("solved", gettext_lazy("Solved"), FLAG, "solved"),
    Column("satisfied", gettext_lazy("Satisfied"), FLAG, "satisfied", nullable=True),
    tags_column("run"),
    *(_RUN[key] for key in ("team", "entered", "closed", "late", "state")),
)  # fmt: skip

LISTING = Listing(
    key="complaints", edits=sells,
    title=gettext_lazy("Complaints"), model=Complaint, columns=COLUMNS, main="company", seen=seen,
    search=search, url=lambda row: f"/complaints/{row['id']}", under=under,
    quick=("stage", "level", "category", "owner", "team", "state", "late"), usual=("state", OPEN), face=FACE,
    ident="run_id", always=("id", *RUN_PATHS, "complainant", "content", "currency"), subject=SUBJECT,
    deeds=run_deeds(SUBJECT), tagged="run", placeholder=gettext_lazy("Company, complainant, content, number"),
)  # fmt: skip

"""Reads of complaints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import QuerySet

from fairway.care.actions import COMPLAINT_SOP
from fairway.care.models import Complaint
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs.queries.lists import Choices, RunFilters, narrow, ordered
from fairway.runs.texts import say
from fairway.sops.programs import program_of
from fairway.sops.queries import current_id

SEARCHED = ("content", "complainant", "account__name", "run__title")
SORTED = {
    "company": "run__title", "level": "level", "stage": "run__stage", "due": "run__next_due",
    "owner": "run__owner__display_name", "received": "received_at",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ComplaintFilters(RunFilters):
    """A list of complaints is narrowed by level and kind of problem, too."""

    level: str = ""
    category: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """Read the query of an address."""
        common = RunFilters.of(query)
        values = {name: getattr(common, name) for name in RunFilters.__slots__}
        return cls(**values, level=query.get("level", ""), category=query.get("category", ""))


def complaints(filters: ComplaintFilters, *, by: User, now: datetime) -> QuerySet[Complaint]:
    """The complaints that the person may see and the filters leave, in order, with run, owner and company."""
    rows: QuerySet[Complaint] = Complaint.objects.visible_to(scope_of(by))
    if filters.level:
        rows = rows.filter(level=filters.level)
    if filters.category:
        rows = rows.filter(category=filters.category)
    rows = rows.select_related("run__owner", "run__team", "account")
    return ordered(narrow(rows, filters, by=by, now=now, text=SEARCHED), filters.sort, SORTED)


def category_choices() -> Choices:
    """Kinds of problem, as the SOP lists them. One query."""
    version = current_id(COMPLAINT_SOP)
    listed = program_of(version).sop.lists.get("category", ()) if version else ()
    return [(choice.key, say(choice.title)) for choice in listed]

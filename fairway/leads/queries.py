"""Reads of leads: the list, its counts, where leads come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import Q, QuerySet

from fairway.customers.normal import phone_key
from fairway.leads.actions import SOP
from fairway.leads.models import Lead, Source
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs.queries.lists import ALL, CLOSED, OPEN, Choices, RunFilters, narrow, ordered
from fairway.runs.texts import say
from fairway.sops.programs import program_of
from fairway.sops.queries import current_id

SEARCHED = ("company", "contact_name", "phone", "email", "wechat")
SORTED = {
    "company": "company", "stage": "run__stage", "grade": "run__grade", "source": "source",
    "owner": "run__owner__display_name", "due": "run__next_due", "created": "created_at",
}  # fmt: skip
BECAME_DEAL = "deal"
_LEAST_DIGITS = 6
_ID_DIGITS = 19


@dataclass(frozen=True, slots=True)
class LeadFilters(RunFilters):
    """A list of leads is narrowed by where they come from, too; `state` deal: those that became deals.

    `intake` is the import (id) that brought them.
    """

    source: str = ""
    intake: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """Read the query of an address."""
        common = RunFilters.of(query)
        values = {name: getattr(common, name) for name in RunFilters.__slots__}
        return cls(**values, source=query.get("source", ""), intake=query.get("import", ""))


def leads(filters: LeadFilters, *, by: User, now: datetime) -> QuerySet[Lead]:
    """The leads that the person may see and the filters leave, in order, with run, owner and team."""
    rows: QuerySet[Lead] = Lead.objects.visible_to(scope_of(by)).select_related("run__owner", "run__team")
    if filters.source:
        rows = rows.filter(source=filters.source)
    if filters.intake.isascii() and filters.intake.isdigit() and len(filters.intake) < _ID_DIGITS:
        rows = rows.filter(intake=int(filters.intake))
    return ordered(_of_state(rows, filters, by, now), filters.sort, SORTED)


def _of_state(rows: QuerySet[Lead], filters: LeadFilters, by: User, now: datetime) -> QuerySet[Lead]:
    if filters.state == BECAME_DEAL:
        filters, rows = _with_state(filters, ALL), rows.exclude(run__face="lead")
    elif filters.state in (OPEN, CLOSED):
        rows = rows.filter(run__face="lead")
    key = phone_key(filters.text) if sum(letter.isdigit() for letter in filters.text) >= _LEAST_DIGITS else ""
    if key:
        by_phone = rows.filter(Q(phone_key=key) | Q(phone__icontains=filters.text))
        if by_phone.exists():
            return narrow(by_phone, _with_state(filters, filters.state, text=""), by=by, now=now, text=SEARCHED)
    return narrow(rows, filters, by=by, now=now, text=SEARCHED)


def _with_state(filters: LeadFilters, state: str, *, text: str | None = None) -> LeadFilters:
    values = {name: getattr(filters, name) for name in (*RunFilters.__slots__, *LeadFilters.__slots__)}
    return LeadFilters(**{**values, "state": state, "text": filters.text if text is None else text})


def source_titles() -> dict[str, str]:
    """What each source is called: those of the SOP, and those that the firm added (they go before). Two queries."""
    version = current_id(SOP)
    listed = program_of(version).sop.lists.get("source", ()) if version else ()
    titles = {choice.key: say(choice.title) for choice in listed}
    return titles | {source.key: source.title for source in Source.objects.all()}


def source_choices() -> Choices:
    """Sources to filter by."""
    return list(source_titles().items())


def listed(key: str) -> Choices:
    """The choices of a list of the SOP, as `industry`. One query."""
    version = current_id(SOP)
    found = program_of(version).sop.lists.get(key, ()) if version else ()
    return [(choice.key, say(choice.title)) for choice in found]

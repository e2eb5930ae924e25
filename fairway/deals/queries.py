"""Reads of deals: the list with its sums, and the board by stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import Count, F, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from fairway.deals.models import Deal
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs.queries.lists import Choices, RunFilters, narrow, ordered, standing_still
from fairway.runs.texts import stage_title
from fairway.sops.programs import program_of
from fairway.sops.queries import current_versions

SEARCHED = ("name", "account__name", "contact__name", "contact__phone", "run__contract__number")
SORTED = {
    "name": "name", "stage": "run__stage", "amount": "amount", "close": "expected_close", "due": "run__next_due",
    "owner": "run__owner__display_name", "created": "created_at",
}  # fmt: skip
CARDS = 30


@dataclass(frozen=True, slots=True)
class DealFilters(RunFilters):
    """A list of deals is narrowed by their SOP, too; `still`: to those on which nothing is done."""

    sop: str = ""
    still: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """Read the query of an address."""
        common = RunFilters.of(query)
        values = {name: getattr(common, name) for name in RunFilters.__slots__}
        return cls(**values, sop=query.get("sop", ""), still=bool(query.get("still")))


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage of the board: how many deals stand in it, their sums by currency, the first cards, by their clock."""

    key: str
    title: str
    count: int
    sums: tuple[tuple[str, int], ...]
    late: int
    cards: tuple[Deal, ...]


def deals(filters: DealFilters, *, by: User, now: datetime) -> QuerySet[Deal]:
    """The deals that the person may see and the filters leave, in order, with run, owner, team, company, contact."""
    rows: QuerySet[Deal] = Deal.objects.visible_to(scope_of(by)).filter(run__face="deal")
    if filters.sop:
        rows = rows.filter(run__sop=filters.sop)
    if filters.still:
        rows = standing_still(rows, now)
    rows = rows.select_related("run__owner", "run__team", "account", "contact")
    return ordered(narrow(rows, filters, by=by, now=now, text=SEARCHED), filters.sort, SORTED)


def sums(rows: QuerySet[Deal]) -> tuple[tuple[str, int], ...]:
    """What the rows come to, by currency, in minor units. One query."""
    summed = rows.order_by().values_list("currency").annotate(total=Sum("amount"))
    return tuple((currency, total) for currency, total in summed.order_by("currency") if total)


def board(filters: DealFilters, *, by: User, now: datetime) -> list[Lane]:
    """The stages of one SOP with the open deals in them. Five queries, whatever the number of deals.

    Deals of an older version may stand in a stage that the current one does not know: it comes last.
    """
    version = next((one for one in current_versions() if one.key == filters.sop), None)
    if version is None:
        return []
    program = program_of(version.pk)
    rows = deals(filters, by=by, now=now).filter(run__outcome="")
    counted = rows.order_by().values_list("run__stage", "currency").annotate(n=Count("id"), total=Sum("amount"))
    counts: dict[str, int] = {}
    totals: dict[str, list[tuple[str, int]]] = {}
    for stage, currency, number, total in counted.order_by("run__stage", "currency"):
        counts[stage] = counts.get(stage, 0) + number
        if total:
            totals.setdefault(stage, []).append((currency, total))
    overdue = rows.filter(run__next_due__lt=now).order_by().values_list("run__stage")
    late = dict(overdue.annotate(Count("id")))
    cards = _cards(rows)
    keys = [*program.stages, *(key for key in counts if key not in program.stages)]
    return [
        Lane(
            key, stage_title(program, key), counts.get(key, 0), tuple(totals.get(key, ())), late.get(key, 0),
            tuple(cards.get(key, ())),
        )
        for place, key in enumerate(keys)
        if place or counts.get(key)
    ]  # fmt: skip


def _cards(rows: QuerySet[Deal]) -> dict[str, list[Deal]]:
    by_clock = (F("run__next_due").asc(nulls_last=True), F("id").desc())
    numbered = rows.annotate(place=Window(RowNumber(), partition_by=F("run__stage"), order_by=by_clock))
    found: dict[str, list[Deal]] = {}
    for deal in numbered.filter(place__lte=CARDS).order_by("place"):
        found.setdefault(deal.run.stage, []).append(deal)
    return found


def sop_choices() -> Choices:
    """The SOPs about deals, new business first. Two queries."""
    found = [version for version in current_versions() if version.subject == "deal"]
    return [(one.key, one.title) for one in sorted(found, key=lambda one: one.key != "new-business")]


def startable(choices: Choices) -> Choices:
    """The SOPs that start with a company that is known; new business begins with a lead."""
    return [(key, title) for key, title in choices if key != "new-business"]

"""Reads of deals: the list with its sums, and the board by stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db.models import Count, F, Q, QuerySet, Sum, Value, Window
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
CARDS, CARDS_IN_LANE, MOST_LANES = 30, 5, 12
LANES = {"owner": "run__owner_id", "grade": "run__grade"}
LANE_NAMES = {"owner": "run__owner__display_name", "grade": "run__grade"}
BY_CLOCK = (F("run__next_due").asc(nulls_last=True), F("id").desc())


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
class Tally:
    """How many deals there are, what they come to by currency in minor units, how many of them are late."""

    count: int = 0
    sums: tuple[tuple[str, int], ...] = ()
    late: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """What of one lane stands in one stage: how many, and the first cards by their clock."""

    stage: str
    lane: str
    count: int
    cards: tuple[Deal, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane across the board, by the value that its deals share; without lanes there is one, with an empty key."""

    key: str
    title: str
    tally: Tally
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The stages as columns (key, title, tally), the lanes across them, and how many lanes there was no room for."""

    columns: tuple[tuple[str, str, Tally], ...]
    lanes: tuple[Lane, ...]
    left_out: int


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


def board(rows: QuerySet[Deal], sop: str, *, now: datetime, lanes: str = "") -> Board:
    """The open deals of one SOP among the rows by stage, in lanes by `owner` or `grade` where one asks for them.

    Two queries, whatever the number of deals. Deals of an older version may stand in a stage that the current one does
    not know: it comes last. The lanes with most deals come first, MOST_LANES of them.
    """
    version = next((one for one in current_versions() if one.key == sop), None)
    if version is None:
        return Board((), (), 0)
    program = program_of(version.pk)
    rows = rows.filter(run__sop=sop, run__outcome="")
    counted = _counted(rows, lanes, now)
    known = {str(row[1] or ""): str(row[2] or "") for row in counted}
    stages = [*program.stages, *sorted({row[0] for row in counted} - set(program.stages))]
    columns = [(key, stage_title(program, key), _tally([row for row in counted if row[0] == key])) for key in stages]
    columns = [one for place, one in enumerate(columns) if place or one[2].count]
    tallies = {key: _tally([row for row in counted if str(row[1] or "") == key]) for key in known}
    order = sorted(known, key=lambda key: key or "~") if lanes == "grade" else sorted(
        known, key=lambda key: (key == "", -tallies[key].count, known[key])
    )  # fmt: skip
    shown = order[:MOST_LANES] if lanes else [""]
    cards = _cards(rows, lanes, shown)
    numbers = _numbers(counted)
    return Board(
        tuple(columns),
        tuple(
            Lane(
                key, known.get(key, ""), tallies.get(key, Tally()),
                tuple(
                    Cell(stage, key, numbers.get((stage, key), 0), tuple(cards.get((stage, key), ())))
                    for stage, _title, _all in columns
                ),
            )
            for key in shown
        ),
        max(0, len(order) - len(shown)) if lanes else 0,
    )  # fmt: skip


def more_cards(
    rows: QuerySet[Deal], sop: str, stage: str, *, lanes: str, lane: str, start: int, end: int
) -> list[Deal]:
    """The cards of one cell from one place to another, by their clock. One query."""
    rows = rows.filter(run__sop=sop, run__outcome="", run__stage=stage)
    if lanes:
        rows = _in_lanes(rows, lanes, [lane])
    return list(rows.order_by(*BY_CLOCK)[start:end])


def _counted(rows: QuerySet[Deal], lanes: str, now: datetime) -> list[tuple[Any, ...]]:
    """Stage, lane, name of the lane, currency, how many, their sum, how many late."""
    lane, named = (F(LANES[lanes]), F(LANE_NAMES[lanes])) if lanes else (Value(""), Value(""))
    late = Count("id", filter=Q(run__next_due__lt=now))
    named_rows: QuerySet[Any] = rows.order_by().annotate(lane=lane, named=named)
    grouped: QuerySet[Any, Any] = named_rows.values_list("run__stage", "lane", "named", "currency")
    found: list[tuple[Any, ...]] = list(grouped.annotate(n=Count("id"), total=Sum("amount"), overdue=late))
    return found


def _tally(counted: list[tuple[Any, ...]]) -> Tally:
    totals: dict[str, int] = {}
    for row in counted:
        totals[row[3]] = totals.get(row[3], 0) + (row[5] or 0)
    sums_ = tuple((currency, total) for currency, total in sorted(totals.items()) if total)
    return Tally(sum(row[4] for row in counted), sums_, sum(row[6] for row in counted))


def _numbers(counted: list[tuple[Any, ...]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for row in counted:
        key = (row[0], str(row[1] or ""))
        found[key] = found.get(key, 0) + row[4]
    return found


def _in_lanes(rows: QuerySet[Deal], lanes: str, keys: list[str]) -> QuerySet[Deal]:
    if lanes == "grade":
        return rows.filter(run__grade__in=keys)
    owners = Q(run__owner_id__in=[int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19])
    return rows.filter(owners | Q(run__owner=None) if "" in keys else owners)


def _cards(rows: QuerySet[Deal], lanes: str, keys: list[str]) -> dict[tuple[str, str], list[Deal]]:
    """The first cards of each cell, by stage and lane."""
    by = [F("run__stage"), *([F(LANES[lanes])] if lanes else [])]
    if lanes:
        rows = _in_lanes(rows, lanes, keys)
    numbered = rows.annotate(place=Window(RowNumber(), partition_by=by, order_by=BY_CLOCK))
    found: dict[tuple[str, str], list[Deal]] = {}
    for deal in numbered.filter(place__lte=cards_of(lanes)).order_by("place"):
        lane = {"owner": deal.run.owner_id, "grade": deal.run.grade}.get(lanes, "")
        found.setdefault((deal.run.stage, str(lane or "")), []).append(deal)
    return found


def cards_of(lanes: str) -> int:
    """How many cards a cell shows at first."""
    return CARDS_IN_LANE if lanes else CARDS


def sop_choices() -> Choices:
    """The SOPs about deals, new business first. Two queries."""
    found = [version for version in current_versions() if version.subject == "deal"]
    return [(one.key, one.title) for one in sorted(found, key=lambda one: one.key != "new-business")]


def startable(choices: Choices) -> Choices:
    """The SOPs that start with a company that is known; new business begins with a lead."""
    return [(key, title) for key, title in choices if key != "new-business"]

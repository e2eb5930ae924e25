"""Reads of receivables: payment nodes by due time, in buckets of age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When

from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.receivables.kind import OWED
from fairway.receivables.models import Node
from fairway.runs.queries.lists import ME, NOBODY, number, ordered, text_filter

SEARCHED = ("title", "run__title", "run__account__name", "run__contract__number")
SORTED = {"company": "run__title", "amount": "amount", "owed": "owed", "due": "task__due_at"}
OPEN, SETTLED, ALL = "open", "settled", "all"
DAYS = (30, 60, 90)
BUCKETS = ("undated", "ahead", "late30", "late60", "late90", "older")


@dataclass(frozen=True, slots=True)
class NodeFilters:
    """What the list is narrowed to; `bucket` is one of BUCKETS, `state` open, settled or all."""

    text: str = ""
    bucket: str = ""
    state: str = OPEN
    owner: str = ""
    team: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> NodeFilters:
        """Read the query of an address."""
        return cls(
            text=query.get("q", "").strip()[:100], bucket=query.get("bucket", ""),
            state=query.get("state", "") or OPEN, owner=query.get("owner", ""), team=query.get("team", ""),
            sort=query.get("sort", ""),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is owed at one age, in one currency, in minor units."""

    key: str
    currency: str
    owed: int
    count: int


def nodes(filters: NodeFilters, *, by: User, now: datetime) -> QuerySet[Any]:
    """The payment nodes that the person may see and the filters leave, each with `owed` and `bucket`."""
    rows = _visible(filters, by, now)
    if filters.bucket in BUCKETS:
        rows = rows.filter(Q(("bucket", filters.bucket)))
    rows = rows.select_related("task", "run__owner", "run__account")
    if filters.sort.removeprefix("-") in SORTED:
        return ordered(rows, filters.sort, SORTED)
    return rows.order_by(F("task__due_at").asc(nulls_last=True), "id")


def buckets(filters: NodeFilters, *, by: User, now: datetime) -> list[Bucket]:
    """What is owed by age, oldest last; the filter on age itself left out. One query."""
    summed = _visible(filters, by, now).order_by().values("bucket", "currency").annotate(n=Count("id"), sum=Sum("owed"))
    found = [Bucket(row["bucket"], row["currency"], row["sum"] or 0, row["n"]) for row in summed.order_by()]
    return sorted(found, key=lambda one: (BUCKETS.index(one.key), one.currency))


def sums(rows: QuerySet[Any]) -> list[tuple[str, int, int]]:
    """(currency, planned, owed) of the rows in minor units. One query."""
    summed = rows.order_by().values_list("currency").annotate(whole=Sum("amount"), rest=Sum("owed"))
    return [(currency, whole or 0, rest or 0) for currency, whole, rest in summed.order_by("currency")]


def _visible(filters: NodeFilters, by: User, now: datetime) -> QuerySet[Any]:
    rows: QuerySet[Any] = Node.objects.visible_to(scope_of(by)).annotate(owed=OWED, bucket=_bucket(now))
    wanted = Q()
    if filters.state != ALL:
        wanted &= Q(settled_at__isnull=filters.state != SETTLED)
    if filters.text:
        wanted &= text_filter(filters.text, SEARCHED)
    if filters.owner == ME:
        wanted &= Q(run__owner=by)
    elif filters.owner == NOBODY:
        wanted &= Q(run__owner=None)
    elif filters.owner:
        wanted &= Q(run__owner_id=number(filters.owner))
    if filters.team:
        wanted &= Q(run__team_id=number(filters.team))
    return rows.filter(wanted)


def _bucket(now: datetime) -> Case:
    first, second, third = (now - timedelta(days=days) for days in DAYS)
    return Case(
        When(task__due_at=None, then=Value("undated")),
        When(task__due_at__gte=now, then=Value("ahead")),
        When(task__due_at__gte=first, then=Value("late30")),
        When(task__due_at__gte=second, then=Value("late60")),
        When(task__due_at__gte=third, then=Value("late90")),
        default=Value("older"),
        output_field=CharField(),
    )

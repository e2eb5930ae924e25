"""The timeline of a run: its events, newest first, without what the reader may not see."""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from fairway.people.models import User
from fairway.runs.models import Event, Run
from fairway.runs.queries.reads import newest_events


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `data` has no confidential values unless the reader is on the deal's team."""

    id: int
    seq: int
    kind: str
    at: datetime
    by: str
    by_id: int | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which events of a run are asked for: of these kinds, by this person or the system, within these times.

    `spans` are (from, to) with an open end for a stay that lasts; empty of all three asks for everything.
    """

    kinds: frozenset[str] = frozenset()
    by_id: int | None = None
    by_system: bool = False
    spans: tuple[tuple[datetime, datetime | None], ...] = ()

    def of(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """Those of the events."""
        if self.kinds:
            events = events.filter(kind__in=self.kinds)
        if self.by_system:
            events = events.filter(by=None)
        elif self.by_id is not None:
            events = events.filter(by_id=self.by_id)
        if self.spans:
            events = events.filter(functools.reduce(operator.or_, map(_within, self.spans)))
        return events


def _within(span: tuple[datetime, datetime | None]) -> Q:
    start, end = span
    return Q(at__gte=start) if end is None else Q(at__gte=start, at__lte=end)


def entry_of(event: Event, *, confidential: bool) -> Entry:
    """One event for a reader."""
    data = event.data if confidential else {k: v for k, v in event.data.items() if k != "confidential"}
    return Entry(
        event.pk, event.seq, event.kind, event.at, event.by.display_name if event.by else "", event.by_id, data
    )  # fmt: skip


def by_others(user: User, since: datetime, shown: int = 10) -> tuple[tuple[Entry, Run], ...]:
    """What colleagues did since then on the open runs that a person owns, newest first; one query."""
    events = Event.objects.filter(run__owner=user, run__outcome="", at__gte=since).exclude(by=None).exclude(by=user)
    found = events.select_related("by", "run").order_by("-at", "-id")[:shown]
    return tuple((entry_of(event, confidential=False), event.run) for event in found)


def timeline(
    run: Run, *, confidential: bool, before: int | None = None, shown: int = 50, narrowed: Narrowed | None = None,
    now: datetime | None = None,
) -> tuple[Entry, ...]:  # fmt: skip
    """Up to `shown` events, newest first, those before number `before`; one query."""
    if now is not None and before is None and narrowed == Narrowed():
        return tuple(entry_of(event, confidential=confidential) for event in newest_events(run, shown=shown, now=now))
    events: QuerySet[Event] = Event.objects.filter(run=run).select_related("by").order_by("-seq")
    if narrowed is not None:
        events = narrowed.of(events)
    if before is not None:
        events = events.filter(seq__lt=before)
    return tuple(entry_of(event, confidential=confidential) for event in events[:shown])

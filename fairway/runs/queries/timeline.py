"""The timeline of a run: its events, newest first, without what the reader may not see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fairway.people.models import User
from fairway.runs.models import Event, Run


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


def timeline(run: Run, *, confidential: bool, before: int | None = None, shown: int = 50) -> tuple[Entry, ...]:
    """Up to `shown` events, newest first, those before number `before`; one query."""
    events = Event.objects.filter(run=run).select_related("by").order_by("-seq")
    if before is not None:
        events = events.filter(seq__lt=before)
    return tuple(entry_of(event, confidential=confidential) for event in events[:shown])

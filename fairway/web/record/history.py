"""What each fact said before: who changed it when, from what to what, under which version of the SOP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from fairway.runs.models import Event, Run
from fairway.runs.queries.timeline import entry_of
from fairway.web.words import changed_facts, version_numbers


@dataclass(frozen=True, slots=True)
class Row:
    """One change of one fact, as it is read."""

    at: datetime
    who: str
    label: str
    before: str
    after: str
    version: int | None
    confidential: bool


def fact_events(run: Run, name: str = "") -> QuerySet[Event]:
    """The events of a run that changed facts, newest first; of one fact where it is named."""
    events = Event.objects.filter(run=run).select_related("by").order_by("-seq")
    if name:
        return events.filter(Q(data__filled__has_key=name) | Q(data__confidential__has_key=name))
    return events.filter(Q(data__has_key="filled") | Q(data__has_key="confidential"))


def fact_rows(events: Iterable[Event], name: str = "", *, confidential: bool) -> list[Row]:
    """The changes that the events hold, confidential ones only for whom may see them; one query for the versions."""
    entries = [entry_of(event, confidential=confidential) for event in events]
    numbers = version_numbers(entries)

    def rows() -> Iterator[Row]:
        for entry in entries:
            for key, label, before, after, secret in changed_facts(entry):
                if not name or key == name:
                    version = numbers.get(entry.data.get("version") or 0)
                    yield Row(entry.at, entry.by, label, before, after, version, secret)

    return list(rows())

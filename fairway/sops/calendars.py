"""The working calendar of an SOP: the firm's own table where there is one, else the shipped one."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import yaml

from fairway.engine.calendar import Calendar
from fairway.engine.calendars import load, shipped, shipped_keys, shipped_table
from fairway.engine.reader import read
from fairway.people.models import User
from fairway.prepared import Prepared
from fairway.sops.models import WorkCalendar


class Listener(Protocol):
    """What follows when a calendar changes: clocks that leaned on it are reckoned anew."""

    def __call__(self, key: str, *, by: User | None, now: datetime) -> None:
        """Runs inside the transaction of the change."""


_listeners: dict[str, Listener] = {}


def register_listener(name: str, listener: Listener) -> None:
    """Add what follows a change; for an AppConfig's ready(). Raises ValueError when the name is taken."""
    if _listeners.setdefault(name, listener) is not listener:
        raise ValueError(f"a listener named {name!r} is registered already")


def listeners() -> tuple[Listener, ...]:
    """What follows a change, in the order of registration."""
    return tuple(_listeners.values())


def calendar_of(key: str) -> Calendar:
    """The calendar of that name. Raises KeyError where there is none. One small query."""
    row = _REVISION.first(key)
    return shipped(key) if row is None else _own(*row)


_REVISION = Prepared(lambda key: WorkCalendar.objects.filter(key=key).order_by().values_list("pk", "revision")[:1])


@functools.lru_cache(maxsize=32)
def _own(pk: int, revision: int) -> Calendar:
    """The firm's table as it was at that revision."""
    return calendar_from(WorkCalendar.objects.values_list("table", flat=True).get(pk=pk, revision=revision))


def table_of(key: str) -> tuple[dict[str, Any], int]:
    """The table that a calendar is made from, and its revision (0: as shipped). Raises KeyError where there is none."""
    row = WorkCalendar.objects.filter(key=key).values_list("table", "revision").first()
    return row if row is not None else (shipped_table(key), 0)


def keys_with_tables() -> list[str]:
    """The calendars that a firm may change: those that ship as a table, and its own. One query."""
    return sorted({*shipped_keys(), *WorkCalendar.objects.values_list("key", flat=True)})


def calendar_from(table: Mapping[str, Any]) -> Calendar:
    """The calendar that a table describes. Raises DocumentRefused with all that is wrong with it."""
    return load(read(yaml.safe_dump(dict(table), allow_unicode=True, sort_keys=False), name="calendar"))

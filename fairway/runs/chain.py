"""The chain of a run's events: each hash covers the event and the hash before it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

_PLAIN = (str, int, bool)


def plain(value: Any) -> Any:
    """A value as the event log keeps it: JSON only, times as UTC text, anything else as text."""
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return stamp(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def stamp(at: datetime) -> str:
    """A moment as text: UTC, to the microsecond, the same on every database."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def link(before: str, *, run_key: str, seq: int, kind: str, at: datetime, by_id: int | None, data: Any) -> str:
    """The hash of an event (hex), given the hash of the event before it (empty for the first).

    `run_key` binds it to its run: made before the run has an id, so that an import chains before it writes.
    """
    body = orjson.dumps([before, run_key, seq, kind, stamp(at), by_id, data], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(body).hexdigest()

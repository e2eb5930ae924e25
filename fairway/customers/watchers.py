"""Who hears of changes of companies and contacts, in their transaction; a higher room registers itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from fairway.customers.models import Account, Contact
from fairway.people.models import User


class Watcher(Protocol):
    """Hears of one change."""

    def __call__(
        self, account: Account, contact: Contact | None, change_id: int, fields: Mapping[str, Any], *, by: User | None,
        now: datetime,
    ) -> None:  # fmt: skip
        """`fields` maps the names of changed columns to [before, after]."""


_known: list[Watcher] = []


def register(watcher: Watcher) -> None:
    """Add a watcher. For an AppConfig's ready()."""
    if watcher not in _known:
        _known.append(watcher)


def watchers() -> tuple[Watcher, ...]:
    """Everybody who hears."""
    return tuple(_known)

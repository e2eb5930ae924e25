"""Who asks a list, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fairway.people.models import User
from fairway.people.scope import Scope, scope_of


@dataclass(frozen=True, slots=True)
class Asker:
    """A person with what they see, and the moment: days begin in their time zone."""

    user: User
    scope: Scope
    now: datetime
    zone: ZoneInfo
    _choices: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def remember(self, key: str, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once for this asker: choices are asked for by bar, cells and chips."""
        if key not in self._choices:
            self._choices[key] = make()
        return self._choices[key]

    @classmethod
    def of(cls, user: User, now: datetime) -> Asker:
        """The asker that a user is; what they see costs at most one query."""
        return cls(user, scope_of(user), now, user.zone)

"""Who asks a list, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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

    @classmethod
    def of(cls, user: User, now: datetime) -> Asker:
        """The asker that a user is; what they see costs at most one query."""
        return cls(user, scope_of(user), now, user.zone)

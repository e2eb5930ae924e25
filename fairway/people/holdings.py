"""What a person still holds when they leave. Each app that gives work to people registers its own count."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from fairway.people.models import User


@dataclass(frozen=True, slots=True)
class Holding:
    """So many things of one kind in somebody's hands: `name` in the reader's language, `url` of a list of them."""

    name: str
    count: int
    url: str = ""


Count = Callable[[User], Holding]


class HandOn(Protocol):
    """Gives all of it to somebody else, on record."""

    def __call__(self, leaver: User, *, to: User, why: str, by: User | None, now: datetime) -> object:
        """Runs inside the caller's transaction; may raise Forbidden or Refused."""


_counts: dict[str, Count] = {}
_hands: dict[str, HandOn] = {}


def register(key: str, count: Count, hand_on: HandOn | None = None) -> None:
    """Register a count under a name of its own; for an AppConfig's ready(). `count` costs one query.

    `hand_on` gives what is counted to somebody else; one may do so for several kinds.
    """
    if _counts.setdefault(key, count) is not count:
        raise ValueError(f"{key} is registered twice.")
    if hand_on is not None:
        _hands[key] = hand_on


def of(user: User) -> list[Holding]:
    """What the person holds now; kinds of which there are none are left out."""
    return [holding for count in _counts.values() if (holding := count(user)).count]


def hand_on(leaver: User, *, to: User, why: str, by: User | None, now: datetime) -> None:
    """Give everything that the person holds to somebody else, inside the caller's transaction."""
    for give in _hands.values():
        give(leaver, to=to, why=why, by=by, now=now)

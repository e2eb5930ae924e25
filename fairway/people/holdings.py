"""What a person still holds when they leave. Each app that gives work to people registers its own count."""

from collections.abc import Callable
from dataclasses import dataclass

from fairway.people.models import User


@dataclass(frozen=True, slots=True)
class Holding:
    """So many things of one kind in somebody's hands: `name` in the reader's language, `url` of a list of them."""

    name: str
    count: int
    url: str = ""


Count = Callable[[User], Holding]

_counts: dict[str, Count] = {}


def register(key: str, count: Count) -> None:
    """Register a count under a name of its own; for an AppConfig's ready(). `count` costs one query."""
    if _counts.setdefault(key, count) is not count:
        raise ValueError(f"{key} is registered twice.")


def of(user: User) -> list[Holding]:
    """What the person holds now; kinds of which there are none are left out."""
    return [holding for count in _counts.values() if (holding := count(user)).count]

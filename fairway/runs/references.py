"""What forms point to outside the document: people, companies, files, and choices that a firm added to a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from fairway.engine.spec import Choice
from fairway.people.models import User

Lookup = Callable[[Iterable[int]], set[int]]

_added: dict[str, Callable[[], Sequence[Choice]]] = {}
_lookups: dict[str, Lookup] = {
    "user": lambda ids: set(User.objects.filter(pk__in=list(ids), is_active=True).values_list("pk", flat=True)),
}


def register_reference(kind: str, lookup: Lookup) -> None:
    """Say how ids of a field type (contact, account, file) are looked up. For an AppConfig's ready()."""
    if _lookups.setdefault(kind, lookup) is not lookup:
        raise ValueError(f"{kind} is registered already")


def existing(kind: str, ids: Iterable[int]) -> set[int]:
    """Those of the ids that exist; none for a kind that nobody registered."""
    lookup = _lookups.get(kind)
    return lookup(ids) if lookup else set()


def register_choices(list_key: str, added: Callable[[], Sequence[Choice]]) -> None:
    """Say which choices a firm added to a list of its documents (`source`). For an AppConfig's ready()."""
    if _added.setdefault(list_key, added) is not added:
        raise ValueError(f"{list_key} is registered already")


def more_choices() -> dict[str, Sequence[Choice]]:
    """Every added choice by list."""
    return {key: added() for key, added in _added.items()}

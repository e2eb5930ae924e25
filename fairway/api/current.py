"""How a thing stands now, for who was told that a colleague was first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest

Representation = Callable[[HttpRequest, int], dict[str, Any]]
_known: dict[str, Representation] = {}


def represents(resource: str, representation: Representation) -> None:
    """Say how the things of a resource (the word in its address) are given."""
    _known[resource] = representation


def current(request: HttpRequest) -> dict[str, Any] | None:
    """The thing that the request is about, as GET gives it to this person; None where they do not see it."""
    match = request.resolver_match
    parts = request.path_info.split("/")
    if match is None or "item" not in match.kwargs or len(parts) < 4 or parts[3] not in _known:
        return None
    try:
        return _known[parts[3]](request, int(match.kwargs["item"]))
    except (ObjectDoesNotExist, ValueError):
        return None

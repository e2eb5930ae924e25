"""Trying again when a colleague's change came between reading and writing, and the person named no revision."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

from fairway.runs.errors import Stale

Result = TypeVar("Result")
TRIES = 3


def action(function: Callable[..., Result]) -> Callable[..., Result]:
    """One transaction around the action. With `revision=` the first conflict is told; without, it decides anew."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Result:
        tries = 1 if kwargs.get("revision") is not None else TRIES
        for left in reversed(range(tries)):
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except Stale:
                if not left or transaction.get_connection().in_atomic_block:
                    raise
        raise AssertionError("unreachable")

    return run

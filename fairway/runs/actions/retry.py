"""Trying again when a colleague's change came between reading and writing, and the person named no revision."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeVar

from django.db import transaction

from fairway.runs.errors import Stale
from fairway.sqlite.base import late_writes

Result = TypeVar("Result")
TRIES = 3


def action(function: Callable[..., Result]) -> Callable[..., Result]:
    """One transaction around the action. With `revision=` the first conflict is told; without, it decides anew."""
    return _tried(function, late=False)


def swapping(function: Callable[..., Result]) -> Callable[..., Result]:
    """An `action` that rests on nothing but what its Turn compares and swaps: it decides before others must wait.

    On SQLite the write lock is taken with the first write instead of at the beginning; PostgreSQL does so anyway.
    """
    return _tried(function, late=True)


def _tried(function: Callable[..., Result], *, late: bool) -> Callable[..., Result]:
    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Result:
        tries = 1 if kwargs.get("revision") is not None else TRIES
        for left in reversed(range(tries)):
            try:
                # The last of several tries decides under the lock: nobody can be first again.
                lately = late_writes() if late and (left or tries == 1) else nullcontext()
                with lately, transaction.atomic():
                    return function(*args, **kwargs)
            except Stale:
                if not left or transaction.get_connection().in_atomic_block:
                    raise
        raise AssertionError("unreachable")

    return run

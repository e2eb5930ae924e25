"""Who is who, read once and kept for a moment: actions resolve roles without three queries each."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

from django.db.models.signals import post_delete, post_save

from fairway.people.directory import Directory, load_directory
from fairway.people.models import Absence, RoleGrant, Team, User

KEPT = timedelta(seconds=5)  # other processes learn of a change of people within this time
_lock = threading.Lock()
_kept: list[tuple[datetime, Directory]] = []


def directory(now: datetime) -> Directory:
    """The directory as of at most five seconds before `now`; a change in this process is seen at once."""
    with _lock:
        if _kept and abs(now - _kept[0][0]) <= KEPT:
            return _kept[0][1]
    fresh = load_directory(now)
    with _lock:
        _kept[:] = [(now, fresh)]
    return fresh


def forget(**kwargs: Any) -> None:
    """Read people anew the next time."""
    with _lock:
        _kept.clear()


def listen() -> None:
    """Forget what is kept whenever people change in this process."""
    for model in (User, RoleGrant, Team, Absence):
        for signal in (post_save, post_delete):
            signal.connect(forget, sender=model, dispatch_uid=f"runs.people.{model.__name__}.{id(signal)}")

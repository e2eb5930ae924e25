"""Reading one's notices, and how one wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from fairway.notify.models import Notice, Preference
from fairway.notify.words import CODES
from fairway.people.models import User


def mark_read(*, by: User, now: datetime, notice_id: int | None = None) -> int:
    """Mark one notice, or all of one's own, as read; return how many were not before."""
    unread = Notice.objects.filter(user=by, read_at=None)
    return (unread if notice_id is None else unread.filter(pk=notice_id)).update(read_at=now)


def unread_count(user: User) -> int:
    """How many notices one has not read."""
    return Notice.objects.filter(user=user, read_at=None).count()


@transaction.atomic
def set_preferences(by_mail: Mapping[str, bool], *, by: User) -> None:
    """Keep for each kind of notice whether one wants it by e-mail; unknown kinds are left out."""
    for code, wanted in by_mail.items():
        if code in CODES:
            Preference.objects.update_or_create(user=by, code=code, defaults={"by_mail": wanted})

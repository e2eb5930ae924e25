"""The answers kept under Idempotency-Keys: looked up, and dropped after two days."""

from __future__ import annotations

from datetime import datetime, timedelta

from fairway.api.models import IdempotencyKey
from fairway.people.models import User

KEPT = timedelta(hours=48)
DROPPED = 900


def kept(user: User, key: str, now: datetime) -> IdempotencyKey | None:
    """The answer kept under the person's key; one that is too old is dropped."""
    known = IdempotencyKey.objects.filter(user=user, key=key).first()
    if known is not None and known.created_at < now - KEPT:
        known.delete()
        return None
    return known


def tidy(now: datetime) -> int:
    """Drop keys older than they are kept, so many at a time; return how many."""
    old = list(IdempotencyKey.objects.filter(created_at__lt=now - KEPT).values_list("pk", flat=True)[:DROPPED])
    return IdempotencyKey.objects.filter(pk__in=old).delete()[0] if old else 0

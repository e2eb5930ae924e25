"""Seals over all runs' events: each anchor covers the hashes of the events since the one before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from fairway.runs.models import Anchor, Event

EVERY = timedelta(hours=1)
SETTLED = timedelta(minutes=30)
"""Only events older than this are sealed: a transaction that took a lower id may still be on its way."""
CHUNK = 20_000


@transaction.atomic
def seal(now: datetime) -> int:
    """Seal the events since the last anchor, once an hour; return how many."""
    last = Anchor.objects.order_by("-id").first()
    if last is not None and now - last.at < EVERY:
        return 0
    first = last.last_event + 1 if last else 1
    top = Event.objects.filter(pk__gte=first, at__lt=now - SETTLED).order_by().aggregate(top=Max("pk"))["top"]
    if top is None:
        return 0
    digest, count = digest_of(first, top, last.hash if last else "")
    Anchor.objects.create(at=now, first_event=first, last_event=top, count=count, hash=digest)
    return count


def digest_of(first: int, last: int, before: str) -> tuple[str, int]:
    """The seal over events `first` to `last` and the seal before, and how many events there are."""
    digest, count = hashlib.sha256(before.encode()), 0
    for one in _hashes(first, last):
        digest.update(one.encode())
        count += 1
    return digest.hexdigest(), count


def _hashes(first: int, last: int) -> Iterator[str]:
    while first <= last:
        rows = list(Event.objects.filter(pk__gte=first, pk__lte=last).order_by("pk").values_list("pk", "hash")[:CHUNK])
        if not rows:
            return
        for _, one in rows:
            yield one
        first = rows[-1][0] + 1


def broken_anchors() -> Iterator[Anchor]:
    """The anchors whose events are no longer what was sealed."""
    before = ""
    for anchor in Anchor.objects.order_by("id"):
        digest, count = digest_of(anchor.first_event, anchor.last_event, before)
        if digest != anchor.hash or count != anchor.count:
            yield anchor
        before = anchor.hash


@transaction.atomic
def seal_anew() -> tuple[str, str]:
    """Make every seal anew over the events that are there, after some were lawfully taken out with their runs.

    Whoever calls this puts it on record with the last seal before and after, which are returned; without anchors both
    are empty. Check `broken_anchors` first: this would cover up what it finds.
    """
    before, last = "", ""
    for anchor in Anchor.objects.order_by("id"):
        last = anchor.hash
        anchor.hash, anchor.count = digest_of(anchor.first_event, anchor.last_event, before)
        anchor.save(update_fields=["hash", "count"])
        before = anchor.hash
    return last, before

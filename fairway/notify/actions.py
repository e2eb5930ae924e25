"""Reading one's notices, and how one wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time

from django.db import transaction

from fairway.notify.hours import next_time
from fairway.notify.models import MailTimes, Notice, Preference
from fairway.notify.words import CODES
from fairway.people.actions.checked import check_fields, one_change
from fairway.people.models import User


def mark_read(*, by: User, now: datetime, notice_id: int | None = None) -> int:
    """Mark one notice, or all of one's own, as read; return how many were not before."""
    unread = Notice.objects.filter(user=by, read_at=None)
    return (unread if notice_id is None else unread.filter(pk=notice_id)).update(read_at=now)


def unread_count(user: User) -> int:
    """How many notices one has not read."""
    return Notice.objects.filter(user=user, read_at=None).count()


@dataclass(frozen=True, slots=True)
class Wish:
    """How one wants a kind of notice. The mail of an `urgent` kind comes in quiet hours too."""

    in_app: bool = True
    by_mail: bool = True
    urgent: bool = False


@transaction.atomic
def set_preferences(wishes: Mapping[str, Wish], *, by: User) -> None:
    """Keep for each kind of notice how one wants it; unknown kinds are left out."""
    for code, wish in wishes.items():
        if code in CODES:
            Preference.objects.update_or_create(user=by, code=code, defaults=asdict(wish))


def set_mail_times(
    *, by: User, now: datetime, quiet_from: time | None, quiet_to: time | None, digest_at: time | None
) -> MailTimes:
    """Keep one's quiet hours and the hour of one's digest, on the clock of one's own zone; None switches either off.

    Raises Refused where quiet hours lack an end, or end when they begin.
    """
    with one_change():
        times = MailTimes(user=by, quiet_from=quiet_from, quiet_to=quiet_to, digest_at=digest_at)
        times.digest_due = next_time(digest_at, by.zone, now) if digest_at else None
        check_fields(times, ("quiet_from", "quiet_to", "digest_at"))
        kept = {name: getattr(times, name) for name in ("quiet_from", "quiet_to", "digest_at", "digest_due")}
        return MailTimes.objects.update_or_create(user=by, defaults=kept)[0]

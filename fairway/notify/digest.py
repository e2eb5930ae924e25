"""The morning digest: once a working day, at the hour one chose, what is due and what one has not read.

The sweeper owes one job for each person and day; its key makes it one however often it is tried. The job itself looks
at what there is to say when it is delivered, and says nothing where there is nothing.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairway.notify import queries
from fairway.notify.handlers import send
from fairway.notify.hours import next_time, on_clock
from fairway.notify.models import MailTimes
from fairway.notify.words import headline
from fairway.people.models import Absence, User
from fairway.runs.jobs import GiveUp, owe
from fairway.runs.models import Job
from fairway.runs.queries import today
from fairway.runs.queries.today import TodayRow
from fairway.sops.calendars import calendar_of

CALENDAR = "china"
"""The firm's working days, as the guided start and the administration keep them."""
BATCH = 100
LISTED = 20
"""Rows written out of what is due, and of what is not read; the rest is a number."""


def sweep(now: datetime) -> int:
    """Owe the digests whose hour has come and move each on by a day; return how many were looked at."""
    due = MailTimes.objects.filter(digest_due__lte=now, digest_at__isnull=False, user__is_active=True)
    rows = list(due.select_related("user").order_by("digest_due")[:BATCH])
    return sum(_owe(times, now) for times in rows)


@transaction.atomic
def _owe(times: MailTimes, now: datetime) -> bool:
    """Owe today's digest on a working day once its hour is past. A day that is over is not made up for."""
    if times.digest_at is None:
        return False
    zone = times.user.zone
    later = next_time(times.digest_at, zone, now)
    if not MailTimes.objects.filter(pk=times.pk, digest_due=times.digest_due).update(digest_due=later):
        return False  # another worker was first
    day = now.astimezone(zone).date()
    if on_clock(day, times.digest_at, zone) <= now and calendar_of(CALENDAR).is_working(day):
        owe("digest", f"digest:{times.pk}:{day}", {"user": times.pk, "day": day.isoformat()}, now=now)
    return True


def follow_zone(user: User, now: datetime) -> None:
    """Reckon when the digest of a person is due next, whose time zone may have changed."""
    times = MailTimes.objects.filter(user=user).first()
    if times is not None and times.digest_at is not None:
        MailTimes.objects.filter(pk=times.pk).update(digest_due=next_time(times.digest_at, user.zone, now))


def deliver(job: Job, now: datetime) -> None:
    """Mail the digest, in the reader's language. Not to who is away, wants none any more, or whose day is over."""
    user = User.objects.with_roles().filter(pk=job.payload["user"], is_active=True).first()
    if user is None or not user.email:
        raise GiveUp("the person is gone or has no mail address")
    wanted = MailTimes.objects.filter(user=user, digest_at__isnull=False).exists()
    away = Absence.objects.filter(user=user, starts_at__lte=now, ends_at__gt=now).exists()
    if not wanted or away or now.astimezone(user.zone).date().isoformat() != job.payload["day"]:
        return
    with translation.override(user.language or settings.LANGUAGE_CODE):
        parts = [part for part in (*_due(user, now), _unread(user)) if part]
        if parts:
            site = settings.FAIRWAY_URL.rstrip("/")
            send(user.email, _("Your day in Fairway"), "\n\n".join([*parts, f"{site}/"]), key=job.key)


def _due(user: User, now: datetime) -> list[str]:
    """What is overdue and what is due today, a paragraph each, from the queue that the person sees under Today."""
    found = today(user, now=now, shown=2 * LISTED)
    parts = []
    for band in ("overdue", "today"):
        if number := found.bands.get(band, 0):
            rows = [_line(row, user.zone) for row in found.rows if row.band == band][:LISTED]
            parts.append(_part(_heading(band, number), rows, number))
    return parts


def _heading(band: str, number: int) -> str:
    if band == "overdue":
        return ngettext("%(number)s overdue", "%(number)s overdue", number) % {"number": number}
    return ngettext("%(number)s due today", "%(number)s due today", number) % {"number": number}


def _line(row: TodayRow, zone: ZoneInfo) -> str:
    at = f" ({row.due_at.astimezone(zone):%m-%d %H:%M})" if row.due_at else ""
    return f"{row.title}: {row.step_title}{at}"


def _unread(user: User) -> str:
    """The notices that the person has not read, newest first."""
    number, _all = queries.counts(user)
    rows = [headline(one.code, one.data, one.run) for one in queries.notices(user, unread=True)[:LISTED]]
    heading = ngettext("%(number)s unread notice", "%(number)s unread notices", number) % {"number": number}
    return _part(heading, rows, number) if number else ""


def _part(heading: str, rows: list[str], number: int) -> str:
    more = number - len(rows)
    rest = [ngettext("and %(number)s more", "and %(number)s more", more) % {"number": more}] if more > 0 else []
    return "\n".join([heading, *(f"- {row}" for row in [*rows, *rest])])

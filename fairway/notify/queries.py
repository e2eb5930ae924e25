"""Reads of notices: one's own only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise

from fairway.notify.models import MailTimes, Notice, Preference
from fairway.notify.words import CODES
from fairway.people.models import User

SHOWN_AT_MOST = 99


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice and how the person gets it; the mail of an `urgent` one comes in quiet hours too."""

    code: str
    title: str | Promise
    in_app: bool
    by_mail: bool
    urgent: bool


def notices(user: User, *, unread: bool = False) -> QuerySet[Notice]:
    """The person's notices, newest first; only those not read where asked."""
    found = Notice.objects.filter(user=user).select_related("run").order_by("-id")
    return found.filter(read_at=None) if unread else found


def counts(user: User) -> tuple[int, int]:
    """How many notices the person has not read, and has in all. One query."""
    row = Notice.objects.filter(user=user).aggregate(unread=Count("pk", filter=Q(read_at=None)), all=Count("pk"))
    return row["unread"], row["all"]


def unread_mark(user: User) -> str:
    """What the bell says: nothing, a number, or `99+`. One read of a partial index, whatever the number."""
    number = Notice.objects.filter(user=user, read_at=None).order_by()[: SHOWN_AT_MOST + 1].count()
    return f"{SHOWN_AT_MOST}+" if number > SHOWN_AT_MOST else str(number or "")


def preferences(user: User) -> list[Kind]:
    """Every kind of notice with the person's choice; in the app and by e-mail unless they said otherwise. One query."""
    said = {row.code: row for row in Preference.objects.filter(user=user)}
    rows = [(code, title, said.get(code) or Preference(code=code)) for code, title in CODES.items()]
    return [Kind(code, title, row.in_app, row.by_mail, row.urgent) for code, title, row in rows]


def mail_times(user: User) -> MailTimes:
    """The person's quiet hours and digest; an empty row that is not stored where they said nothing."""
    return MailTimes.objects.filter(user=user).first() or MailTimes(user=user)

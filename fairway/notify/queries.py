"""Reads of notices: one's own only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise

from fairway.notify.models import Notice, Preference
from fairway.notify.words import CODES
from fairway.people.models import User

SHOWN_AT_MOST = 99


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice and whether the person gets it by e-mail too."""

    code: str
    title: str | Promise
    by_mail: bool


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
    """Every kind of notice with the person's choice; by e-mail unless they said otherwise. One query."""
    said = dict(Preference.objects.filter(user=user).values_list("code", "by_mail"))
    return [Kind(code, title, said.get(code, True)) for code, title in CODES.items()]

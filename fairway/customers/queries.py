"""Reads of companies and contacts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairway.customers.models import Account
from fairway.customers.normal import company_key
from fairway.people.holdings import Holding
from fairway.people.models import User
from fairway.people.scope import scope_of

CONTACT_TEXT = ("name", "title", "phone", "email", "wechat", "account__name")
"""The columns in which text about a contact is looked for."""
_SHOWN = 10


def same_name(name: str, *, by: User, besides: int = 0) -> tuple[list[Account], int]:
    """Companies that are known again by the name: those one sees, at most ten, and how many one does not."""
    key = company_key(name)
    if not key:
        return [], 0
    same = Account.objects.filter(name_key=key, archived_at=None).exclude(pk=besides)
    seen = list(same.filter(pk__in=Account.objects.visible_to(scope_of(by)).order_by().values("pk"))[:_SHOWN])
    return seen, same.exclude(pk__in=[one.pk for one in seen]).count()


def owned_accounts(user: User) -> Holding:
    """Companies that the person keeps, told before they are deactivated."""
    return Holding(_("Companies"), Account.objects.filter(owner=user, archived_at=None).count())

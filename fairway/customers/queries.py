"""Reads of companies and contacts."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _

from fairway.customers.models import Account, Contact
from fairway.customers.normal import company_key
from fairway.people.holdings import Holding
from fairway.people.models import User
from fairway.people.scope import scope_of

Row = TypeVar("Row", bound=Model)

ACCOUNT_TEXT = ("name", "legal_name", "uscc", "phone", "contacts__name", "contacts__phone")
CONTACT_TEXT = ("name", "title", "phone", "email", "wechat", "account__name")
ACCOUNT_SORTED = {
    "name": "name", "tier": "tier", "industry": "industry", "region": "region", "owner": "owner__display_name",
    "term": "term_end", "created": "created_at",
}  # fmt: skip
CONTACT_SORTED = {"name": "name", "company": "account__name", "role": "buying_role", "influence": "influence"}
ME, NOBODY = "me", "none"
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class CustomerFilters:
    """What lists of companies and contacts are narrowed to; each takes what it knows."""

    text: str = ""
    tier: str = ""
    owner: str = ""
    team: str = ""
    role: str = ""
    attitude: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> CustomerFilters:
        """Read the query of an address."""
        return cls(
            text=query.get("q", "").strip()[:100], tier=query.get("tier", ""), owner=query.get("owner", ""),
            team=query.get("team", ""), role=query.get("role", ""), attitude=query.get("attitude", ""),
            sort=query.get("sort", ""),
        )  # fmt: skip


def accounts(filters: CustomerFilters, *, by: User) -> QuerySet[Account]:
    """The companies that the person may see and the filters leave, in order, with owner and team."""
    rows = Account.objects.visible_to(scope_of(by)).filter(archived_at=None).select_related("owner", "team")
    if filters.text:
        rows = rows.filter(_anywhere(filters.text, ACCOUNT_TEXT)).distinct()
    if filters.tier:
        rows = rows.filter(tier="" if filters.tier == NOBODY else filters.tier)
    if filters.team:
        rows = rows.filter(team_id=_number(filters.team))
    rows = rows.filter(_owned(filters.owner, by, ""))
    return _ordered(rows, filters.sort, ACCOUNT_SORTED, "-id")


def contacts(filters: CustomerFilters, *, by: User) -> QuerySet[Contact]:
    """The contacts of companies that the person may see, in order, with their company."""
    rows = Contact.objects.visible_to(scope_of(by)).filter(account__archived_at=None).select_related("account__owner")
    if filters.text:
        rows = rows.filter(_anywhere(filters.text, CONTACT_TEXT))
    if filters.role:
        rows = rows.filter(buying_role="" if filters.role == NOBODY else filters.role)
    if filters.attitude:
        rows = rows.filter(attitude=filters.attitude)
    rows = rows.filter(_owned(filters.owner, by, "account__"))
    return _ordered(rows, filters.sort, CONTACT_SORTED, "name")


def same_name(name: str, *, by: User, besides: int = 0) -> tuple[list[Account], int]:
    """Companies that are known again by the name: those one sees, at most ten, and how many one does not."""
    key = company_key(name)
    if not key:
        return [], 0
    same = Account.objects.filter(name_key=key, archived_at=None).exclude(pk=besides)
    seen = list(same.filter(pk__in=Account.objects.visible_to(scope_of(by)).order_by().values("pk"))[:_SHOWN])
    return seen, same.exclude(pk__in=[one.pk for one in seen]).count()


def _owned(owner: str, by: User, prefix: str) -> Q:
    if owner == ME:
        return Q(**{f"{prefix}owner": by})
    if owner == NOBODY:
        return Q(**{f"{prefix}owner": None})
    return Q(**{f"{prefix}owner_id": _number(owner)}) if owner else Q()


def _anywhere(text: str, columns: tuple[str, ...]) -> Q:
    words = [
        functools.reduce(operator.or_, (Q(**{f"{column}__icontains": word}) for column in columns))
        for word in text.split()
    ]
    return functools.reduce(operator.and_, words, Q())


def _ordered(rows: QuerySet[Row], sort: str, columns: Mapping[str, str], usual: str) -> QuerySet[Row]:
    column = columns.get(sort.removeprefix("-"))
    if column is None:
        return rows.order_by(usual, "-id")
    by = F(column).desc(nulls_last=True) if sort.startswith("-") else F(column).asc(nulls_last=True)
    return rows.order_by(by, "-id")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def owned_accounts(user: User) -> Holding:
    """Companies that the person keeps, told before they are deactivated."""
    return Holding(_("Companies"), Account.objects.filter(owner=user, archived_at=None).count())

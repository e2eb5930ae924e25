"""The list of companies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairway.customers.models import Account, Contact
from fairway.leads.queries import listed
from fairway.lists.asking import Asker
from fairway.lists.catalog.deeds import account_deeds, writes
from fairway.lists.catalog.shared import owners, tags_column, teams
from fairway.lists.columns import CHOICE, DAY, FLAG, MOMENT, NUMBER, PERSON, TEAM, TEXT, Choices, Column, Row
from fairway.lists.listing import Listing, columns
from fairway.people.scope import Scope
from fairway.runs.queries.lists import text_filter

OWN_TEXT = ("name", "legal_name", "uscc", "phone")


def seen(scope: Scope) -> QuerySet[Any]:
    """The companies that a person may see, without those that were put away."""
    return Account.objects.visible_to(scope).filter(archived_at=None)


def search(text: str, _asker: Asker) -> Q:
    """A name, a credit code, a phone, or somebody there."""
    there = Contact.objects.filter(text_filter(text, ("name", "phone"))).order_by().values("account_id")
    return text_filter(text, OWN_TEXT) | Q(pk__in=there)


def under(row: Row, _asker: Asker) -> Sequence[str]:
    """Phone, and that orders are on hold."""
    return [one for one in (_("On hold") if row["on_hold"] else "", row["phone"]) if one]


def tiers(_asker: Asker) -> Choices:
    """Grades of customers, and none."""
    return [*Account.TIERS, ("", _("None"))]


def _industries(_asker: Asker) -> Choices:
    return listed("industry")


COLUMNS = columns(
    Column("name", gettext_lazy("Company"), TEXT, "name", default=True),
    Column("tier", gettext_lazy("Customer grade"), CHOICE, "tier", default=True, choices=tiers, look="grade",
           edit="tier"),
    Column("industry", gettext_lazy("Industry"), CHOICE, "industry", default=True, choices=_industries,
           edit="industry"),
    Column("region", gettext_lazy("Region"), TEXT, "region", default=True, edit="region"),
    Column("term", gettext_lazy("End of term"), DAY, "term_end", default=True, nullable=True, edit="term_end"),
    Column("owner", gettext_lazy("Owner"), PERSON, "owner", default=True, nullable=True, choices=owners,
           value=lambda row, _asker: row["owner__display_name"], needs=("owner__display_name",),
           order_path="owner__display_name"),
    Column("team", gettext_lazy("Team"), TEAM, "team", nullable=True, choices=teams,
           value=lambda row, _asker: row["team__name"], needs=("team__name",), order_path="team__name"),
    Column("legal_name", gettext_lazy("Registered name"), TEXT, "legal_name", edit="legal_name"),
    Column("uscc", gettext_lazy("Credit code"), TEXT, "uscc", edit="uscc"),
    Column("size", gettext_lazy("Size"), TEXT, "size"),
    Column("address", gettext_lazy("Address"), TEXT, "address", edit="address"),
    Column("website", gettext_lazy("Website"), TEXT, "website", edit="website"),
    Column("phone", gettext_lazy("Phone"), TEXT, "phone", look="phone", edit="phone"),
    Column("group", gettext_lazy("Group"), TEXT, "parent__name", nullable=True),
    Column("satisfaction", gettext_lazy("Satisfaction"), NUMBER, "satisfaction", nullable=True, averaged=True),
    Column("golive", gettext_lazy("Go-live"), DAY, "golive_on", nullable=True),
    Column("hold", gettext_lazy("New orders on hold"), FLAG, "on_hold"),
    Column("created", gettext_lazy("Created"), MOMENT, "created_at", look="ago"),
    tags_column("account"),
)  # fmt: skip

LISTING = Listing(
    key="accounts", edits=writes,
    title=gettext_lazy("Companies"), model=Account, columns=COLUMNS, main="name", seen=seen,
    search=search, url=lambda row: f"/accounts/{row['id']}", under=under, quick=("tier", "industry", "owner", "team"),
    always=("id", "on_hold", "phone"), deeds=account_deeds(), tagged="account",
    placeholder=gettext_lazy("Company, credit code, contact, phone"),
)  # fmt: skip

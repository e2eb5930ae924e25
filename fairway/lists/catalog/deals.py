"""The list of deals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fairway.deals.models import Deal
from fairway.deals.queries import SEARCHED, sop_choices
from fairway.lists.asking import Asker
from fairway.lists.catalog.deeds import run_deeds, sells
from fairway.lists.catalog.shared import RUN_PATHS, deals_team, flagged, run_columns, run_number, tags_column
from fairway.lists.columns import CHOICE, DAY, FLAG, MOMENT, MONEY, NUMBER, TEXT, Choices, Column, Row
from fairway.lists.listing import Listing, columns
from fairway.lists.tree import Leaf
from fairway.people.scope import Scope
from fairway.runs.queries.lists import OPEN, standing_still, text_filter

SUBJECT, FACE = "deal", "deal"
MONEY_NEEDS = ("currency",)


def seen(scope: Scope) -> QuerySet[Any]:
    """The deals that a person may see."""
    return Deal.objects.visible_to(scope).filter(run__face=FACE)


def search(text: str, _asker: Asker) -> Q:
    """A deal, its company, contact, contract or number."""
    return text_filter(text, SEARCHED)


def under(row: Row, _asker: Asker) -> Sequence[str]:
    """Number, company and contact, as far as they say more than the name."""
    company = row["account__name"] if row["account__name"] != row["name"] else ""
    return [one for one in (run_number(row), company, row["contact__name"]) if one]


def _still(leaf: Leaf, asker: Asker, _prefix: str) -> Q:
    """Open, and nobody did anything for two weeks."""
    still = Q(pk__in=standing_still(Deal.objects.all(), asker.now).order_by().values("pk"))
    return still if flagged(leaf) else ~still


def _sops(_asker: Asker) -> Choices:
    return sop_choices()


_RUN = run_columns(SUBJECT, FACE)
COLUMNS = columns(
    Column("name", _("Deal"), TEXT, "name", default=True),
    _RUN["number"],
    Column("account", _("Company"), TEXT, "account__name"),
    *(_RUN[key] for key in ("grade", "stage")),
    Column("amount", _("Amount"), MONEY, "amount", default=True, nullable=True, summed=True, averaged=True,
           needs=MONEY_NEEDS),
    Column("close", _("Expected close"), DAY, "expected_close", default=True, nullable=True,
           edit="expected_close"),
    *(_RUN[key] for key in ("due", "owner")),
    Column("sop", _("SOP"), CHOICE, "run__sop", choices=_sops),
    Column("contact", _("Contact"), TEXT, "contact__name", nullable=True),
    Column("list_amount", _("List price"), MONEY, "list_amount", nullable=True, summed=True, needs=MONEY_NEEDS),
    Column("budget_from", _("Budget from"), MONEY, "budget_from", nullable=True, needs=MONEY_NEEDS),
    Column("budget_to", _("Budget to"), MONEY, "budget_to", nullable=True, summed=True, needs=MONEY_NEEDS),
    Column("cost", _("Cost"), MONEY, "cost", nullable=True, summed=True, confidential=True, needs=MONEY_NEEDS),
    Column("floor", _("Lowest price"), MONEY, "floor_price", nullable=True, confidential=True, needs=MONEY_NEEDS),
    Column("term", _("Longest payment term (days)"), NUMBER, "max_payment_days", nullable=True, confidential=True),
    Column("scope", _("Least scope"), TEXT, "min_scope", confidential=True, sortable=False),
    Column("complex", _("Complex need"), FLAG, "complex"),
    Column("custom", _("Custom project"), FLAG, "custom"),
    Column("golive", _("Promised go-live"), DAY, "promised_golive", nullable=True),
    Column("currency", _("Currency"), TEXT, "currency"),
    Column("created", _("Came in"), MOMENT, "created_at", look="ago"),
    tags_column("run"),
    *(_RUN[key] for key in ("team", "entered", "closed", "late", "state")),
    Column("still", _("Standing still"), FLAG, condition=_still, shown=False, sortable=False),
)  # fmt: skip

LISTING = Listing(
    key="deals", edits=sells, title=_("Deals"), model=Deal, columns=COLUMNS, main="name", seen=seen, search=search,
    url=lambda row: f"/deals/{row['id']}", under=under,
    quick=("stage", "grade", "sop", "owner", "team", "state", "late", "still"), usual=("state", OPEN), face=FACE,
    always=("id", *RUN_PATHS, "account__name", "contact__name", "currency"), trusted=deals_team, subject=SUBJECT,
    deeds=run_deeds(SUBJECT), tagged="run", placeholder=_("Deal, company, contact, contract, number"),
)  # fmt: skip

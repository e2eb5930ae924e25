"""The list of leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fairway.customers.normal import phone_key
from fairway.leads.models import Lead
from fairway.leads.queries import BECAME_DEAL, SEARCHED, listed, source_choices
from fairway.lists.asking import Asker
from fairway.lists.catalog.deeds import run_deeds, sells
from fairway.lists.catalog.shared import RUN_PATHS, grade_choices, in_state, run_columns, run_number, tags_column, words
from fairway.lists.columns import CHOICE, FLAG, MOMENT, NUMBER, TEXT, Choices, Column, Row
from fairway.lists.listing import Listing, columns
from fairway.lists.tree import Leaf
from fairway.people.scope import Scope
from fairway.runs.queries.lists import CLOSED, OPEN, text_filter

_LEAST_DIGITS = 6
SUBJECT, FACE = "deal", "lead"


def seen(scope: Scope) -> QuerySet[Any]:
    """The leads that a person may see."""
    return Lead.objects.visible_to(scope)


def search(text: str, _asker: Asker) -> Q:
    """A company, contact, mailbox or number; a phone as it is typed anywhere."""
    found = text_filter(text, SEARCHED)
    key = phone_key(text) if sum(letter.isdigit() for letter in text) >= _LEAST_DIGITS else ""
    return found | Q(phone_key=key) if key else found


def under(row: Row, _asker: Asker) -> Sequence[str]:
    """Number, contact and phone, as far as they are known."""
    return [one for one in (run_number(row), row["contact_name"], row["phone"]) if one]


def _state(leaf: Leaf, _asker: Asker, prefix: str) -> Q:
    """Open and closed leads are leads still; those that became deals are a state of their own."""
    found = Q()
    for state in words(leaf):
        if state == BECAME_DEAL:
            found |= ~Q(**{f"{prefix}face": FACE})
        else:
            still = Q(**{f"{prefix}face": FACE}) if state in (OPEN, CLOSED) else Q()
            found |= in_state(state, prefix) & still
    return found


def _industries(_asker: Asker) -> Choices:
    return listed("industry")


def _bases(_asker: Asker) -> Choices:
    return listed("lawful_basis")


def _sources(_asker: Asker) -> Choices:
    return source_choices()


_RUN = run_columns(SUBJECT, FACE, outcomes=[(BECAME_DEAL, _("Became deals"))])
_STATE = _RUN.pop("state")
_NUMBER = _RUN.pop("number")
COLUMNS = columns(
    Column("company", _("Company"), TEXT, "company", default=True),
    _NUMBER,
    *(_RUN[key] for key in ("grade", "stage", "due", "owner")),
    Column("source", _("Source"), CHOICE, "source", choices=_sources, default=True),
    Column("created", _("Came in"), MOMENT, "created_at", default=True, look="ago"),
    Column("contact", _("Contact"), TEXT, "contact_name", edit="contact_name"),
    Column("position", _("Position"), TEXT, "contact_title", edit="contact_title"),
    Column("phone", _("Phone"), TEXT, "phone", edit="phone", look="phone"),
    Column("email", _("E-mail"), TEXT, "email", edit="email", look="mail"),
    Column("wechat", _("WeChat"), TEXT, "wechat", edit="wechat"),
    Column("industry", _("Industry"), CHOICE, "industry", choices=_industries, edit="industry"),
    Column("size", _("Company size"), TEXT, "company_size"),
    Column("region", _("Region"), TEXT, "region", edit="region"),
    Column("campaign", _("Campaign"), TEXT, "campaign"),
    Column("keyword", _("Search keyword"), TEXT, "keyword"),
    Column("referrer", _("Referred by"), TEXT, "referrer"),
    Column("need", _("Need"), TEXT, "need", sortable=False, edit="need"),
    Column("basis", _("Lawful basis"), CHOICE, "lawful_basis", choices=_bases),
    Column("score", _("Score"), NUMBER, "score", nullable=True, averaged=True),
    Column("bant", _("Grade by BANT"), CHOICE, "bant_grade", choices=grade_choices, look="grade"),
    Column("months", _("Purchase within (months)"), NUMBER, "purchase_months", nullable=True, averaged=True),
    Column("budget", _("Budget confirmed"), FLAG, "budget_confirmed"),
    Column("decider", _("Decision maker engaged"), FLAG, "decision_maker_engaged"),
    Column("clear", _("Need clear"), FLAG, "need_clear"),
    Column("mismatch", _("Does not match"), FLAG, "mismatch"),
    Column("attempts", _("Attempts to reach"), NUMBER, "run__attempts", averaged=True),
    Column("reached", _("Reached"), FLAG, "run__reached"),
    tags_column("run"),
    *(_RUN[key] for key in ("team", "entered", "closed", "late")),
    Column("state", _STATE.title, CHOICE, choices=_STATE.choices, condition=_state, shown=False, sortable=False,
           on_run=True),
    Column("import", _("Import"), NUMBER, "intake", nullable=True, shown=False, sortable=False),
)  # fmt: skip

LISTING = Listing(
    key="leads", edits=sells, title=_("Leads"), model=Lead, columns=COLUMNS, main="company", seen=seen, search=search,
    url=lambda row: f"/leads/{row['id']}", under=under,
    quick=("stage", "grade", "source", "owner", "team", "state", "late", "import"), usual=("state", OPEN), face=FACE,
    ident="run_id", always=("id", *RUN_PATHS, "contact_name", "phone"),
    subject=SUBJECT, deeds=run_deeds(SUBJECT), tagged="run", placeholder=_("Company, contact, phone, number"),
)  # fmt: skip

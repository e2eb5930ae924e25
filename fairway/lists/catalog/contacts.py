"""The list of contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairway.customers.models import Contact
from fairway.customers.queries import CONTACT_TEXT
from fairway.lists.asking import Asker
from fairway.lists.catalog.deeds import contact_deeds, writes
from fairway.lists.catalog.shared import owners, tags_column
from fairway.lists.columns import CHOICE, FLAG, MOMENT, NUMBER, PERSON, TEXT, Choices, Column, Row
from fairway.lists.listing import Listing, columns
from fairway.people.scope import Scope
from fairway.runs.queries.lists import text_filter


def seen(scope: Scope) -> QuerySet[Any]:
    """The contacts of companies that a person may see."""
    return Contact.objects.visible_to(scope).filter(account__archived_at=None)


def search(text: str, _asker: Asker) -> Q:
    """A name, a company, a phone, a mailbox."""
    return text_filter(text, CONTACT_TEXT)


def under(row: Row, _asker: Asker) -> Sequence[str]:
    """What one should know before writing to them, department and position."""
    marks = [(_("Do not contact"), row["no_contact"]), (_("Has left"), row["left_company"])]
    return [*(word for word, there in marks if there), *(one for one in (row["department"], row["title"]) if one)]


def _roles(_asker: Asker) -> Choices:
    return [*Contact.ROLES, ("", _("Not known"))]


def _attitudes(_asker: Asker) -> Choices:
    return [*Contact.ATTITUDES, ("", _("Not known"))]


COLUMNS = columns(
    Column("name", gettext_lazy("Name"), TEXT, "name", default=True),
    Column("company", gettext_lazy("Company"), TEXT, "account__name", default=True),
    Column("role", gettext_lazy("Role in buying"), CHOICE, "buying_role", default=True, choices=_roles,
           edit="buying_role"),
    Column("attitude", gettext_lazy("Stance"), CHOICE, "attitude", default=True, choices=_attitudes, look="stance",
           edit="attitude"),
    Column("influence", gettext_lazy("Influence"), NUMBER, "influence", default=True, nullable=True, averaged=True),
    Column("phone", gettext_lazy("Phone"), TEXT, "phone", default=True, look="phone", edit="phone"),
    Column("email", gettext_lazy("E-mail"), TEXT, "email", default=True, look="mail", edit="email"),
    Column("wechat", gettext_lazy("WeChat"), TEXT, "wechat", edit="wechat"),
    Column("department", gettext_lazy("Department"), TEXT, "department", edit="department"),
    Column("position", gettext_lazy("Position"), TEXT, "title", edit="title"),
    Column("owner", gettext_lazy("Owner"), PERSON, "account__owner", nullable=True, choices=owners,
           value=lambda row, _asker: row["account__owner__display_name"], needs=("account__owner__display_name",),
           order_path="account__owner__display_name"),
    Column("concerns", gettext_lazy("Concerns"), TEXT, "concerns", sortable=False),
    Column("no_contact", gettext_lazy("Do not contact"), FLAG, "no_contact"),
    Column("left", gettext_lazy("Has left the company"), FLAG, "left_company"),
    Column("created", gettext_lazy("Created"), MOMENT, "created_at", look="ago"),
    tags_column("contact"),
)  # fmt: skip

LISTING = Listing(
    key="contacts", edits=writes,
    title=gettext_lazy("Contacts"), model=Contact, columns=COLUMNS, main="name", seen=seen,
    search=search, url=lambda row: f"/contacts/{row['id']}", under=under, quick=("role", "attitude", "owner"),
    usual_sort="name", always=("id", "no_contact", "left_company", "department", "title"), deeds=contact_deeds(),
    tagged="contact", placeholder=gettext_lazy("Name, company, phone, e-mail"),
)  # fmt: skip

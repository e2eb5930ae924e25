"""How companies and contacts are found. They lie below the search and do not know of it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from fairway.customers.models import Account, Contact
from fairway.customers.normal import dialled, phone_key
from fairway.search import kinds
from fairway.search.kinds import Kind, Said


def account_said(row: Mapping[str, Any]) -> Said:
    """A company: both names, credit code, phone, website."""
    texts = (row["name"], row["legal_name"], row["uscc"], dialled(phone_key(row["phone"])), row["website"])
    return Said(row["name"], row["region"], texts)


def contact_said(row: Mapping[str, Any]) -> Said:
    """A contact: name, every way to reach them, their company."""
    texts = (row["name"], dialled(row["phone_key"]), row["email"], row["wechat"], row["account__name"])
    return Said(row["name"], " · ".join(filter(None, (row["account__name"], row["title"], row["phone"]))), texts)


def register() -> None:
    """Register both kinds."""
    kinds.register(
        Kind(
            "account", "a", Account, _("Companies"),
            ("name", "legal_name", "uscc", "phone", "website", "region"), account_said, resource="companies",
            address="/accounts/{subject}", icon="building", order=3, account="pk", matched=True,
        )
    )  # fmt: skip
    kinds.register(
        Kind(
            "contact", "c", Contact, _("Contacts"),
            ("name", "title", "phone", "phone_key", "email", "wechat", "account__name"), contact_said,
            resource="contacts", address="/contacts/{subject}", icon="address-book", order=4, account="account_id",
            matched=True,
        )
    )  # fmt: skip

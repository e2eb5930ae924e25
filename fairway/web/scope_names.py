"""What the scopes of API tokens are called on the screen."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fairway.people.scopes import SCOPES

NAMES: dict[str, str | Promise] = {
    "leads": _("Leads"),
    "companies": _("Companies"),
    "contacts": _("Contacts"),
    "deals": _("Deals"),
    "complaints": _("Complaints"),
    "tasks": _("Tasks"),
    "records": _("Records"),
    "approvals": _("Approvals"),
    "sops": _("SOPs"),
    "imports": _("Import"),
    "files": _("Files"),
    "duplicates": _("Duplicates"),
    "views": _("Saved views"),
    "events": _("Events"),
    "users": _("Users"),
    "search": _("Search"),
}


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """One resource: its scopes to read and to write ("" where there is none), and which are chosen."""

    name: str | Promise
    read: str
    write: str
    reads: bool
    writes: bool


def scope_rows(chosen: Collection[str]) -> list[ScopeRow]:
    """Every resource with its scopes, those in `chosen` marked."""
    rows = []
    for resource, name in NAMES.items():
        read, write = (scope if (scope := f"{resource}:{verb}") in SCOPES else "" for verb in ("read", "write"))
        rows.append(ScopeRow(name, read, write, read in chosen, write in chosen))
    return rows

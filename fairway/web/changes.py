"""What administrators changed, in words: the entries of the audit log with names instead of ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fairway.people.models import AuditEntry, Team, User
from fairway.people.roles import ROLES
from fairway.web import formats

WORDS: Mapping[str, str | Promise] = {
    "user.created": _("User created"),
    "user.changed": _("User changed"),
    "user.deactivated": _("User deactivated"),
    "user.reactivated": _("User reactivated"),
    "user.roles_changed": _("Roles changed"),
    "user.password_set": _("Password set"),
    "user.password_link_made": _("Password link created"),
    "user.second_factor_dropped": _("Two-factor authentication switched off"),
    "team.created": _("Team created"),
    "team.renamed": _("Team renamed"),
    "team.moved": _("Team moved"),
    "team.archived": _("Team archived"),
    "team.restored": _("Team restored"),
    "token.created": _("API token created"),
    "token.revoked": _("API token revoked"),
    "absence.set": _("Absence added"),
    "absence.dropped": _("Absence cancelled"),
    "absence.ended": _("Absence ended"),
    "source.added": _("Lead source added"),
    "source.changed": _("Lead source changed"),
    "source.deactivated": _("Lead source taken out of use"),
    "source.reactivated": _("Lead source in use again"),
    "calendar.changed": _("Working days changed"),
    "sop.published": _("SOP published"),
    "sop.rolled_back": _("SOP rolled back"),
    "sop.installed": _("Shipped SOP published"),
    "job.replayed": _("Tried to deliver again"),
    "clocks.released": _("Held clocks released"),
    "user.invited": _("Invited by mail"),
    "firm.claimed": _("First administrator"),
    "firm.changed": _("Company changed"),
    "sop.retired": _("SOP taken out of use"),
    "sop.used_again": _("SOP in use again"),
    "product.added": _("Product added"),
    "product.changed": _("Product changed"),
    "campaign.added": _("Campaign added"),
    "campaign.changed": _("Campaign changed"),
    "backup.made": _("Backup made"),
    "backup.downloaded": _("Backup downloaded"),
    "backup.deleted": _("Backup deleted"),
    "audit.exported": _("Audit trail exported"),
    "settings.exported": _("Settings file downloaded"),
    "settings.applied": _("Settings file applied"),
    "demo.asked": _("Demo company asked for"),
    "demo.removed": _("Demo company removed"),
    "view.saved": _("View of a list saved"),
    "view.changed": _("View of a list changed"),
    "view.deleted": _("View of a list deleted"),
    "list.exported": _("List exported"),
}
"""What is done, in words; an action of another app that registers none shows by its key."""

LABELS: Mapping[str, str | Promise] = {
    "display_name": pgettext_lazy("of a person", "Name"),
    "username": _("Sign-in name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "team": _("Team"),
    "roles": _("Roles"),
    "language": _("Language"),
    "timezone": _("Time zone"),
    "territories": _("Regions"),
    "industries": _("Industries"),
    "is_active": _("Active"),
    "name": _("Name"),
    "parent": _("Part of"),
    "archived_at": _("Archived"),
    "scopes": _("It may"),
    "expires_at": _("Expires"),
    "user": _("Who is away"),
    "stand_in": _("Stand-in"),
    "starts_at": _("From"),
    "ends_at": _("Until"),
    "title_zh": _("Name in Chinese"),
    "title_en": _("Name in English"),
    "family": _("Family"),
    "active": _("In use"),
    "version": _("Version"),
    "note": _("Note"),
    "digest": _("Fingerprint"),
    "years": _("Years"),
    "names": _("Holidays"),
    "week": _("Working hours"),
    "error": _("Error"),
    "tries": _("Tries"),
    "held_since": _("Held since"),
    "query": _("View"),
    "role": _("Role"),
    "rows": _("Rows"),
    "format": _("File format"),
    "columns": _("Columns"),
    "code": _("Code"),
    "unit": _("Unit"),
    "list_price": _("List price (minor units)"),
    "currency": _("Currency"),
    "source": _("Source"),
    "cost": _("Cost (minor units)"),
    "starts_on": _("From"),
    "ends_on": _("Until"),
    "size": _("Size"),
    "changes": _("Changes"),
    "zone": _("Time zone"),
}
"""What the values are called; one that has no name here shows by its key."""

TEAMS = ("team", "parent")
USERS = ("user", "stand_in")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a change, as texts; empty where there was or is none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry, what was done in words, and its values."""

    entry: AuditEntry
    what: str
    values: list[Value]


def change_rows(entries: Iterable[AuditEntry]) -> list[Change]:
    """Put entries into the reader's words. Two queries, for the names of teams and people."""
    found = list(entries)
    teams = Team.objects.in_bulk(_ids(found, TEAMS))
    users = User.objects.in_bulk(_ids(found, USERS))
    names: dict[str, Mapping[int, object]] = {**dict.fromkeys(TEAMS, teams), **dict.fromkeys(USERS, users)}
    return [Change(entry, str(WORDS.get(entry.action, entry.action)), _values(entry, names)) for entry in found]


def _ids(entries: Iterable[AuditEntry], keys: Iterable[str]) -> set[int]:
    values = (side.get(key) for entry in entries for side in (entry.before, entry.after) for key in keys)
    return {value for value in values if isinstance(value, int)}


def _values(entry: AuditEntry, names: Mapping[str, Mapping[int, object]]) -> list[Value]:
    keys = [key for key in {**entry.before, **entry.after} if entry.before.get(key) or entry.after.get(key)]
    return [
        Value(str(LABELS.get(key, key)), _text(before, names.get(key)), _text(after, names.get(key)))
        for key in keys
        for before, after in [_apart(entry.before.get(key), entry.after.get(key))]
    ]


def _apart(before: Any, after: Any) -> tuple[Any, Any]:
    """Of two mappings only the entries that differ."""
    if not isinstance(before, dict) and not isinstance(after, dict):
        return before, after
    old, new = (value if isinstance(value, dict) else {} for value in (before, after))
    differ = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return {key: old[key] for key in differ if key in old}, {key: new[key] for key in differ if key in new}


def _flat(value: Any) -> str:
    """A value with values in it, on one line."""
    if isinstance(value, dict):
        return " ".join(f"{key} {_flat(one)}" for key, one in value.items())
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _text(value: Any, names: Mapping[int, object] | None) -> str:
    if value is None or value == "":
        return ""
    if names is not None:
        return str(names.get(value, value))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, dict):
        return "; ".join(f"{key} {_flat(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(str(ROLES[one].name) if one in ROLES else str(one) for one in value)
    moment = _moment(value)
    return formats.exact(moment) if moment else str(value)


def _moment(value: object) -> datetime | None:
    """A moment that the log keeps as text."""
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        return parse_datetime(value)
    except ValueError:
        return None

"""Tags of the pages of people: ``{% load account_pages %}``."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairway.people.models import AuditEntry, User
from fairway.people.roles import ROLES
from fairway.web.templatetags.fairway import badge

register = template.Library()

OWN_PAGES: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    ("profile", _("Profile"), ()),
    ("account_change_password", _("Password"), ("account_set_password",)),
    (
        "mfa_index",
        _("Two-factor authentication"),
        (
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
        ),
    ),
    ("usersessions_list", _("Sessions"), ()),
    ("tokens", _("API tokens"), ()),
    ("absences", _("Absences"), ()),
)
"""One's own pages: URL name, label, and the names of the pages below it."""

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
}
"""What is done, in words; an action of another app that registers none shows by its key."""


@register.inclusion_tag("components/tabs.html", takes_context=True)
def own_tabs(context: Context) -> dict[str, Any]:
    """Show the tabs of one's own pages, the one of this request marked."""
    request: HttpRequest = context["request"]
    here = request.resolver_match.url_name if request.resolver_match else ""
    items = [{"key": name, "label": label, "url": reverse(name)} for name, label, _below in OWN_PAGES]
    current = next((name for name, _label, below in OWN_PAGES if here == name or here in below), "")
    return {"items": items, "current": current, "label": gettext("My account")}


@register.simple_tag
def role_names(user: User) -> SafeString:
    """Show the roles of a person as badges; none shows as a dash."""
    held = [(badge(str(role.name)),) for role in ROLES.values() if role.key in user.role_keys]
    return format_html_join(" ", "{}", held or [("–",)])


@register.filter
def change_words(entry: AuditEntry) -> str:
    """Say what an administrator did."""
    return str(WORDS.get(entry.action, entry.action))


@register.filter
def change_values(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """What changed: key, before, after, as texts."""
    keys = sorted({*entry.before, *entry.after})
    return [(key, _text(entry.before.get(key)), _text(entry.after.get(key))) for key in keys]


@register.filter
def fields(form: Form) -> list[BoundField]:
    """The visible fields of a form."""
    return form.visible_fields()


def _text(value: object) -> str:
    if value is None or value == "":
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

"""Tags of the pages of people: ``{% load account_pages %}``."""

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

from fairway.people.models import User
from fairway.people.roles import ROLES
from fairway.web.templatetags.fairway import badge

register = template.Library()

# the first sign that is found counts: most browsers name those they descend from as well
BROWSERS = (
    ("DingTalk", "DingTalk"),
    ("Lark", "Feishu"),
    ("wxwork", "WeCom"),
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)

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
def browser(user_agent: str) -> str:
    """Name the browser and the system that a user-agent text speaks of; one that names neither is shown as it is."""
    found = [next((name for sign, name in names if sign in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or user_agent[:60]


@register.filter
def fields(form: Form) -> list[BoundField]:
    """The visible fields of a form."""
    return form.visible_fields()

"""What the frame of every page needs beyond what its view gives."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django_htmx.middleware import HtmxDetails

from fairway.notify.queries import unread_mark
from fairway.people.models import User
from fairway.people.models.firm import LAST_STEP
from fairway.people.queries import firm
from fairway.web.nav import bottom_links_for, links_for, url_or_nothing
from fairway.web.views.preferences import NAV_COOKIE, THEME_COOKIE, THEMES

FRAME_URLS = {
    "search": "search",
    "notices": "notices",
    "profile": "profile",
    "logout": "account_logout",
    "language": "set-language",
    "theme": "set-theme",
}


_guided: list[bool] = []


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: navigation, theme, and whether htmx asks for the part only. Costs nothing until shown."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "part": wants_part(request),
        "theme": theme if theme in THEMES else "",
        "nav_narrow": request.COOKIES.get(NAV_COOKIE) == "narrow",
        "nav": SimpleLazyObject(lambda: links_for(_roles(request), request.path)),
        "nav_bottom": SimpleLazyObject(lambda: bottom_links_for(_roles(request), request.path)),
        "urls": SimpleLazyObject(lambda: {key: url_or_nothing(name) for key, name in FRAME_URLS.items()}),
        "guide": SimpleLazyObject(lambda: _guide(request)),
        "unread": SimpleLazyObject(lambda: _unread(request)),
        "words": words,
    }


def _guide(request: HttpRequest) -> dict[str, Any] | None:
    """How far the guided start has come, for an administrator while it is not over. One query until then."""
    user = request.user
    if _guided or not isinstance(user, User) or not user.is_admin:
        return None
    found = firm()
    if found.under_way:
        return {"step": max(found.step, 2), "last": LAST_STEP}
    if found.step > LAST_STEP:
        _guided.append(True)  # it is never begun again: no later page asks
    return None


def wants_part(request: HttpRequest) -> bool:
    """Whether the answer is swapped into a page that is already there, so that the frame is left out."""
    htmx = getattr(request, "htmx", None)
    return isinstance(htmx, HtmxDetails) and bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def words() -> dict[str, str]:
    """Return the words that scripts need, in the reader's language; ``{}`` stands where a number or time goes."""
    gap = {"time": "{}", "number": "{}"}
    return {
        "overdue": gettext("Overdue %(time)s") % gap,
        "left": gettext("%(time)s left") % gap,
        "ago": gettext("%(time)s ago") % gap,
        "soon": gettext("in %(time)s") % gap,
        "now": gettext("just now"),
        "minutes": gettext("%(number)s min") % gap,
        "hours": gettext("%(number)s h") % gap,
        "days": gettext("%(number)s d") % gap,
        "close": gettext("Close"),
        "fault": gettext("Something went wrong. Nothing was changed half-way; try again."),
        "offline": gettext("No connection to the server. What you typed is still here; try again."),
        "here": gettext("On this page"),
        "found": gettext("%(number)s found") % gap,
        "kept": gettext("You left something unfinished here."),
        "restore": gettext("Bring it back"),
        "forget": gettext("Forget it"),
    }


def _unread(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    return unread_mark(user) if isinstance(user, User) else ""


def _roles(request: HttpRequest) -> frozenset[str]:
    user = getattr(request, "user", None)
    return user.role_keys if isinstance(user, User) else frozenset()

"""Language and theme: the two things anybody may set, signed in or not."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from fairway.people.doors import door
from fairway.people.models import User

THEME_COOKIE = "theme"
NAV_COOKIE = "nav"
THEMES = frozenset({"light", "dark"})
YEAR = 365 * 24 * 3600
WHY = "changes nothing but how pages look to the one who asks"


@require_POST
@door(public=True, why=WHY)
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie; ``auto`` forgets it, so that the system decides."""
    response = HttpResponseRedirect(_back(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@require_POST
@door(public=True, why=WHY)
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language: in a cookie, and with the person who is signed in."""
    response = HttpResponseRedirect(_back(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
        if isinstance(request.user, User) and request.user.language != language:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


def _back(request: HttpRequest) -> str:
    """The address to return to, on this site only."""
    there = request.POST.get("next", "")
    return there if url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure()) else "/"

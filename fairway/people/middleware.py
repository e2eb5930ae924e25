"""The door check before every view, and the language and time zone of the person."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from fairway.people import doors, tokens
from fairway.people.doors import Door
from fairway.people.models import User
from fairway.people.queries import nobody_yet

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def _problem(status: int, code: str, title: str, detail: str) -> JsonResponse:
    """A refusal for programs (RFC 9457)."""
    body = {"type": f"/problems/{code}", "title": title, "status": status, "code": code, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")


class DoorMiddleware:
    """Lets a request through to its view only by the door that the view declares; see `doors`.

    Stands after AuthenticationMiddleware. Refuses to start when a route has no door.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        missing = doors.undeclared()
        if missing:
            names = ", ".join(f"/{route.pattern} ({route.view})" for route in missing)
            raise ImproperlyConfigured(f"Routes without a declared door: {names}")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the check comes when the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Answer for the view when the person may not enter."""
        door = doors.door_for(view, request.method or "GET")
        if door is None:
            raise PermissionDenied
        if door.public:
            return _to_start_from(request)
        if door.closed:
            raise Http404
        return self._by_program(request, door) if door.is_api else self._by_person(request, door)

    def _by_person(self, request: HttpRequest, door: Door) -> HttpResponseBase | None:
        user = request.user
        if not isinstance(user, User):
            return _to_sign_in(request)
        if not door.admits(user.role_keys):
            raise PermissionDenied
        return None

    def _by_program(self, request: HttpRequest, door: Door) -> HttpResponseBase | None:
        kind, _space, clear = request.headers.get("Authorization", "").partition(" ")
        if kind:
            token = tokens.authenticate(clear.strip(), timezone.now()) if kind.lower() == "bearer" else None
            if token is None:
                return _unauthorised(_("This token is unknown, expired or revoked."))
            request.user = token.user
            request.api_token = token  # type: ignore[attr-defined]
            activate_for(token.user)
            if not tokens.may(token, door.scope):
                return _problem(403, "scope", _("Forbidden"), _("The token lacks the scope %s.") % door.scope)
        elif (refused := _by_session(request)) is not None:
            return refused
        user = request.user
        if isinstance(user, User) and door.admits(user.role_keys):
            return None
        return _problem(403, "forbidden", _("Forbidden"), _("Your roles do not allow this."))


def _by_session(request: HttpRequest) -> HttpResponseBase | None:
    """Let a signed-in page call the API: its unsafe requests carry the CSRF token like every form."""
    if not request.user.is_authenticated:
        return _unauthorised(_("Send a token, or sign in."))
    if CsrfViewMiddleware(_nothing).process_view(request, _nothing, (), {}) is not None:
        return _problem(403, "csrf", _("Forbidden"), _("The page is too old. Load it anew and try again."))
    return None


def _nothing(request: HttpRequest) -> HttpResponse:
    """A view for the CSRF check, which looks at the request alone."""
    return HttpResponse()


def _unauthorised(detail: str) -> HttpResponseBase:
    response = _problem(401, "unauthorised", _("Not signed in"), detail)
    response["WWW-Authenticate"] = "Bearer"
    return response


def _to_start_from(request: HttpRequest) -> HttpResponseBase | None:
    """Send the first visitor of an empty installation from the sign-in page to the guided start."""
    at_sign_in = request.resolver_match is not None and request.resolver_match.url_name == settings.LOGIN_URL
    return HttpResponseRedirect(resolve_url(settings.START_URL)) if at_sign_in and nobody_yet() else None


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Send a visitor to the sign-in page and back; a part loaded by htmx sends the whole page there."""
    partial = request.headers.get("HX-Request") == "true"
    here = urlsplit(request.headers.get("HX-Current-URL", ""))._replace(scheme="", netloc="").geturl()
    back = (here or "/") if partial or request.method not in ("GET", "HEAD") else request.get_full_path()
    target = f"{resolve_url(settings.LOGIN_URL)}?next={quote(back)}"
    if partial:
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def activate_for(user: User) -> None:
    """Speak the person's language and show their time. Without a chosen language the browser's stays."""
    if user.language:
        translation.activate(user.language)
    timezone.activate(user.zone)


class LocaleMiddleware:
    """Language and time zone of a request: the person's own, else what the browser asks for and the default zone.

    Stands after AuthenticationMiddleware.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set both for the time of the request."""
        translation.activate(translation.get_language_from_request(request))
        timezone.deactivate()
        if isinstance(request.user, User):
            activate_for(request.user)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response

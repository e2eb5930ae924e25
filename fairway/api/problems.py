"""Refusals as problem details (RFC 9457), every reason at once, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError

from fairway.api.current import current
from fairway.api.replies import to_json
from fairway.customers.errors import Changed
from fairway.engine.conditions import Unmet
from fairway.engine.findings import DocumentRefused
from fairway.engine.refused import Refused
from fairway.people import errors as people_errors
from fairway.runs.actions.starting import NoVersion
from fairway.runs.errors import Invalid, Stale
from fairway.runs.texts import say

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A refusal that is of the API itself: `code`, HTTP `status`, and what to say."""

    def __init__(self, status: int, code: str, title: str, **more: Any) -> None:
        super().__init__(title)
        self.status, self.code, self.title, self.more = status, code, title, more


def problem(status: int, code: str, title: str, **more: Any) -> HttpResponse:
    """A problem document."""
    body = {"type": f"/problems/{code}", "title": title, "status": status, "code": code, **more}
    return HttpResponse(to_json(body), content_type=MEDIA_TYPE, status=status)


def not_found() -> HttpResponse:
    """The refusal of what is not there, or not for the person to see."""
    return problem(404, "not_found", _("There is no such thing, or it is not for you to see."))


def not_allowed(methods: Sequence[str]) -> HttpResponse:
    """The refusal of a method that an address does not know."""
    response = problem(405, "method", _("This address takes %(methods)s only.") % {"methods": ", ".join(methods)})
    response["Allow"] = ", ".join(methods)
    return response


def reason(one: Unmet) -> dict[str, Any]:
    """One reason of a refusal: what to do, on which step, who owes it, whether it may be waived."""
    return {
        "code": one.code, "message": say(one.text), "step": one.step, "fact": one.fact, "role": one.role,
        "waivable": one.waivable,
    }  # fmt: skip


def handle(api: NinjaAPI) -> None:  # noqa: C901 - one handler for each kind of refusal
    """Let every kind of refusal become its problem document."""

    @api.exception_handler(Problem)
    def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
        return problem(error.status, error.code, error.title, **error.more)

    @api.exception_handler(Refused)
    def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
        return problem(409, "refused", _("The SOP does not allow it."), reasons=[reason(one) for one in error.reasons])

    @api.exception_handler(Invalid)
    def _invalid(request: HttpRequest, error: Invalid) -> HttpResponse:
        language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
        errors = [{"field": e.path, "code": e.code, "message": e.message[language]} for e in error.errors]
        return problem(422, "invalid", _("Some fields need another look."), errors=errors)

    @api.exception_handler(Stale)
    def _stale(request: HttpRequest, error: Stale) -> HttpResponse:
        status = 412 if request.headers.get("If-Match") else 409
        return problem(
            status, "stale", _("A colleague was first."), revision=error.revision, by=error.who, at=error.when,
            event=error.kind, current=current(request),
        )  # fmt: skip

    @api.exception_handler(Changed)
    def _changed(request: HttpRequest, error: Changed) -> HttpResponse:
        message = _("A colleague changed this field meanwhile.")
        errors = [
            {"field": name, "code": "conflict", "message": message, "mine": mine, "theirs": theirs}
            for name, (mine, theirs) in error.conflicts.items()
        ]
        return problem(
            412, "stale", _("A colleague was first."), revision=error.revision, by=error.who, at=error.when,
            errors=errors, current=current(request),
        )  # fmt: skip

    @api.exception_handler(people_errors.Refused)
    def _people(request: HttpRequest, error: people_errors.Refused) -> HttpResponse:
        errors = [{"field": one.field, "code": one.code, "message": one.message} for one in error.reasons]
        return problem(422, "invalid", _("Some fields need another look."), errors=errors)

    @api.exception_handler(PermissionDenied)
    def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return problem(403, "forbidden", str(error) or _("You may not do this."))

    @api.exception_handler(ObjectDoesNotExist)
    @api.exception_handler(Http404)
    def _missing(request: HttpRequest, error: Exception) -> HttpResponse:
        return not_found()

    @api.exception_handler(NoVersion)
    def _no_version(request: HttpRequest, error: NoVersion) -> HttpResponse:
        return problem(409, "no_version", _("No version of the SOP “%s” is published.") % error)

    @api.exception_handler(DocumentRefused)
    def _document(request: HttpRequest, error: DocumentRefused) -> HttpResponse:
        language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
        errors = [
            {"field": one.path, "line": one.line, "code": one.code, "message": one.message[language]}
            for one in error.findings
        ]
        return problem(422, "document_refused", _("The document cannot be taken."), errors=errors)

    @api.exception_handler(ValidationError)
    def _shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [
            {
                "field": ".".join(str(part) for part in one.get("loc", ())),
                "code": str(one.get("type", "invalid")),
                "message": str(one.get("msg", "")),
            }
            for one in error.errors
        ]
        return problem(422, "invalid", _("Some fields need another look."), errors=errors)

    @api.exception_handler(Throttled)
    def _throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
        return problem(429, "too_many", _("Too many requests. Go on after the seconds that Retry-After names."))

    @api.exception_handler(RequestDataTooBig)
    def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        most = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        return problem(413, "too_large", _("The body is larger than %(most)s.") % {"most": most})

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
        if isinstance(error.__cause__, Problem):  # what the parser of bodies refused
            return _problem(request, error.__cause__)
        return problem(error.status_code, "bad_request", str(error))

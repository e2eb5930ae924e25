"""What requests carry beside their bodies: who asks, the revision they saw, the key by which a repeat is known."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fairway.api.keys import kept
from fairway.api.models import IdempotencyKey
from fairway.api.problems import Problem
from fairway.people.models import User
from fairway.runs.errors import Stale

View = TypeVar("View", bound=Callable[..., HttpResponse])
_TAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')
_KEY = re.compile(r"[!-~]{1,100}")
TRIES = 3


def person(request: HttpRequest) -> User:
    """Who asks; the door has seen to it that somebody does."""
    return cast("User", request.user)


def now() -> datetime:
    """The time of the request."""
    return datetime.now(UTC)


def revision_of(request: HttpRequest, body: int | None = None) -> int | None:
    """The revision that the sender saw: `If-Match`, or `revision` in the body; None when neither is given."""
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        return body
    if not (found := _TAG.fullmatch(given.strip(" \t"))):
        raise Problem(412, "stale", _("If-Match is not an entity tag of this API."))
    return int(found[1])


def posted(view: View) -> View:
    """A change: one transaction, answered once for each Idempotency-Key (same key, same answer; other body, 422).

    The key is stored with the change itself, so that a crash leaves both or neither. A refusal is not kept: asked
    again, it is decided again.
    """

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(request, *args, **kwargs)
        if not _KEY.fullmatch(key):
            raise Problem(422, "idempotency_key", _("An Idempotency-Key is 1 to 100 visible ASCII characters."))
        for left in reversed(range(TRIES)):
            try:
                return _once(view, request, key, args, kwargs)
            except Stale:
                if not left or request.headers.get("If-Match"):
                    raise
        raise AssertionError("unreachable")

    return cast("View", wrapper)


def _digest(request: HttpRequest) -> str:
    """What tells one body from another; of a form with files its fields and files, however they were divided."""
    if request.content_type != "multipart/form-data":
        return hashlib.sha256(request.body).hexdigest()
    digest = hashlib.sha256(repr(sorted(request.POST.lists())).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(f"\n{name} {file.name} {file.size}\n".encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def _once(view: View, request: HttpRequest, key: str, args: Any, kwargs: Any) -> HttpResponse:
    user, digest = person(request), _digest(request)
    known = kept(user, key, now())
    if known is None:
        try:
            with transaction.atomic():
                made = IdempotencyKey.objects.create(
                    user=user, key=key, route=f"{request.method} {request.path}"[:300], body=digest, created_at=now()
                )
                response = view(request, *args, **kwargs)
                made.status, made.answer = response.status_code, response.content.decode()
                made.etag = response.headers.get("ETag", "")
                made.save(update_fields=["status", "answer", "etag"])
                return response
        except IntegrityError:
            known = kept(user, key, now())
            if known is None:
                raise
    if known.body != digest or known.route != f"{request.method} {request.path}"[:300]:
        raise Problem(422, "idempotency_key", _("This Idempotency-Key was used for another request."))
    response = HttpResponse(known.answer, content_type="application/json", status=known.status)
    if known.etag:
        response["ETag"] = known.etag
    response["Idempotent-Replay"] = "true"
    return response

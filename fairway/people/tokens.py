"""API tokens: made of 256 random bits, kept as a digest, read in one query."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from fairway.people.models import ApiToken, Team, User
from fairway.people.models.user import JoinedText
from fairway.people.scopes import covers
from fairway.prepared import Prepared, columns_of, made

PREFIX = "fwy_"
"""Every token begins so; secret scanners and people recognise it."""

USED_EVERY = timedelta(hours=1)
"""How exactly the last use is known; one write an hour, not one a request."""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A token in clear, to be shown once, and what is kept of it."""

    clear: str
    prefix: str
    digest: str


def new_secret() -> NewSecret:
    """Make a token of 256 random bits."""
    clear = PREFIX + secrets.token_urlsafe(32)
    return NewSecret(clear=clear, prefix=clear[:10], digest=digest_of(clear))


def digest_of(clear: str) -> str:
    """SHA-256 in hex. A plain digest is enough for 256 random bits; a slow one is for passwords."""
    return hashlib.sha256(clear.encode()).hexdigest()


def authenticate(clear: str, now: datetime) -> ApiToken | None:
    """Return the valid token with its user, team and roles, in one query; None when unknown, expired, revoked or idle.

    Notes the use at most once an hour, with a second query.
    """
    if not clear.startswith(PREFIX):
        return None
    row = _VALID.first(digest_of(clear), now)
    if row is None:
        return None
    token = made(ApiToken, row[:_USER])
    token.user = made(User, row[_USER:_TEAM])
    token.user.team = made(Team, row[_TEAM:-1]) if row[_TEAM] is not None else None
    token.user.__dict__["joined_roles"] = row[-1]
    _note_use(token, now)
    return token


def _valid(digest: str, now: datetime) -> QuerySet[Any, Any]:
    tokens = ApiToken.objects.filter(digest=digest, revoked_at=None, expires_at__gt=now, user__is_active=True)
    tokens = tokens.order_by().annotate(joined_roles=JoinedText("user__grants__role"))
    columns = (*columns_of(ApiToken), *columns_of(User, "user__"), *columns_of(Team, "user__team__"))
    return tokens.values_list(*columns, "joined_roles")


_VALID = Prepared(_valid)
_USER = len(columns_of(ApiToken))
_TEAM = _USER + len(columns_of(User))


def may(token: ApiToken, scope: str) -> bool:
    """Whether the token may do what asks for `scope`."""
    return covers(token.scopes, scope)


def _note_use(token: ApiToken, now: datetime) -> None:
    stale = now - USED_EVERY
    if token.last_used_at is None or token.last_used_at <= stale:
        unused = Q(last_used_at=None) | Q(last_used_at__lte=stale)
        ApiToken.objects.filter(unused, pk=token.pk).update(last_used_at=now)
        token.last_used_at = now


def live_tokens(user: User, now: datetime) -> list[ApiToken]:
    """Tokens of the user that still work, newest first."""
    return list(user.api_tokens.filter(revoked_at=None, expires_at__gt=now))

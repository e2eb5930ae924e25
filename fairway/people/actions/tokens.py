"""Making and revoking API tokens."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from fairway.people import audit
from fairway.people.actions.access import require_self, require_self_or_admin
from fairway.people.actions.checked import check_fields, one_change
from fairway.people.errors import Reason, Refused
from fairway.people.models import ApiToken, User
from fairway.people.scopes import ADMIN_SCOPE, SCOPES, unknown_scopes
from fairway.people.tokens import live_tokens, new_secret

LONGEST = timedelta(days=366)
MOST = 50
"""Tokens one person may have in use; more means that a program makes one per run."""


def create_token(
    user: User, *, name: str, scopes: Iterable[str], expires_at: datetime, by: User | None, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token for oneself. Returns the row and the token in clear, which is kept nowhere.

    `expires_at`: at most a year ahead. Raises Forbidden, Refused.
    """
    require_self(user, by)
    wanted = set(scopes)
    if reasons := _reasons(user, wanted, expires_at, now):
        raise Refused(*reasons)
    secret = new_secret()
    token = ApiToken(
        user=user,
        name=name.strip(),
        prefix=secret.prefix,
        digest=secret.digest,
        scopes=[scope for scope in SCOPES if scope in wanted],
        created_at=now,
        expires_at=expires_at,
    )
    with one_change():
        check_fields(token, ["name"])
        if len(live_tokens(user, now)) >= MOST:
            raise Refused(Reason("too_many", _("You have %d tokens. Revoke some first.") % MOST))
        token.save()
        after = {"scopes": token.scopes, "expires_at": expires_at}
        audit.record("token.created", by=by, now=now, kind="token", subject_id=token.pk, name=str(token), after=after)
    return token, secret.clear


def revoke_token(token: ApiToken, *, by: User | None, now: datetime) -> ApiToken:
    """Make the token useless from now on; its owner or an administrator may. Raises Forbidden."""
    require_self_or_admin(token.user, by)
    with one_change():
        stored = ApiToken.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=token.pk)
        if stored.revoked_at is None:
            stored.revoked_at = now
            stored.save(update_fields=["revoked_at"])
            audit.record("token.revoked", by=by, now=now, kind="token", subject_id=stored.pk, name=str(stored))
    return stored


def _reasons(user: User, scopes: set[str], expires_at: datetime, now: datetime) -> list[Reason]:
    reasons = []
    if not scopes:
        reasons.append(Reason("no_scope", _("Choose what the token may do."), "scopes"))
    if unknown := unknown_scopes(scopes):
        reasons.append(Reason("unknown_scope", _("No such scope: %s") % ", ".join(unknown), "scopes"))
    if ADMIN_SCOPE in scopes and not user.is_admin:
        reasons.append(Reason("not_admin", _("Only an administrator's token may administer."), "scopes"))
    if not now < expires_at <= now + LONGEST:
        reasons.append(Reason("expiry", _("A token expires within a year from now."), "expires_at"))
    return reasons

"""The first administrator, and what the firm says of itself in its guided start."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fairway import setup_code
from fairway.people import audit
from fairway.people.actions.access import require_admin
from fairway.people.actions.checked import check_fields, one_change
from fairway.people.actions.users import create_user
from fairway.people.errors import Reason, Refused
from fairway.people.models import Firm, User
from fairway.people.models.firm import LAST_STEP
from fairway.people.roles import ADMIN

FIELDS = ("name", "language", "timezone")


def claim(
    *, code: str, username: str, email: str, display_name: str, password: str, language: str, now: datetime
) -> User:
    """Make the first administrator of an empty installation, who knows the code that `serve` printed.

    Raises Refused: somebody is here already, a wrong code, or what `create_user` finds wrong.
    """
    if not setup_code.fits(code, settings.SECRET_KEY):
        raise Refused(Reason("code", _("This is not the code that “fairway serve” printed when it started."), "code"))
    if not password:
        raise Refused(Reason("missing", _("Choose a password."), "password"))
    with one_change():
        firm = _locked()
        if User.objects.exists():  # two at once: the lock lets the second see the first
            raise Refused(Reason("claimed", _("Somebody is here already. Sign in.")))
        user = create_user(
            username=username, email=email, display_name=display_name, roles=[ADMIN], language=language,
            password=password, by=None, now=now,
        )  # fmt: skip
        firm.step, firm.language = 2, language or firm.language
        firm.save(update_fields=["step", "language"])
        audit.record("firm.claimed", by=user, now=now, kind="firm", subject_id=firm.pk, name=str(user))
    return user


def change_firm(*, by: User | None, now: datetime, **fields: Any) -> Firm:
    """Say what the firm is called, its language and time zone (those of new people). The same again writes nothing.

    Raises Forbidden, Refused; TypeError for an unknown field.
    """
    require_admin(by)
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"No such field: {', '.join(sorted(unknown))}")
    with one_change():
        firm = _locked()
        wanted = {name: value.strip() for name, value in fields.items()}
        before = {name: getattr(firm, name) for name in wanted if getattr(firm, name) != wanted[name]}
        if before:
            for name in before:
                setattr(firm, name, wanted[name])
            check_fields(firm, FIELDS)
            firm.save(update_fields=list(before))
            after = {name: wanted[name] for name in before}
            audit.record("firm.changed", by=by, now=now, kind="firm", subject_id=firm.pk, name=firm.name,
                         before=before, after=after)  # fmt: skip
    return firm


def reach_step(step: int, *, by: User | None) -> Firm:
    """Note that the guided start has come as far as `step`; it never goes back, and one past the last ends it."""
    require_admin(by)
    with one_change():
        firm = _locked()
        if firm.step < step:
            firm.step = min(step, LAST_STEP + 1)
            firm.save(update_fields=["step"])
    return firm


def _locked() -> Firm:
    Firm.objects.get_or_create(pk=1)
    return Firm.objects.select_for_update().get(pk=1)

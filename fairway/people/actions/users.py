"""Making, changing and deactivating users."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fairway.people import audit, mailbox
from fairway.people.actions.access import require_admin, require_self_or_admin
from fairway.people.actions.admins import keep_an_admin
from fairway.people.actions.checked import check_fields, one_change
from fairway.people.errors import Forbidden, Reason, Refused
from fairway.people.models import ApiToken, RoleGrant, Team, User
from fairway.people.models.user import DEFAULT_TIMEZONE
from fairway.people.roles import unknown_roles

OWN_FIELDS = frozenset({"display_name", "language", "timezone", "phone"})
"""What people change about themselves."""

FIELDS = OWN_FIELDS | {"username", "email", "team", "territories", "industries"}
"""What an administrator changes."""


def create_user(
    *,
    username: str,
    email: str,
    display_name: str,
    by: User | None,
    now: datetime,
    team: Team | None = None,
    roles: Iterable[str] = (),
    language: str = "",
    timezone: str = DEFAULT_TIMEZONE,
    phone: str = "",
    territories: Iterable[str] = (),
    industries: Iterable[str] = (),
    password: str = "",
) -> User:
    """Make a user with these roles; without a password they set one by a link (`queries.password_link`).

    `by`: an administrator, None for the command line. Raises Forbidden, Refused (name taken, weak password…).
    """
    require_admin(by)
    keys = _known(roles)
    user = User(
        username=username.strip(),
        email=email.strip(),
        display_name=display_name.strip(),
        team=team,
        language=language,
        timezone=timezone,
        phone=phone.strip(),
        territories=list(territories),
        industries=list(industries),
    )
    user.set_unusable_password()
    with one_change():
        check_fields(user, FIELDS)
        _check_team(team)
        if password:
            _set_password(user, password)
        user.save()
        for role in keys:  # one by one: who keeps a directory of people listens to each being saved
            RoleGrant.objects.create(user=user, role=role)
        after = {**_values(user, FIELDS), "roles": keys}
        audit.record("user.created", by=by, now=now, kind="user", subject_id=user.pk, name=str(user), after=after)
    return user


def change_user(user: User, *, by: User | None, now: datetime, **fields: Any) -> User:
    """Change the given FIELDS of a user; people themselves may change OWN_FIELDS. Unchanged values write nothing.

    Raises Forbidden, Refused; TypeError for an unknown field.
    """
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"No such field: {', '.join(sorted(unknown))}")
    require_self_or_admin(user, by)
    if by is not None and not by.is_admin and not OWN_FIELDS.issuperset(fields):
        raise Forbidden(_("Only an administrator may change this."))
    with one_change():
        stored = User.objects.select_for_update(of=("self",), no_key=True).select_related("team").get(pk=user.pk)
        before = _values(stored, fields)
        for name, value in fields.items():
            setattr(stored, name, value.strip() if isinstance(value, str) else value)
        after = _values(stored, fields)
        changed = [name for name in fields if before[name] != after[name]]
        if changed:
            check_fields(stored, changed)
            if "team" in changed:
                _check_team(stored.team)
            stored.save(update_fields=changed)
            _note("user.changed", stored, by, now, _only(before, changed), _only(after, changed))
    return stored


def deactivate(user: User, *, by: User | None, now: datetime) -> User:
    """Shut a person out: no sign-in, sessions ended, tokens revoked, no new work. What they did keeps their name.

    What they still own stays theirs until handed on: `holdings.of` says what it is. Raises Forbidden, Refused for the
    last administrator.
    """
    require_admin(by)
    with one_change():
        stored = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if stored.is_active:
            if stored.is_admin:
                keep_an_admin(besides=stored)
            stored.is_active = False
            stored.save(update_fields=["is_active"])
            end_sessions(stored)
            ApiToken.objects.filter(user=stored, revoked_at=None).update(revoked_at=now)
            _note("user.deactivated", stored, by, now, {"is_active": True}, {"is_active": False})
    return stored


def reactivate(user: User, *, by: User | None, now: datetime) -> User:
    """Let a deactivated person in again, with the roles and password they had; tokens have to be made anew."""
    require_admin(by)
    with one_change():
        stored = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not stored.is_active:
            stored.is_active = True
            stored.save(update_fields=["is_active"])
            _note("user.reactivated", stored, by, now, {"is_active": False}, {"is_active": True})
    return stored


def set_password(user: User, password: str, *, by: User | None, now: datetime) -> None:
    """Set somebody's password for them and end their sessions. Raises Forbidden, Refused for a weak one."""
    require_admin(by)
    with one_change():
        stored = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        _set_password(stored, password)
        stored.save(update_fields=["password"])
        end_sessions(stored)
        _note("user.password_set", stored, by, now, {}, {})


def invite(user: User, *, site: str, by: User | None, now: datetime) -> None:
    """Write to somebody with a link to set their password. `site`: the address of the site, for the link.

    Raises Forbidden, Refused for who has no e-mail address or may not sign in.
    """
    require_admin(by)
    if not user.is_active:
        raise Refused(Reason("deactivated", _("This person is deactivated.")))
    if not user.email:
        raise Refused(Reason("no_address", _("This person has no e-mail address. Give them the link instead.")))
    with one_change():
        mailbox.invite(user, site, now)
        _note("user.invited", user, by, now, {}, {"email": user.email})


def note_password_link(user: User, *, by: User | None, now: datetime) -> None:
    """Write down that a link to set a password was made for somebody: with it one could sign in as them."""
    require_admin(by)
    _note("user.password_link_made", user, by, now, {}, {})


def drop_second_factor(user: User, *, by: User | None, now: datetime) -> None:
    """Let a person who lost telephone and recovery codes sign in by password alone, until they set it up anew.

    Writes nothing for one who has none. Raises Forbidden.
    """
    require_admin(by)
    with one_change():
        deleted, _rows = Authenticator.objects.filter(user=user).delete()
        if deleted:
            end_sessions(user)
            _note("user.second_factor_dropped", user, by, now, {}, {})


def end_sessions(user: User) -> None:
    """Sign a person out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def _known(roles: Iterable[str]) -> list[str]:
    keys = sorted(set(roles))
    if unknown := unknown_roles(keys):
        raise Refused(Reason("unknown_role", _("No such role: %s") % ", ".join(unknown), "roles"))
    return keys


def _check_team(team: Team | None) -> None:
    if team is not None and team.archived_at is not None:
        raise Refused(Reason("archived_team", _("This team is archived."), "team"))


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(*(Reason("weak_password", message, "password") for message in error.messages)) from error
    user.set_password(password)


def _values(user: User, fields: Iterable[str]) -> dict[str, Any]:
    return {name: user.team_id if name == "team" else getattr(user, name) for name in sorted(fields)}


def _only(values: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: values[name] for name in names}


def _note(
    action: str, user: User, by: User | None, now: datetime, before: dict[str, Any], after: dict[str, Any]
) -> None:
    audit.record(action, by=by, now=now, kind="user", subject_id=user.pk, name=str(user), before=before, after=after)

"""Giving and taking roles."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from fairway.people import audit
from fairway.people.actions.access import require_admin
from fairway.people.actions.admins import keep_an_admin
from fairway.people.actions.checked import one_change
from fairway.people.errors import Reason, Refused
from fairway.people.models import RoleGrant, User
from fairway.people.roles import ADMIN, ROLES, unknown_roles

Change = Callable[[frozenset[str]], frozenset[str]]


def grant_role(user: User, role: str, *, by: User | None, now: datetime) -> None:
    """Give the role; one held already writes nothing. Raises Forbidden, Refused for an unknown role."""
    _change(user, lambda held: held | {role}, [role], by=by, now=now)


def revoke_role(user: User, role: str, *, by: User | None, now: datetime) -> None:
    """Take the role; one not held writes nothing. Raises Forbidden, Refused for the last administrator's."""
    _change(user, lambda held: held - {role}, [role], by=by, now=now)


def set_roles(user: User, roles: Iterable[str], *, by: User | None, now: datetime) -> None:
    """Make these the roles of the person, in one change. Raises Forbidden, Refused."""
    keys = frozenset(roles)
    _change(user, lambda _held: keys, keys, by=by, now=now)


def _change(user: User, change: Change, named: Iterable[str], *, by: User | None, now: datetime) -> None:
    require_admin(by)
    if unknown := unknown_roles(named):
        raise Refused(Reason("unknown_role", _("No such role: %s") % ", ".join(unknown), "roles"))
    with one_change():
        stored = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        held = stored.role_keys
        wanted = change(held)
        if ADMIN in held - wanted and stored.is_active:
            keep_an_admin(besides=stored)
        if wanted != held:
            RoleGrant.objects.filter(user=stored, role__in=held - wanted).delete()
            for role in sorted(wanted - held):  # one by one: who keeps a directory listens to each being saved
                RoleGrant.objects.create(user=stored, role=role)
            audit.record(
                "user.roles_changed",
                by=by,
                now=now,
                kind="user",
                subject_id=stored.pk,
                name=str(stored),
                before={"roles": _in_order(held)},
                after={"roles": _in_order(wanted)},
            )
    user.forget_roles()


def _in_order(keys: frozenset[str]) -> list[str]:
    return [key for key in ROLES if key in keys]

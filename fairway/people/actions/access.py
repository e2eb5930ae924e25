"""Who may change people and settings."""

from django.utils.translation import gettext as _

from fairway.people.errors import Forbidden
from fairway.people.models import User
from fairway.people.roles import MANAGER
from fairway.people.scope import scope_of


def require_admin(by: User | None) -> None:
    """Let administrators and the machine's own command line (None) pass. Raises Forbidden."""
    if by is not None and not (by.is_active and by.is_admin):
        raise Forbidden(_("Only an administrator may do this."))


def require_self(user: User, by: User | None) -> None:
    """Let the person themselves pass. Raises Forbidden."""
    if by is None or not by.is_active or by.pk != user.pk:
        raise Forbidden(_("Only the person themselves may do this."))


def require_self_or_admin(user: User, by: User | None) -> None:
    """Let the person themselves and whoever `require_admin` lets pass. Raises Forbidden."""
    if by is None or by.pk != user.pk or not by.is_active:
        require_admin(by)


def require_self_or_over(user: User, by: User | None) -> None:
    """Let the person themselves, a manager who sees their team, and administrators pass. Raises Forbidden."""
    if by is not None and by.is_active and MANAGER in by.role_keys and user.team_id in scope_of(by).team_ids:
        return
    require_self_or_admin(user, by)

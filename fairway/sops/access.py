"""Who may change how the team sells."""

from django.utils.translation import gettext as _

from fairway.people.errors import Forbidden
from fairway.people.models import User
from fairway.people.roles import ADMIN, MANAGER

PUBLISHERS = frozenset({MANAGER, ADMIN})


def may_publish(user: User) -> bool:
    """Managers and administrators write and publish SOPs; everybody reads them."""
    return user.is_active and not user.role_keys.isdisjoint(PUBLISHERS)


def require_publisher(by: User | None) -> None:
    """Let those pass who may publish, and the machine's own command line (None). Raises Forbidden."""
    if by is not None and not may_publish(by):
        raise Forbidden(_("Only a sales manager or an administrator may change procedures."))

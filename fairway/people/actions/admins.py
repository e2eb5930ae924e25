"""There is always somebody who can let people in."""

from django.utils.translation import gettext as _

from fairway.people.errors import Reason, Refused
from fairway.people.models import RoleGrant, User
from fairway.people.roles import ADMIN


def keep_an_admin(besides: User) -> None:
    """Refuse a change that leaves no active administrator besides this person; call it inside the transaction.

    Locks the grants, so that two administrators cannot remove each other at once. Raises Refused.
    """
    holders = (
        RoleGrant.objects.select_for_update(no_key=True)
        .filter(role=ADMIN)
        .order_by("pk")
        .values_list("user_id", flat=True)
    )
    others = set(holders) - {besides.pk}
    if not User.objects.filter(pk__in=others, is_active=True).exists():
        raise Refused(
            Reason("last_admin", _("This is the last administrator. Make somebody else administrator first."))
        )

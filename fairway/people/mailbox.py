"""Mail about signing in: what is sent lies in the outbox, which a higher room keeps and registers here.

A message holds a link that opens an account, so it lies there sealed with a key made from the installation's secret.
"""

from collections.abc import Callable
from datetime import datetime

from fairway.people.models import User

Owe = Callable[[str, str, str, datetime], None]
Invite = Callable[[User, str, datetime], None]

_owe: list[Owe] = []
_invite: list[Invite] = []


def register(owe: Owe, invite: Invite) -> None:
    """Say how a message (to, subject, text, when) and an invitation (who, address of the site, when) are owed."""
    if _owe or _invite:
        raise ValueError("A mailbox is registered already.")
    _owe.append(owe)
    _invite.append(invite)


def post(to: str, subject: str, text: str, now: datetime) -> None:
    """Owe a message, inside the caller's transaction."""
    for owe in _owe:
        owe(to, subject, text, now)


def invite(user: User, site: str, now: datetime) -> None:
    """Owe an invitation; the link in it is made when it is sent, so that none lies about."""
    for owe in _invite:
        owe(user, site, now)

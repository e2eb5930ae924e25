"""Mail about signing in: invitations, forgotten passwords, and what was changed about an account."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from fairway.notify.handlers import send
from fairway.people.models import User
from fairway.people.queries import firm, password_link
from fairway.people.sealed import SIGN_IN_MAIL, Unreadable, seal, unseal
from fairway.runs.jobs import GiveUp, owe
from fairway.runs.models import Job


def owe_mail(to: str, subject: str, text: str, now: datetime) -> None:
    """Owe a message; its text, which may hold a link that opens an account, lies sealed in the outbox."""
    payload = {"to": to, "subject": subject, "text": seal(text, SIGN_IN_MAIL)}
    owe("sign_in_mail", f"sign-in:{secrets.token_hex(12)}", payload, now=now)


def deliver(job: Job, now: datetime) -> None:
    """Send such a message."""
    try:
        text = unseal(job.payload["text"], SIGN_IN_MAIL)
    except Unreadable as error:
        raise GiveUp("sealed with another secret") from error
    send(job.payload["to"], job.payload["subject"], text, key=job.key)


def owe_invitation(user: User, site: str, now: datetime) -> None:
    """Owe an invitation to the person; `site` is the address of the site as the inviter reached it."""
    owe("invite", f"invite:{user.pk}:{secrets.token_hex(8)}", {"user": user.pk, "site": site}, now=now)


def deliver_invitation(job: Job, now: datetime) -> None:
    """Write to the person, in their language, with a link made now: none lies in the outbox."""
    user = User.objects.filter(pk=job.payload["user"], is_active=True).first()
    if user is None or not user.email:
        raise GiveUp("the person is gone or has no mail address")
    own = firm()
    with translation.override(user.language or own.language or settings.LANGUAGE_CODE):
        link = f"{(settings.FAIRWAY_URL or job.payload['site']).rstrip('/')}{password_link(user)}"
        words = {"name": user, "firm": own.name or _("your company"), "login": user.username}
        lines = [
            _("Dear %(name)s,") % words,
            _("you have an account in Fairway at %(firm)s. Choose a password on this page:") % words,
            link,
            _("Your sign-in name is %(login)s. The link works once, for three days.") % words,
        ]
        send(user.email, _("Your account in Fairway"), "\n\n".join(lines), key=job.key)

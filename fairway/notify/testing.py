"""A mail to oneself, and what the server said to it: for the administrator who sets up mail."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

ACCEPTED = 250
READY_TO_TAKE = 251


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the mail was taken, and the server's own words."""

    taken: bool
    said: str


def send_test(to: str, *, now: datetime) -> Answer:
    """Send a short mail to `to` the way that notices go; never raises for what the server does."""
    body = _("This is a test from Fairway, sent on %(when)s. Mail works.") % {"when": f"{now:%Y-%m-%d %H:%M} UTC"}
    message = EmailMessage(_("Test from Fairway"), body, to=[to])
    connection = get_connection()
    try:
        if isinstance(connection, EmailBackend):
            return _by_smtp(connection, message)
        message.connection = connection
        message.send()
    except smtplib.SMTPResponseException as refused:
        return Answer(taken=False, said=_reply(refused.smtp_code, refused.smtp_error))
    except (smtplib.SMTPException, OSError) as error:  # nobody there, no such name, no TLS, too slow
        return Answer(taken=False, said=f"{type(error).__name__}: {error}")
    return Answer(taken=True, said=_("written into %(folder)s") % {"folder": folder()})


def folder() -> str:
    """Where mails are written while no server is set."""
    return str(getattr(settings, "EMAIL_FILE_PATH", ""))


def _by_smtp(connection: EmailBackend, message: EmailMessage) -> Answer:
    """Talk to the server step by step, because the sum of it hides the last answer."""
    connection.open()
    server = connection.connection
    if server is None:  # open() found one open already, or was told to be silent
        return Answer(taken=False, said=_("no connection"))
    try:
        server.ehlo_or_helo_if_needed()
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        for code, said in (server.mail(sender), server.rcpt(message.to[0])):
            if code not in (ACCEPTED, READY_TO_TAKE):
                return Answer(taken=False, said=_reply(code, said))
        code, said = server.data(message.message().as_bytes())
        return Answer(taken=code == ACCEPTED, said=_reply(code, said))
    finally:
        connection.close()


def _reply(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {text}"

"""How mail leaves: what is set, and a test to oneself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from fairway.notify.testing import folder, send_test
from fairway.web.views.admin_people import for_admins
from fairway.web.views.person import person


@for_admins
def mail(request: HttpRequest) -> HttpResponse:
    """Show where mail goes now; on demand send one to oneself and show what the server answered."""
    by = person(request)
    context: dict[str, Any] = {
        "title": _("Mail"), "rows": rows(), "by_server": by_server(), "address": by.email,
        "variables": ("FAIRWAY_SMTP_URL", "FAIRWAY_MAIL_FROM", "FAIRWAY_URL"),
    }  # fmt: skip
    if request.method == "POST" and by.email:
        context["answer"] = send_test(by.email, now=timezone.now())
    return render(request, "pages/admin/mail.html", context)


def by_server() -> bool:
    """Whether mail leaves at all, or is written into a folder."""
    return "smtp" in settings.EMAIL_BACKEND


def rows() -> list[tuple[str, str]]:
    """What is set, without the password."""
    common = [
        (_("From"), settings.DEFAULT_FROM_EMAIL),
        (_("Links in mails begin with"), settings.FAIRWAY_URL or _("nothing: the address of this site is not set")),
    ]
    if not by_server():
        return [(_("Folder"), folder()), *common]
    secured = _("TLS from the start") if settings.EMAIL_USE_SSL else (
        _("STARTTLS") if settings.EMAIL_USE_TLS else _("not encrypted"))  # fmt: skip
    return [
        (_("Server"), f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"),
        (_("Encryption"), secured),
        (_("Signs in as"), settings.EMAIL_HOST_USER or _("nobody")),
        *common,
    ]

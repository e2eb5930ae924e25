"""The demo company: made in the background, looked at, taken away again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fairway.demo import making, removing
from fairway.demo.models import Demo
from fairway.people.errors import Refused
from fairway.people.roles import ROLES
from fairway.runs.verify import verify
from fairway.web.views.admin_people import for_admins
from fairway.web.views.person import person


@require_safe
@never_cache
@for_admins
def demo(request: HttpRequest) -> HttpResponse:
    """How the demo stands: not here, being made, here with its people, failed."""
    found = making.here()
    accounts = [
        {"account": one, "role": ROLES[one.role].name if one.role in ROLES else one.role}
        for one in (making.accounts(found) if found else [])
    ]
    context = {
        "title": _("Demo company"), "demo": found, "accounts": accounts,
        "why_not": None if found else making.why_not(),
        "making": found is not None and found.state == Demo.MAKING,
        "failed": found is not None and found.state == Demo.FAILED,
    }  # fmt: skip
    return render(request, "pages/admin/demo.html", context)


@require_POST
@for_admins
def demo_make(request: HttpRequest) -> HttpResponse:
    """Let the demo company be made."""
    try:
        making.ask_for(by=person(request), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("demo")


@for_admins
def demo_remove(request: HttpRequest) -> HttpResponse:
    """Show what removing the demo would take away and what stays; then do it."""
    by, now = person(request), timezone.now()
    try:
        if request.method != "POST":
            context = {"title": _("Remove the demo company"), "removed": removing.preview(by=by, now=now)}
            return render(request, "pages/admin/demo_remove.html", context)
        removed = removing.remove(by=by, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("demo")
    faults = [f"{fault.check}: {fault.row}: {fault.what}" for fault in verify(now)]
    context = {"title": _("The demo company is removed"), "removed": removed, "done": True, "faults": faults}
    return render(request, "pages/admin/demo_remove.html", context)

"""All settings as one file: written out, looked at, read in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fairway.people import audit
from fairway.transfer.reading import MOST_BYTES, NotRead, apply, preview, read
from fairway.transfer.writing import as_text
from fairway.web.changes import change_rows
from fairway.web.views.admin_people import for_admins
from fairway.web.views.person import person


@never_cache
@for_admins
def settings_file(request: HttpRequest) -> HttpResponse:
    """Take the file, show what it would change, and on a second press change it."""
    if request.method != "POST":
        return render(request, "pages/admin/settings.html", {"title": _("Settings file")})
    by, now, text = person(request), timezone.now(), _given(request)
    try:
        wanted = read(text)
    except NotRead as error:
        wrong = {"title": _("Settings file"), "errors": str(error).splitlines(), "text": text}
        return render(request, "pages/admin/settings.html", wrong, status=422)
    sure = request.POST.get("do") == "apply"
    outcome = (apply if sure else preview)(wanted, by=by, now=now)
    if sure and not outcome.problems:
        messages.success(request, _("Applied: %(number)s changes.") % {"number": len(outcome.changes)})
        return redirect("admin-settings")
    context = {
        "title": _("Settings file"), "text": text, "changes": change_rows(outcome.changes), "looked": True,
        "problems": [f"{part}: {why}" for part, why in outcome.problems],
    }  # fmt: skip
    return render(request, "pages/admin/settings.html", context, status=409 if outcome.problems else 200)


def _given(request: HttpRequest) -> str:
    """The text of the file that was chosen, or that was looked at before."""
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("text", "").replace("\r\n", "\n")
    return bytes(file.read(MOST_BYTES + 1)).decode("utf-8-sig", "replace")


@require_safe
@for_admins
def settings_download(request: HttpRequest) -> HttpResponse:
    """The file. Names and addresses of people are in it, so its going out is put on record."""
    now = timezone.now()
    audit.record("settings.exported", by=person(request), now=now, kind="settings")
    headers = {"Content-Disposition": f'attachment; filename="fairway-settings-{now:%Y%m%d}.yaml"'}
    return HttpResponse(as_text(now), content_type="application/yaml; charset=utf-8", headers=headers)

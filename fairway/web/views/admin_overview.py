"""Administration to look at: reasons with their use, tokens of all people, backups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fairway import backups
from fairway.people import audit
from fairway.people.actions import tokens as token_actions
from fairway.people.models import ApiToken
from fairway.people.queries import page_of
from fairway.runs.queries.reasons import reasons_used
from fairway.web.lists import page_number
from fairway.web.views.admin_people import for_admins
from fairway.web.views.person import person

OLD = timedelta(days=7)
UNUSED = timedelta(days=60)


@require_safe
@for_admins
def reason_list(request: HttpRequest) -> HttpResponse:
    """Why runs ended, SOP by SOP."""
    groups: dict[str, dict[str, Any]] = {}
    for row in reasons_used():
        group = groups.setdefault(row.sop, {"key": row.sop, "title": row.sop_title, "rows": []})
        group["rows"].append(row)
    return render(request, "pages/admin/reasons.html", {"title": _("Reasons"), "groups": list(groups.values())})


@require_safe
@for_admins
def token_overview(request: HttpRequest) -> HttpResponse:
    """Every API token: whose, what it may do, when it was last used."""
    now, state = timezone.now(), request.GET.get("state", "live")
    found = ApiToken.objects.select_related("user").order_by("-created_at", "-id")
    if state != "all":
        found = found.filter(revoked_at=None, expires_at__gt=now)
    if state == "unused":
        found = found.exclude(last_used_at__gt=now - UNUSED)
    states = [("live", _("In use")), ("unused", _("Not used for 60 days")), ("all", _("All"))]
    field = {
        "name": "state",
        "type": "select",
        "label": _("State"),
        "value": state,
        "options": states,
        "required": True,
    }
    page = page_of(found, page_number(request))
    rows = [{"token": one, "state": _state(one, now)} for one in page.rows]
    context = {"title": _("API tokens"), "page": page, "rows": rows, "field": field, "now": now}
    return render(request, "pages/admin/tokens.html", context)


def _state(token: ApiToken, now: datetime) -> tuple[str, str]:
    if token.revoked_at is not None:
        return _("revoked"), "neutral"
    return (_("expired"), "neutral") if token.expires_at <= now else (_("in use"), "good")


@require_POST
@for_admins
def token_revoke_any(request: HttpRequest, token_id: int) -> HttpResponse:
    """Make somebody's token useless."""
    token = get_object_or_404(ApiToken.objects.select_related("user"), pk=token_id)
    token_actions.revoke_token(token, by=person(request), now=timezone.now())
    messages.success(request, _("Revoked: programs that used it stop working at once."))
    return redirect("admin-tokens")


# -- backups -----------------------------------------------------------------------------------------------------------


@require_safe
@never_cache
@for_admins
def backup_list(request: HttpRequest) -> HttpResponse:
    """The backups in the data folder, and whether the newest is old."""
    found = backups.kept()
    now = timezone.now()
    newest = found[0].at if found else None
    context = {
        "title": _("Backups"), "backups": found, "old": newest is None or now - newest > OLD, "newest": newest,
        "now": now, "folder": backups.folder_of_backups(),
    }  # fmt: skip
    return render(request, "pages/admin/backups.html", context)


@require_POST
@for_admins
def backup_make(request: HttpRequest) -> HttpResponse:
    """Make a backup now; the site runs on meanwhile."""
    by, now = person(request), timezone.now()
    target = backups.folder_of_backups(make=True) / backups.name_for(now)
    try:
        members = backups.make(target, now=now.astimezone(UTC))
    except (backups.BackupError, OSError) as problem:
        messages.error(request, _("The backup could not be made: %(why)s") % {"why": problem})
        return redirect("admin-backups")
    size = target.stat().st_size
    audit.record("backup.made", by=by, now=now, kind="backup", name=target.name, after={"size": size})
    messages.success(request, _("The backup is made: %(number)s files.") % {"number": len(members)})
    return redirect("admin-backups")


@require_safe
@for_admins
def backup_download(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send one backup. It holds the secret key and all data, so its going out is put on record."""
    found = next((one for one in backups.kept() if one.path.name == name), None)
    if found is None:
        raise Http404
    audit.record("backup.downloaded", by=person(request), now=timezone.now(), kind="backup", name=name)
    return FileResponse(found.path.open("rb"), as_attachment=True, filename=name, content_type="application/gzip")


@require_POST
@for_admins
def backup_delete(request: HttpRequest, name: str) -> HttpResponse:
    """Delete one backup."""
    found = next((one for one in backups.kept() if one.path.name == name), None)
    if found is None:
        raise Http404
    found.path.unlink(missing_ok=True)
    audit.record("backup.deleted", by=person(request), now=timezone.now(), kind="backup", name=name)
    messages.success(request, _("Deleted."))
    return redirect("admin-backups")

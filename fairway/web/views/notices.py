"""One's own notices, and how one wants to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from fairway.notify import queries
from fairway.notify.actions import Wish, mark_read, set_mail_times, set_preferences
from fairway.notify.models import Notice
from fairway.notify.places import address
from fairway.notify.words import headline, missing
from fairway.people.doors import door
from fairway.people.errors import Refused
from fairway.people.models import User
from fairway.people.queries import page_of
from fairway.people.scope import scope_of
from fairway.runs import kinds
from fairway.runs.models import Run
from fairway.web.forms.notices import MailTimesForm
from fairway.web.lists import page_number
from fairway.web.views.person import person
from fairway.web.views.refusals import add_reasons

ICONS = {
    "asked": "clipboard-check", "clock": "clock-exclamation", "told": "message-circle", "waiver_asked": "shield-check",
    "waiver_granted": "thumb-up", "waiver_refused": "thumb-down", "mentioned": "at", "commented": "message-circle",
    "followed": "eye",
}  # fmt: skip
OTHER_ICON = "alert-triangle"


@require_safe
@door(signed_in=True)
def notice_list(request: HttpRequest) -> HttpResponse:
    """One's notices, newest first."""
    by = person(request)
    only_unread = bool(request.GET.get("unread"))
    unread, total = queries.counts(by)
    page = page_of(queries.notices(by, unread=only_unread), page_number(request))
    tabs = [
        {"key": "all", "label": _("All"), "url": request.path, "count": total},
        {"key": "unread", "label": _("Unread"), "url": "?unread=1", "count": unread},
    ]
    context = {
        "title": _("Notices"), "page": page, "rows": rows(page.rows, by), "tabs": tabs,
        "tab": "unread" if only_unread else "all", "unread_here": unread,
    }  # fmt: skip
    return render(request, "pages/notices.html", context)


def rows(notices: Sequence[Notice], by: User) -> list[dict[str, Any]]:
    """Notices in words. One says whether its record may still be opened: who lost sight of it keeps the notice."""
    ids = {notice.run_id for notice in notices if notice.run_id}
    seen = set(Run.objects.visible_to(scope_of(by)).filter(pk__in=ids).order_by().values_list("pk", flat=True))
    return [
        {
            "notice": notice, "text": headline(notice.code, notice.data, notice.run), "note": missing(notice.data),
            "icon": ICONS.get(notice.code, OTHER_ICON),
            "opens": notice.run_id in seen or (notice.run_id is None and "place" in notice.data),
            "tone": "accent" if notice.read_at is None else "neutral",
        }
        for notice in notices
    ]  # fmt: skip


@require_safe
@door(signed_in=True)
def notice_open(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Go to what a notice is about. Following a link changes nothing: it is marked as read by `notice_read` alone."""
    by = person(request)
    notice = get_object_or_404(Notice.objects.select_related("run"), pk=notice_id, user=by)
    run = Run.objects.visible_to(scope_of(by)).filter(pk=notice.run_id or 0).first()
    page = kinds.pages([(run.pk, run.face)]).get(run.pk) if run else None
    if "place" in notice.data:
        page = address(notice.data, by) or None
    if page is None:
        messages.warning(request, _("What this notice is about is not open to you any more."))
    return redirect(page or "notices")


@require_POST
@door(signed_in=True)
def notice_read(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one notice as read."""
    by = person(request)
    get_object_or_404(Notice, pk=notice_id, user=by)
    mark_read(by=by, now=timezone.now(), notice_id=notice_id)
    return redirect("notices")


@require_POST
@door(signed_in=True)
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all one's notices as read."""
    number = mark_read(by=person(request), now=timezone.now())
    said = ngettext("%(number)s notice marked as read.", "%(number)s notices marked as read.", number)
    messages.success(request, said % {"number": number})
    return redirect("notices")


@door(signed_in=True)
def notice_preferences(request: HttpRequest) -> HttpResponse:
    """Choose how one gets each kind of notice, one's quiet hours, and when the digest comes."""
    by = person(request)
    kinds_, times = queries.preferences(by), queries.mail_times(by)
    form = MailTimesForm(request.POST if request.method == "POST" else None, initial=model_to_dict(times))
    if request.method == "POST":
        kinds_ = [_ticked(request, kind) for kind in kinds_]
        if form.is_valid() and _saved(form, kinds_, by):
            messages.success(request, _("Saved."))
            return redirect("notice-preferences")
    context = {"title": _("How you are told"), "kinds": kinds_, "form": form, "zone": by.zone.key}
    return render(request, "pages/notice_preferences.html", context, status=422 if form.errors else 200)


def _ticked(request: HttpRequest, kind: queries.Kind) -> queries.Kind:
    in_app, by_mail, urgent = (kind.code in request.POST.getlist(way) for way in ("in_app", "by_mail", "urgent"))
    return replace(kind, in_app=in_app, by_mail=by_mail, urgent=urgent)


def _saved(form: MailTimesForm, kinds_: Sequence[queries.Kind], by: User) -> bool:
    """Keep all or nothing; what is refused stands at its field."""
    wishes = {kind.code: Wish(kind.in_app, kind.by_mail, kind.urgent) for kind in kinds_}
    try:
        with transaction.atomic():
            set_mail_times(by=by, now=timezone.now(), **form.cleaned_data)
            set_preferences(wishes, by=by)
    except Refused as refused:
        add_reasons(form, refused)
        return False
    return True

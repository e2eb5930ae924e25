"""Keeping views of lists, changing them, pinning them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fairway.lists.actions import views
from fairway.lists.errors import Misread
from fairway.lists.listing import listings
from fairway.lists.models import SavedView
from fairway.people.doors import door
from fairway.people.errors import Refused
from fairway.web.views.person import person


@require_POST
@door(signed_in=True)
def view_save(request: HttpRequest, key: str) -> HttpResponse:
    """Keep a view of a list."""
    if key not in listings():
        raise Http404
    post = request.POST
    try:
        view = views.save_view(
            key, post.get("name", ""), post.get("query", ""), share=post.get("share") or views.OWN,
            pinned=bool(post.get("pinned")), by=person(request), now=timezone.now(),
        )  # fmt: skip
    except (Refused, Misread) as wrong:
        messages.error(request, _said(wrong))
        return redirect(f"/{key}?{post.get('query', '')}&tool=save")
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return redirect(f"/{key}?view={view.pk}&{view.query}")


@require_POST
@door(signed_in=True)
def view_change(request: HttpRequest, view_id: int) -> HttpResponse:
    """Change, delete, pin a kept view, or let the list open with it."""
    by, now, post = person(request), timezone.now(), request.POST
    try:
        view = views.seen(by).get(pk=view_id)
        done = _change(view, post.get("do", ""), request)
    except SavedView.DoesNotExist as gone:
        raise Http404 from gone
    except (Refused, Misread) as wrong:
        messages.error(request, _said(wrong))
        return redirect(f"/{view.listing}?{post.get('query', '')}&tool=save")
    if post.get("do") == "delete":
        views.delete_view(view_id, by=by, now=now)
    messages.success(request, done % {"name": view.name})
    back = "" if post.get("do") == "delete" else f"view={view_id}&{views.seen(by).get(pk=view_id).query}"
    return redirect(f"/{view.listing}?{back or 'view=0'}")


def _change(view: SavedView, do: str, request: HttpRequest) -> str:
    """Do it (deleting comes last, by the caller), and give the sentence about it."""
    by, post = person(request), request.POST
    if do == "update":
        views.change_view(
            view.pk, name=post.get("name") or None, query=post.get("query"), share=post.get("share") or None, by=by,
            now=timezone.now(),
        )  # fmt: skip
        return _("The view “%(name)s” is changed.")
    if do in ("pin", "unpin"):
        views.mark_view(view.pk, pinned=do == "pin", by=by)
        return _("“%(name)s” is pinned.") if do == "pin" else _("“%(name)s” is no longer pinned.")
    if do in ("home", "unhome"):
        views.mark_view(view.pk, home=do == "home", by=by)
        return _("The list opens with “%(name)s”.") if do == "home" else _("The list opens with everything again.")
    if do == "delete":
        return _("The view “%(name)s” is deleted.")
    raise Http404


def _said(wrong: Refused | Misread) -> str:
    return " ".join(reason.message for reason in wrong.reasons) if isinstance(wrong, Refused) else str(wrong)

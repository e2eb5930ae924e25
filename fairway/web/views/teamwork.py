"""Comments on a record, and following it: each answers with the page of the record, or with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fairway.people.doors import door
from fairway.people.errors import Refused
from fairway.people.scope import scope_of
from fairway.teamwork import actions
from fairway.teamwork.mentions import people
from fairway.teamwork.models import Comment
from fairway.teamwork.subjects import KINDS, Subject, load, of_row
from fairway.web.views.person import person


def subject_seen(request: HttpRequest, kind: str, item_id: int) -> Subject:
    """What is commented on or followed, if the person may see it. Raises Http404."""
    if kind not in KINDS:
        raise Http404
    try:
        return load(kind, item_id, person(request))
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def comment_seen(request: HttpRequest, comment_id: int) -> Comment:
    """The comment, if the person may see what it is on. Raises Http404."""
    rows = Comment.objects.visible_to(scope_of(person(request))).select_related("run", "account", "contact__account")
    return get_object_or_404(rows, pk=comment_id, removed_at=None)


@door(signed_in=True)
def comment_add(request: HttpRequest, kind: str, item_id: int) -> HttpResponse:
    """Say something on a record."""
    subject, user, now = subject_seen(request, kind, item_id), person(request), timezone.now()
    anyway = bool(request.POST.get("anyway"))

    def say() -> Comment:
        return actions.comment(subject, request.POST.get("text", ""), by=user, now=now, anyway=anyway)

    return _kept(request, subject, say, title=_("Comment"), text="")


@door(signed_in=True)
def comment_edit(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Change one's own comment."""
    found, user, now = comment_seen(request, comment_id), person(request), timezone.now()
    if not actions.may_edit(found, user, now):
        raise PermissionDenied
    anyway = bool(request.POST.get("anyway"))

    def mend() -> Comment:
        return actions.edit(found.pk, request.POST.get("text", ""), by=user, now=now, anyway=anyway)

    return _kept(request, of_row(found), mend, title=_("Change the comment"), text=found.text, comment=found)


def _kept(
    request: HttpRequest, subject: Subject, write: Callable[[], Comment], *, title: str, text: str,
    comment: Comment | None = None,
) -> HttpResponse:  # fmt: skip
    """Carry it out and lead to where it stands; refused, or only asked for, show the box with what was typed."""
    context: dict[str, Any] = {
        "title": title, "about": subject, "back": subject.page, "text": text, "comment": comment, "reasons": (),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "pages/comment.html", context)
    try:
        made = write()
    except Refused as refused:
        context |= {
            "text": request.POST.get("text", ""), "reasons": [one.message for one in refused.reasons],
            "unseen": any(one.code == "mention_unseen" for one in refused.reasons),
        }  # fmt: skip
        return render(request, "pages/comment.html", context, status=422)
    return redirect(f"{subject.page}#comment-{made.pk}")


@require_POST
@door(signed_in=True)
def comment_remove(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Take a comment away."""
    found = comment_seen(request, comment_id)
    actions.remove(found.pk, by=person(request), now=timezone.now())
    messages.success(request, _("Comment removed."))
    return redirect(f"{of_row(found).page}#timeline")


@require_POST
@door(signed_in=True)
def follow(request: HttpRequest, kind: str, item_id: int) -> HttpResponse:
    """Follow a record, or no longer."""
    subject, user = subject_seen(request, kind, item_id), person(request)
    if request.POST.get("follow") == "no":
        actions.unfollow(subject, by=user)
    else:
        actions.follow(subject, by=user, now=timezone.now())
    return redirect(f"{subject.page}#people")


@require_safe
@door(signed_in=True)
def names(request: HttpRequest) -> JsonResponse:
    """The names of colleagues, for whoever types an @."""
    return JsonResponse(sorted({one.name for one in people() if one.name}), safe=False)

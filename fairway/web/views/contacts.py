"""People at companies: the list, and changing one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.customers.models import Contact, CustomerChange
from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.queries import page_of
from fairway.people.scope import scope_of
from fairway.teamwork.queries import comments, following
from fairway.teamwork.subjects import CONTACT
from fairway.teamwork.subjects import Subject as TalkSubject
from fairway.web.listed.show import show
from fairway.web.lists import page_number
from fairway.web.record.customers import ContactSubject, chain_of
from fairway.web.record.dealings import dealings_of
from fairway.web.record.inplace import Editing, in_place, undo_of
from fairway.web.templatetags.html import icon
from fairway.web.views.accounts import COMMENTS, number_in, said, talk_of
from fairway.web.views.beside import came_from
from fairway.web.views.person import person

ATTITUDE_TONES = {"support": "good", "neutral": "neutral", "oppose": "bad"}


@require_safe
@door(signed_in=True)
def contact_list(request: HttpRequest) -> HttpResponse:
    """The contacts of companies that the person may see."""
    return show(request, "contacts", "pages/contacts.html", {})


def seen(contact_id: int, by: User) -> Contact:
    """The contact, if the person may see their company. Raises Http404."""
    rows = Contact.objects.visible_to(scope_of(by)).select_related("account__owner", "reports_to")
    return get_object_or_404(rows, pk=contact_id)


@require_safe
@door(signed_in=True)
def contact_page(request: HttpRequest, contact_id: int) -> HttpResponse:
    """One person: how to reach them, the part they play, their deals, what is said about them."""
    return _page(request, contact_id)


@door(signed_in=True)
def contact_fact(request: HttpRequest, contact_id: int, name: str) -> HttpResponse:
    """Change one fact of a contact where it stands."""
    by = person(request)
    subject = ContactSubject(seen(contact_id, by), by)

    def page(editing: Editing, status: int) -> HttpResponse:
        return _page(request, contact_id, editing=editing, status=status)

    return in_place(request, subject, name, by=by, page=page)


@require_safe
@door(signed_in=True)
def contact_history(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Who changed what of a contact, when, from what to what."""
    contact = seen(contact_id, person(request))
    changes = CustomerChange.objects.filter(contact=contact).select_related("by", "contact").order_by("-id")
    page = page_of(changes, page_number(request))
    context = {
        "title": _("History of facts"), "subject": contact.name, "back": f"/contacts/{contact.pk}", "page": page,
        "changes": [said(one) for one in page.rows],
    }  # fmt: skip
    return render(request, "pages/customer_history.html", context)


def _page(
    request: HttpRequest, contact_id: int, *, editing: Editing | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    by, now = person(request), timezone.now()
    contact = seen(contact_id, by)
    subject = ContactSubject(contact, by)
    about = TalkSubject(CONTACT, contact)
    talk = comments(about, by, now=now, below=number_in(request, "before"), shown=COMMENTS + 1)
    colleagues = list(contact.account.contacts.exclude(left_company=True))
    context = {
        "title": contact.name, "contact": contact, "account": contact.account, "now": now, "here": subject.home,
        "below": [one for one in colleagues if one.reports_to_id == contact.pk], "chain": chain_of(colleagues),
        "dealings": dealings_of(contact.account, by, now=now, contact=contact), "about": about,
        "following": following(about, by), **talk_of(talk), "facts": subject.facts(), "may_edit": subject.may,
        "facts_url": f"{subject.home}/facts", "editing": editing or subject.opened(request.GET.get("edit", "")),
        "undo": undo_of(request, subject.where), "came_from": came_from(request, "contact"),
        "change_word": _("Change"), "pencil": icon("pencil"),
    }  # fmt: skip
    return render(request, "pages/contact.html", context, status=status)

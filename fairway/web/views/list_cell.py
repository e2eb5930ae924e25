"""One cell of a list, changed where it stands: by double click or by key; without script on a page of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fairway.customers.models import Account, Contact
from fairway.leads.queries import listed
from fairway.lists.asking import Asker
from fairway.lists.columns import Column
from fairway.lists.listing import Listing, listings
from fairway.lists.reading import Reading
from fairway.lists.view import View
from fairway.people.doors import door
from fairway.runs.models import Run
from fairway.runs.queries import load_run
from fairway.web.context import wants_part
from fairway.web.listed.cells import Cells
from fairway.web.record.customers import AccountSubject, ContactSubject
from fairway.web.record.inplace import UNDO, Editing, Subject, in_place
from fairway.web.record.page import Builder
from fairway.web.record.said import Opened
from fairway.web.views.person import person


@door(signed_in=True)
def list_cell(request: HttpRequest, key: str, item: int, column: str) -> HttpResponse:
    """Show a cell open, write it, or (with `?show`) show it as it stands."""
    found, listing, asker = _found(key, column), listings().get(key), Asker.of(person(request), timezone.now())
    if found is None or listing is None:
        raise Http404
    cell = _cell(listing, found, item, asker)
    subject = _subject(listing, item, asker)
    if request.method != "POST":
        return _open(request, listing, found, item, subject, cell)

    def page(editing: Editing, status: int) -> HttpResponse:
        return _form(request, listing, found, item, editing, status=status)

    request.session.pop(UNDO, None)
    try:
        answer = in_place(request, subject, found.edit, by=asker.user, page=page)
    except PermissionDenied as denied:
        return _denied(request, denied, cell)
    if answer.status_code != 302:
        return answer
    return _saved(request, listing, found, item, asker)


def _found(key: str, column: str) -> Column | None:
    listing = listings().get(key)
    found = listing.columns.get(column) if listing else None
    return found if found is not None and found.edit else None


def _cell(listing: Listing, column: Column, item: int, asker: Asker) -> Any:
    """The cell as it stands. Raises Http404 for a row that the asker does not see."""
    view = replace(View(), columns=(listing.main, column.key))
    reading = Reading(listing, view, asker)
    row = reading.one(item)
    if row is None:
        raise Http404
    return Cells(listing, reading.columns, asker).cell(column, row)


def _subject(listing: Listing, item: int, asker: Asker) -> Subject:
    """What the row is about, as its own page changes it."""
    if listing.key == "accounts":
        account = Account.objects.select_related("parent").get(pk=item)
        return AccountSubject(account, asker.user, {"industry": listed("industry"), "size": listed("company_size")})
    if listing.key == "contacts":
        return ContactSubject(Contact.objects.select_related("account").get(pk=item), asker.user)
    run_id = listing.model._default_manager.values_list("run_id", flat=True).get(pk=item)  # noqa: SLF001
    run: Run = load_run(run_id, asker.user)
    return Builder(run, asker.user, asker.now, opened=Opened()).subject


def _open(
    request: HttpRequest, listing: Listing, column: Column, item: int, subject: Subject, cell: Any
) -> HttpResponse:  # fmt: skip
    if "show" in request.GET:
        return HttpResponse(cell)
    editing = subject.opened(column.edit)
    if editing is None:
        return _denied(request, PermissionDenied(_("You may not change this.")), cell)
    return _form(request, listing, column, item, editing)


def _form(
    request: HttpRequest, listing: Listing, column: Column, item: int, editing: Editing, *, status: int = 200
) -> HttpResponse:  # fmt: skip
    context = {
        "title": _("Change %(title)s") % {"title": column.title}, "listing": listing, "column": column, "item": item,
        "editing": editing, "url": f"/lists/{listing.key}/{item}/{column.key}", "now": timezone.now(),
        "back": f"/{listing.key}", "cell": wants_part(request),
    }  # fmt: skip
    template = "pages/lists/cell_form.html" if wants_part(request) else "pages/list_cell.html"
    return render(request, template, context, status=status)


def _denied(request: HttpRequest, denied: PermissionDenied, cell: Any) -> HttpResponse:
    """The cell as it was, and why it may not be changed; a page of its own gets the usual refusal."""
    if not wants_part(request):
        raise denied
    context = {"cell": cell, "said": str(denied) or _("You may not change this."), "level": "error"}
    return render(request, "pages/lists/cell.html", context, status=403)


def _saved(request: HttpRequest, listing: Listing, column: Column, item: int, asker: Asker) -> HttpResponse:
    """The cell as it stands now, with the way to take the change back."""
    undo = request.session.get(UNDO)
    if not wants_part(request):
        return redirect(f"/{listing.key}")
    list(messages.get_messages(request))  # said by the toast below
    context = {
        "cell": _cell(listing, column, item, asker), "said": _("Saved."), "level": "success", "column": column,
        "undo": json.dumps({"was": undo[3], column.edit: undo[2]}) if undo else "", "item": item,
        "url": f"/lists/{listing.key}/{item}/{column.key}",
    }  # fmt: skip
    return render(request, "pages/lists/cell.html", context)

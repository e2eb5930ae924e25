"""Companies: the list, one company with all that hangs on it, a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.customers import actions
from fairway.customers.models import Account, Contact, CustomerChange
from fairway.duplicates.entry import accounts_like
from fairway.leads.queries import listed
from fairway.people.doors import door
from fairway.people.errors import Refused
from fairway.people.models import User
from fairway.people.queries import page_of
from fairway.people.scope import scope_of
from fairway.runs.queries.lists import Choices
from fairway.teamwork.queries import Said, comments, following
from fairway.teamwork.subjects import ACCOUNT
from fairway.teamwork.subjects import Subject as TalkSubject
from fairway.web.forms.customers import AccountForm, ContactForm
from fairway.web.listed.show import show
from fairway.web.lists import page_number
from fairway.web.pickers import offered
from fairway.web.record.customers import AccountSubject, chain_of, tree_of
from fairway.web.record.dealings import dealings_of
from fairway.web.record.inplace import Editing, in_place, undo_of
from fairway.web.templatetags.html import icon
from fairway.web.views.beside import came_from
from fairway.web.views.person import person
from fairway.web.views.refusals import add_reasons

COMMENTS = 30


@require_safe
@door(signed_in=True)
def account_list(request: HttpRequest) -> HttpResponse:
    """The companies that the person may see."""
    return show(request, "accounts", "pages/accounts.html", {"may_write": _may_write(person(request))})


@require_safe
@door(signed_in=True)
def account_options(request: HttpRequest) -> HttpResponse:
    """Companies whose name has the text, as the options of a field that is typed into."""
    text = request.GET.get("company", "") or request.GET.get("group", "")
    found = offered(text, person(request)) if text.strip() else []
    return render(request, "pages/lists/company_options.html", {"companies": found})


@door(roles=actions.WRITERS)
def account_new(request: HttpRequest) -> HttpResponse:
    """Make a company; one of that name is shown first."""
    by, now = person(request), timezone.now()
    start = {"name": request.GET.get("name", ""), "group": request.GET.get("group", "")}
    form = AccountForm(request.POST or None, initial=start, listed=_listed())
    if "on_hold" not in actions.account_fields(by):
        del form.fields["on_hold"]
    same: tuple[list[Account], int] = ([], 0)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            same = _same(form.cleaned_data, by)
            if any(same) and not request.POST.get("anyway"):
                status = 409
            else:
                try:
                    group = actions.company_named(form.cleaned_data["group"], by)
                    account = actions.create_account({**form.cleaned_data, "parent_id": group}, by=by, now=now)
                except Refused as refused:
                    add_reasons(form, refused, parent_id="group")
                else:
                    messages.success(request, _("%(name)s is created.") % {"name": account})
                    return redirect("account", account.pk)
    context = {"title": _("New company"), "form": form, "same": same[0], "elsewhere": same[1], "asked": status == 409}
    return render(request, "pages/account_new.html", context, status=status)


@require_safe
@door(signed_in=True)
def account_page(request: HttpRequest, account_id: int) -> HttpResponse:
    """One company: its group, people, dealings, what is said about it, and what was changed."""
    return _page(request, account_id)


@door(signed_in=True)
def account_fact(request: HttpRequest, account_id: int, name: str) -> HttpResponse:
    """Change one fact of a company where it stands."""
    by = person(request)
    subject = AccountSubject(seen(account_id, by), by, _listed())

    def page(editing: Editing, status: int) -> HttpResponse:
        return _page(request, account_id, editing=editing, status=status)

    return in_place(request, subject, name, by=by, page=page)


@require_safe
@door(signed_in=True)
def account_history(request: HttpRequest, account_id: int) -> HttpResponse:
    """Who changed what of a company and its people, when, from what to what."""
    account = seen(account_id, person(request))
    changes = CustomerChange.objects.filter(account=account).select_related("by", "contact").order_by("-id")
    page = page_of(changes, page_number(request))
    context = {
        "title": _("History of facts"), "subject": account.name, "back": f"/accounts/{account.pk}", "page": page,
        "changes": [said(one) for one in page.rows],
    }  # fmt: skip
    return render(request, "pages/customer_history.html", context)


def _page(
    request: HttpRequest, account_id: int, *, editing: Editing | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    by, now = person(request), timezone.now()
    account = seen(account_id, by)
    subject = AccountSubject(account, by, _listed())
    about = TalkSubject(ACCOUNT, account)
    talk = comments(about, by, now=now, below=number_in(request, "before"), shown=COMMENTS + 1)
    same, elsewhere = accounts_like(
        name=account.name, phone=account.phone, website=account.website, uscc=account.uscc, by=by, besides=account.pk
    )
    contacts = list(account.contacts.all())
    names = {one.pk: one for one in contacts}
    for one in contacts:
        one.reports_to = names.get(one.reports_to_id or 0)
    context = {
        "title": account.name, "account": account, "may_write": _may_write(by), "now": now, "here": subject.home,
        "contacts": contacts, "chain": chain_of(contacts), "tree": tree_of(account, by),
        "dealings": dealings_of(account, by, now=now), "same": same, "elsewhere": elsewhere, "about": about,
        "following": following(about, by), **talk_of(talk), "facts": subject.facts(), "may_edit": subject.may,
        "facts_url": f"{subject.home}/facts", "editing": editing or subject.opened(request.GET.get("edit", "")),
        "undo": undo_of(request, subject.where), "came_from": came_from(request, "account"),
        "change_word": _("Change"), "pencil": icon("pencil"),
    }  # fmt: skip
    return render(request, "pages/account.html", context, status=status)


def talk_of(talk: list[Said]) -> dict[str, Any]:
    """Comments of one page, and from where on the page before goes."""
    shown = talk[:COMMENTS]
    older = f"before={shown[-1].comment.pk}" if len(talk) > COMMENTS else ""
    return {"lines": [{"said": one} for one in shown], "older": older}


def number_in(request: HttpRequest, name: str) -> int | None:
    """A number of the address; None for none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _same(values: Mapping[str, Any], by: User) -> tuple[list[Account], int]:
    """Companies that are there already like the one that is typed."""
    name, phone, website = (str(values.get(key) or "") for key in ("name", "phone", "website"))
    return accounts_like(name=name, phone=phone, website=website, by=by) if name.strip() else ([], 0)


@require_safe
@door(roles=actions.WRITERS)
def account_duplicates(request: HttpRequest) -> HttpResponse:
    """Companies like the one that is being typed, as a part of the page."""
    same, elsewhere = _same({key: value[:200] for key, value in request.GET.items()}, person(request))
    return render(request, "pages/account_same.html", {"same": same, "elsewhere": elsewhere})


def seen(account_id: int, by: User) -> Account:
    """The company, if the person may see it. Raises Http404."""
    rows = Account.objects.visible_to(scope_of(by)).select_related(
        "owner", "team", "parent__owner", "parent__parent__owner", "parent__parent__parent__owner"
    )
    return get_object_or_404(rows, pk=account_id)


def _listed() -> dict[str, Choices]:
    """What industry and size may be, as the SOP lists them: the same words as on the lead."""
    return {"industry": listed("industry"), "size": listed("company_size")}


def _may_write(by: User) -> bool:
    return bool(actions.WRITERS & by.role_keys)


def label(model: type[Account | Contact], name: str) -> str:
    """What a field is called, a capital first."""
    field = model._meta.get_field(name)  # noqa: SLF001 - documented by Django
    words = str(getattr(field, "verbose_name", name))
    return words[:1].upper() + words[1:]


def said(change: CustomerChange) -> dict[str, Any]:
    """A change in words: what was done, and each value before and after."""
    what = {
        "account_created": _("Company created"), "account_changed": _("Company changed"),
        "account_merged": _("Another company was merged into it"), "account_merge_undone": _("The merge was undone"),
        "contact_merged": _("Another contact was merged into them"), "contact_merge_undone": _("The merge was undone"),
        "contact_created": _("Contact created"), "contact_changed": _("Contact changed"),
        "account_tagged": _("Tags of the company changed"), "contact_tagged": _("Tags of the contact changed"),
    }  # fmt: skip
    model: type[Account | Contact] = Contact if change.kind.startswith("contact") else Account
    known = {field.name for field in model._meta.get_fields()}  # noqa: SLF001 - documented by Django
    rows = [(_("Tags"), *change.data["tags"])] if "tags" in change.data else []
    rows += [
        (label(model, name.removesuffix("_id")), *pair)
        for name, pair in change.data.items()
        if name.removesuffix("_id") in known and isinstance(pair, list)
    ]
    return {"change": change, "what": what.get(change.kind, change.kind), "rows": rows}


# -- contacts of the company -------------------------------------------------------------------------------------------


@door(roles=actions.WRITERS)
def contact_new(request: HttpRequest, account_id: int) -> HttpResponse:
    """Add a person to a company."""
    by = person(request)
    account = seen(account_id, by)
    form = ContactForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            contact = actions.create_contact(account.pk, form.values(), by=by, now=timezone.now())
        except Refused as refused:
            add_reasons(form, refused)
        else:
            messages.success(request, _("%(name)s is created.") % {"name": contact})
            return redirect("account", account.pk)
    context = {"title": _("New contact"), "form": form, "account": account}
    return render(request, "pages/contact_new.html", context, status=422 if form.errors else 200)

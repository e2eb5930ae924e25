"""Companies: the list, one company with all that hangs on it, a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.customers import actions, queries
from fairway.customers.models import Account, Contact, CustomerChange
from fairway.leads.queries import listed
from fairway.people.doors import door
from fairway.people.errors import Refused
from fairway.people.models import User
from fairway.people.queries import page_of
from fairway.people.scope import scope_of
from fairway.receivables.models import Node
from fairway.runs import kinds
from fairway.runs.models import Run
from fairway.runs.queries.lists import ME, NOBODY, Choices, number_of, owner_choices, team_choices
from fairway.runs.texts import outcome_title, say, stage_title
from fairway.sops.programs import program_of
from fairway.web import exports
from fairway.web.forms.customers import AccountForm, ContactForm
from fairway.web.lists import page_number, same_view, select
from fairway.web.pickers import offered
from fairway.web.views.person import person
from fairway.web.views.refusals import add_reasons

LATEST = 30
RUNS = 100


@require_safe
@door(signed_in=True)
def account_list(request: HttpRequest) -> HttpResponse:
    """The companies that the person may see."""
    by = person(request)
    filters = queries.CustomerFilters.of(request.GET)
    page = page_of(queries.accounts(filters, by=by), page_number(request))
    industries = dict(listed("industry"))
    tiers = [*Account.TIERS, (NOBODY, _("None"))]
    fields = {
        "q": {
            "type": "search", "label": _("Search"), "value": filters.text,
            "placeholder": _("Company, credit code, contact, phone"),
        },
        "tier": select(_("Customer grade"), filters.tier, tiers),
        "owner": select(_("Owner"), filters.owner, [(ME, _("Me")), (NOBODY, _("Nobody")), *owner_choices(by)]),
        "team": select(_("Team"), filters.team, team_choices(scope_of(by))),
    }  # fmt: skip
    context = {
        "title": _("Companies"), "page": page, "may_write": _may_write(by), "filtered": bool(request.GET),
        "fields": {name: {"name": name, "id": f"filter_{name}", **field} for name, field in fields.items()},
        "export_query": same_view(request),
        "rows": [{"account": one, "industry": industries.get(one.industry, one.industry)} for one in page.rows],
    }  # fmt: skip
    return render(request, "pages/accounts.html", context)


@require_safe
@door(signed_in=True)
def account_export(request: HttpRequest) -> HttpResponseBase:
    """What is seen, as a file."""
    found = queries.accounts(queries.CustomerFilters.of(request.GET), by=person(request))
    head = (
        _("Company"), _("Registered name"), _("Credit code"), _("Customer grade"), _("Industry"), _("Size"),
        _("Region"), _("Phone"), _("Owner"), _("Team"), _("End of term"), _("Created"),
    )  # fmt: skip
    rows = (
        (
            one.name, one.legal_name, one.uscc, one.tier, one.industry, one.size, one.region, one.phone,
            one.owner or "", one.team or "", one.term_end or "", exports.moment(one.created_at),
        )
        for one in found.iterator(chunk_size=500)
    )  # fmt: skip
    return exports.csv_response("companies", head, rows)


@require_safe
@door(signed_in=True)
def account_options(request: HttpRequest) -> HttpResponse:
    """Companies whose name has the text, as the options of a field that is typed into."""
    text = request.GET.get("company", "")
    found = offered(text, person(request)) if text.strip() else []
    return render(request, "pages/lists/company_options.html", {"companies": found})


@door(roles=actions.WRITERS)
def account_new(request: HttpRequest) -> HttpResponse:
    """Make a company; one of that name is shown first."""
    by, now = person(request), timezone.now()
    form = AccountForm(request.POST or None, initial={"name": request.GET.get("name", "")}, listed=_listed())
    same: tuple[list[Account], int] = ([], 0)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            same = queries.same_name(form.cleaned_data["name"], by=by)
            if any(same) and not request.POST.get("anyway"):
                status = 409
            else:
                try:
                    account = actions.create_account(form.cleaned_data, by=by, now=now)
                except Refused as refused:
                    add_reasons(form, refused)
                else:
                    messages.success(request, _("%(name)s is created.") % {"name": account})
                    return redirect("account", account.pk)
    context = {"title": _("New company"), "form": form, "same": same[0], "elsewhere": same[1], "asked": status == 409}
    return render(request, "pages/account_new.html", context, status=status)


@door(signed_in=True)
def account_page(request: HttpRequest, account_id: int) -> HttpResponse:
    """One company: its facts, people, runs, money, and what was changed."""
    by = person(request)
    account = seen(account_id, by)
    form = AccountForm(request.POST or None, instance=account, listed=_listed())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.change_account(account.pk, form.cleaned_data, by=by, now=timezone.now())
            except Refused as refused:
                add_reasons(form, refused)
            else:
                messages.success(request, _("Saved."))
                return redirect("account", account.pk)
        account = seen(account_id, by)
    return render(request, "pages/account.html", _context(account, by, form), status=status)


def seen(account_id: int, by: User) -> Account:
    """The company, if the person may see it. Raises Http404."""
    rows = Account.objects.visible_to(scope_of(by)).select_related("owner", "team", "parent")
    return get_object_or_404(rows, pk=account_id)


def _listed() -> dict[str, Choices]:
    """What industry and size may be, as the SOP lists them: the same words as on the lead."""
    return {"industry": listed("industry"), "size": listed("company_size")}


def _may_write(by: User) -> bool:
    return bool(actions.WRITERS & by.role_keys)


def _context(account: Account, by: User, form: AccountForm) -> dict[str, Any]:
    runs = list(
        Run.objects.visible_to(scope_of(by)).filter(account=account).select_related("owner").order_by("-id")[:RUNS]
    )
    pages = kinds.pages((run.pk, run.face) for run in runs)
    nodes = Node.objects.visible_to(scope_of(by)).filter(run__account=account).select_related("task", "run")
    same, elsewhere = queries.same_name(account.name, by=by, besides=account.pk)
    changes = CustomerChange.objects.filter(account=account).select_related("by", "contact")[:LATEST]
    return {
        "title": account.name, "account": account, "form": form, "may_write": _may_write(by),
        "contacts": list(account.contacts.select_related("reports_to")), "runs": [_run(run, pages) for run in runs],
        "nodes": [{"node": one, "url": pages.get(one.run_id, "")} for one in nodes[:RUNS]],
        "changes": [said(one) for one in changes], "same": same, "elsewhere": elsewhere,
        "facts": facts(account, _listed()), "editing": bool(form.errors),
    }  # fmt: skip


def _run(run: Run, pages: dict[int, str]) -> dict[str, Any]:
    program = program_of(run.version_id)
    url = pages.get(run.pk) or f"/runs/{run.pk}"
    return {
        "run": run, "number": number_of(run), "url": url if run.face != "account" else f"/runs/{run.pk}",
        "stage": stage_title(program, run.stage) if run.is_open else outcome_title(program, run.outcome),
        "sop": say(program.sop.title),
    }  # fmt: skip


def facts(account: Account, listed: Mapping[str, Choices]) -> list[tuple[str, Any]]:
    """The facts that are known, with their names, in the order of the form."""
    values: dict[str, Any] = {name: getattr(account, name) for name in AccountForm.Meta.fields[1:]}
    for name, choices in listed.items():
        values[name] = dict(choices).get(values[name], values[name])
    values |= {"satisfaction": account.satisfaction, "parent": account.parent}
    return [(label(Account, name), value) for name, value in values.items() if value not in (None, "")]


def label(model: type[Account | Contact], name: str) -> str:
    """What a field is called, a capital first."""
    field = model._meta.get_field(name)  # noqa: SLF001 - documented by Django
    words = str(getattr(field, "verbose_name", name))
    return words[:1].upper() + words[1:]


def said(change: CustomerChange) -> dict[str, Any]:
    """A change in words: what was done, and each value before and after."""
    what = {
        "account_created": _("Company created"), "account_changed": _("Company changed"),
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
    return render(request, "pages/contact.html", context, status=422 if form.errors else 200)

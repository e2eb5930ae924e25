"""People at companies: the list, and changing one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.customers import actions, queries
from fairway.customers.models import Contact
from fairway.people.doors import door
from fairway.people.errors import Refused
from fairway.people.queries import page_of
from fairway.people.scope import scope_of
from fairway.runs.queries.lists import ME, NOBODY, Choices, owner_choices
from fairway.web import exports
from fairway.web.forms.customers import ContactForm
from fairway.web.lists import page_number, same_view, select
from fairway.web.views.person import person
from fairway.web.views.refusals import add_reasons

ATTITUDE_TONES = {"support": "good", "neutral": "neutral", "oppose": "bad"}


@require_safe
@door(signed_in=True)
def contact_list(request: HttpRequest) -> HttpResponse:
    """The contacts of companies that the person may see."""
    by = person(request)
    filters = queries.CustomerFilters.of(request.GET)
    page = page_of(queries.contacts(filters, by=by), page_number(request))
    roles: Choices = [*((key, str(title)) for key, title in Contact.ROLES), (NOBODY, _("Not known"))]
    attitudes: Choices = [(key, str(title)) for key, title in Contact.ATTITUDES]
    fields = {
        "q": {
            "type": "search", "label": _("Search"), "value": filters.text,
            "placeholder": _("Name, company, phone, e-mail"),
        },
        "role": select(_("Role in buying"), filters.role, roles),
        "attitude": select(_("Stance"), filters.attitude, attitudes),
        "owner": select(_("Owner"), filters.owner, [(ME, _("Me")), (NOBODY, _("Nobody")), *owner_choices(by)]),
    }  # fmt: skip
    context = {
        "title": _("Contacts"), "page": page, "filtered": bool(request.GET), "export_query": same_view(request),
        "rows": [{"contact": one, "tone": ATTITUDE_TONES.get(one.attitude, "neutral")} for one in page.rows],
        "fields": {name: {"name": name, "id": f"filter_{name}", **field} for name, field in fields.items()},
        "may_write": bool(actions.WRITERS & by.role_keys),
    }  # fmt: skip
    return render(request, "pages/contacts.html", context)


@require_safe
@door(signed_in=True)
def contact_export(request: HttpRequest) -> HttpResponseBase:
    """What is seen, as a file."""
    found = queries.contacts(queries.CustomerFilters.of(request.GET), by=person(request))
    head = (
        _("Name"), _("Company"), _("Department"), _("Position"), _("Phone"), _("E-mail"), _("WeChat"),
        _("Role in buying"), _("Stance"), _("Influence"),
    )  # fmt: skip
    rows = (
        (
            one.name, one.account, one.department, one.title, one.phone, one.email, one.wechat,
            one.get_buying_role_display(), one.get_attitude_display(), one.influence or "",
        )
        for one in found.iterator(chunk_size=500)
    )  # fmt: skip
    return exports.csv_response("contacts", head, rows)


@door(roles=actions.WRITERS)
def contact_page(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Change one contact."""
    by = person(request)
    contact = get_object_or_404(
        Contact.objects.visible_to(scope_of(by)).select_related("account", "reports_to"), pk=contact_id
    )
    name, account = contact.name, contact.account
    form = ContactForm(request.POST or None, instance=contact, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_contact(contact_id, form.values(), by=by, now=timezone.now())
        except Refused as refused:
            add_reasons(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("account", account.pk)
    context = {"title": name, "form": form, "account": account}
    return render(request, "pages/contact.html", context, status=422 if form.errors else 200)

"""Lead sources: those of the SOP to read, the firm's own to change."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fairway.leads import campaigns, sources
from fairway.leads.models import Campaign, Source
from fairway.leads.queries import source_choices, source_titles
from fairway.people.errors import Refused
from fairway.people.queries import changes
from fairway.runs.texts import say
from fairway.web.changes import change_rows
from fairway.web.forms.catalog import CampaignForm
from fairway.web.views.admin_people import LATEST, for_admins
from fairway.web.views.person import person
from fairway.web.views.refusals import add_reasons


class SourceForm(forms.Form):
    """A source of the firm's own: its names and its family."""

    title_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=100)
    title_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=100)
    family = forms.ChoiceField(label=gettext_lazy("Family"), choices=Source.FAMILIES)


@for_admins
def source_list(request: HttpRequest) -> HttpResponse:
    """Show every source with its leads, and add one."""
    about_campaign = request.POST.get("do") == "campaign"
    form = SourceForm(None if about_campaign else request.POST or None)
    campaign_form = CampaignForm(request.POST if about_campaign else None, sources=source_choices())
    if about_campaign and campaign_form.is_valid():
        try:
            campaign = campaigns.add_campaign(**campaign_form.cleaned_data, by=person(request), now=timezone.now())
        except Refused as refused:
            add_reasons(campaign_form, refused)
        else:
            messages.success(request, _("%(name)s is added.") % {"name": campaign})
            return redirect("admin-sources")
    if request.method == "POST" and not about_campaign and form.is_valid():
        try:
            source = sources.add_source(**form.cleaned_data, by=person(request), now=timezone.now())
        except Refused as refused:
            add_reasons(form, refused)
        else:
            messages.success(request, _("%(name)s is added.") % {"name": source})
            return redirect("admin-sources")
    counted = sources.leads_by_source()
    families = dict(Source.FAMILIES)
    listed = [
        {
            "title": say(one.title), "key": one.key, "leads": counted.get(one.key, 0),
            "family": families.get(one.key.partition(".")[0], ""),
        }
        for one in sources.sources_of_sop()
    ]  # fmt: skip
    own = [{"source": one, "leads": counted.get(one.key, 0)} for one in Source.objects.order_by("-active", "family")]
    context = {
        "title": _("Lead sources"), "form": form, "own": own, "listed": listed,
        "changes": change_rows(changes(kind="source")[:LATEST]), "campaigns": campaigns.campaign_rows(),
        "campaign_form": campaign_form, "titles": source_titles(),
    }  # fmt: skip
    wrong = bool(form.errors or campaign_form.errors)
    return render(request, "pages/admin/sources.html", context, status=422 if wrong else 200)


@for_admins
def source_page(request: HttpRequest, source_id: int) -> HttpResponse:
    """Rename one source of the firm's own, or put it into another family."""
    source = get_object_or_404(Source, pk=source_id)
    initial = {name: getattr(source, name) for name in sources.FIELDS}
    form = SourceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            sources.change_source(source.pk, **form.cleaned_data, by=person(request), now=timezone.now())
        except Refused as refused:
            add_reasons(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("admin-sources")
    context = {
        "title": str(source), "source": source, "form": form,
        "changes": change_rows(changes(kind="source", subject_id=source.pk)[:LATEST]),
    }  # fmt: skip
    return render(request, "pages/admin/source.html", context, status=422 if form.errors else 200)


@require_POST
@for_admins
def source_activate(request: HttpRequest, source_id: int) -> HttpResponse:
    """Let new leads have this source, or no longer."""
    source = get_object_or_404(Source, pk=source_id)
    active = request.POST.get("active") == "1"
    sources.set_source_active(source.pk, active=active, by=person(request), now=timezone.now())
    messages.success(request, _("It can be chosen again.") if active else _("It is no longer offered for new leads."))
    return redirect("admin-sources")


@for_admins
def campaign_page(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Change one campaign."""
    campaign = get_object_or_404(Campaign, pk=campaign_id)
    initial = {name: getattr(campaign, name) for name in campaigns.FIELDS}
    form = CampaignForm(request.POST or None, initial=initial, sources=source_choices())
    if request.method == "POST" and form.is_valid():
        active = request.POST.get("active") == "1" if "active" in request.POST else campaign.active
        values = form.cleaned_data | {"active": active}
        try:
            campaigns.change_campaign(campaign.pk, **values, by=person(request), now=timezone.now())
        except Refused as refused:
            add_reasons(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("admin-sources")
    context = {
        "title": str(campaign), "campaign": campaign, "form": form,
        "changes": change_rows(changes(kind="campaign", subject_id=campaign.pk)[:LATEST]),
    }  # fmt: skip
    return render(request, "pages/admin/campaign.html", context, status=422 if form.errors else 200)

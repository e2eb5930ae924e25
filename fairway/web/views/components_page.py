"""Every component on one page, in the reader's language and theme: for those who build screens, and for the tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairway.people.doors import door
from fairway.people.roles import ADMIN


class SampleForm(forms.Form):
    """One field of each kind."""

    company = forms.CharField(label=gettext_lazy("Company"), help_text=gettext_lazy("The full name in the register."))
    phone = forms.CharField(label=gettext_lazy("Phone"), widget=forms.TextInput(attrs={"type": "tel"}), required=False)
    source = forms.ChoiceField(
        label=gettext_lazy("Source"),
        choices=[("fair", gettext_lazy("Trade fair")), ("referral", gettext_lazy("Referral"))],
    )
    budget = forms.IntegerField(label=gettext_lazy("Budget"), min_value=0)
    visit = forms.DateField(label=gettext_lazy("Visit"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"),
        widget=forms.RadioSelect,
        choices=[(str(point), str(point)) for point in range(1, 6)],
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    consent = forms.BooleanField(label=gettext_lazy("The contact agreed to be called"), required=False)


@door(roles=(ADMIN,))
def components(request: HttpRequest) -> HttpResponse:
    """Show the page. A POST shows the sample form with its errors, or refuses the move of a card of the board."""
    if "to" in request.POST:
        context = {"reasons": _reasons(), "title": ""}
        return render(request, "components/refusal.html", context, status=409)
    form = SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("Saved."))
    now = timezone.now()
    status = 422 if form.errors else 200
    return render(request, "pages/components.html", {"form": form, "now": now, **samples(now)}, status=status)


def samples(now: datetime) -> dict[str, Any]:
    """Return what the components show here, with times beside ``now``."""
    return {
        "title": _("Components"),
        "soon": now + timedelta(hours=5, minutes=1),
        "later": now + timedelta(days=6, minutes=1),
        "late": now - timedelta(hours=3, minutes=1),
        "yesterday": now - timedelta(hours=26),
        "stages": _stages(),
        "closed": {"word": _("Won"), "tone": "good", "note": _("in 42 days")},
        "reasons": _reasons(),
        "looks": ("light", "dark"),
        "rows": _rows(now),
        "tabs": [
            {"key": "mine", "label": _("Mine"), "url": "?view=mine", "count": 12},
            {"key": "team", "label": _("The team's"), "url": "?view=team", "count": 96},
            {"key": "all", "label": _("All"), "url": "?view=all"},
        ],
        "lanes": _lanes(),
        "months": [_("June"), _("July"), _("August"), _("September")],
        "signed": [{"name": _("Signed"), "values": [12, 19, 15, 24]}, {"name": _("Lost"), "values": [8, 7, 11, 6]}],
        "funnel_labels": [_("Needs"), _("Proposal"), _("Negotiation"), _("Contract")],
        "funnel": [{"name": _("Deals"), "values": [64, 41, 22, 15]}],
        "days": [{"name": _("Days"), "values": [41, 38, 44, 35]}],
        "heat": [{"name": _("East"), "values": [6, 9, 12, 4]}, {"name": _("West"), "values": [8, 21, 10, 5]}],
        "priority": {
            "name": "priority",
            "type": "select",
            "label": _("Priority"),
            "required": True,
            "value": "high",
            "options": [("low", _("Low")), ("high", _("High"))],
        },
        "amount": {
            "name": "amount",
            "type": "number",
            "label": _("Amount"),
            "value": -3,
            "prefix": "¥",
            "error": _("An amount cannot be negative."),
        },
    }


def _stages() -> list[dict[str, str]]:
    return [
        {"title": _("Qualify"), "state": "done", "note": _("3 days")},
        {"title": _("Needs"), "state": "done", "note": _("8 days")},
        {"title": _("Proposal"), "state": "late", "note": _("2 days over")},
        {"title": _("Negotiation"), "state": "next"},
        {"title": _("Contract"), "state": "next"},
        {"title": _("Delivery"), "state": "next"},
    ]


def _lanes() -> list[dict[str, Any]]:
    return [
        {"key": "needs", "title": _("Needs"), "sum": 132_250_050, "cards": _cards(0, 2)},
        {"key": "proposal", "title": _("Proposal"), "sum": 36_000_000, "cards": _cards(2, 3)},
        {"key": "negotiation", "title": _("Negotiation"), "sum": 0, "cards": []},
    ]


def _cards(first: int, last: int) -> list[dict[str, Any]]:
    return [{"id": place, **row} for place, row in enumerate(_rows(timezone.now()))][first:last]


def _reasons() -> list[dict[str, str]]:
    return [
        {
            "text": _("The customer has not confirmed the need."),
            "owner": "王小明",
            "url": "#form",
            "mend": _("Send the confirmation"),
        },
        {"text": _("Legal has not approved the contract."), "owner": "Mary Ann Lee", "url": "#form"},
    ]


def _rows(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "company": "苏州恒力精密机械有限公司",
            "contact": "陈志远",
            "grade": "A",
            "stage": _("Proposal"),
            "tone": "accent",
            "amount": 128_000_000,
            "owner": "王小明",
            "due": now - timedelta(hours=3, minutes=1),
        },
        {
            "company": "Northwind Instruments Ltd.",
            "contact": "Olivia Grant",
            "grade": "B",
            "stage": _("Needs"),
            "tone": "neutral",
            "amount": 4_250_050,
            "owner": "Mary Ann Lee",
            "due": now + timedelta(hours=5, minutes=1),
        },
        {
            "company": "杭州云栖数据技术股份有限公司",
            "contact": "李娜",
            "grade": "C",
            "stage": _("Negotiation"),
            "tone": "warn",
            "amount": 36_000_000,
            "owner": None,
            "due": now + timedelta(days=6, minutes=1),
        },
    ]

"""The small forms by which facts are changed at the side of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairway.care.models import Complaint
from fairway.deals.models import Deal
from fairway.engine.forms.reach import phone_of
from fairway.engine.forms.refusals import Wrong
from fairway.leads.models import Lead
from fairway.runs.queries.lists import Choices
from fairway.web.record.language import reader


class FactsForm(forms.Form):
    """Facts of one face. `fact_names` maps fields to the facts that they change; `titled` names the run's title."""

    fact_names: ClassVar[dict[str, str]] = {}
    titled: ClassVar[str] = ""
    listed: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, choices: Mapping[str, Choices] | None = None, **kwargs: Any) -> None:
        """`choices` of the fields that the SOP has a list for; what stands there already stays a choice."""
        super().__init__(*args, **kwargs)
        for name in self.listed:
            field = self.fields[name]
            present = self.initial.get(name)
            known = list((choices or {}).get(name, ()))
            more = [(present, present)] if present and present not in dict(known) else []
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "—"), *known, *more]

    def facts(self) -> dict[str, Any]:
        """Typed facts, as `change_facts` takes them."""
        return {fact: self.cleaned_data[name] for name, fact in self.fact_names.items() if name in self.cleaned_data}

    @property
    def run_title(self) -> str | None:
        """What the run is called from now on, where the form says so."""
        return self.cleaned_data.get(self.titled) or None if self.titled else None


class LeadFacts(FactsForm):
    """The lead's contact and what else is no step's business."""

    company = forms.CharField(label=gettext_lazy("Company"), max_length=200)
    contact_name = forms.CharField(label=gettext_lazy("Contact"), max_length=100, required=False)
    contact_title = forms.CharField(label=gettext_lazy("Position"), max_length=100, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=50, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    wechat = forms.CharField(label=gettext_lazy("WeChat"), max_length=50, required=False)
    industry = forms.ChoiceField(label=gettext_lazy("Industry"), required=False)
    company_size = forms.ChoiceField(label=gettext_lazy("Company size"), required=False)
    region = forms.CharField(label=gettext_lazy("Region"), max_length=100, required=False)
    need = forms.CharField(label=gettext_lazy("Need"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    fact_names: ClassVar[dict[str, str]] = {
        name: f"lead.{name}"
        for name in (
            "company", "contact_name", "contact_title", "phone", "email", "wechat", "industry", "company_size",
            "region", "need",
        )
    }  # fmt: skip
    titled: ClassVar[str] = "company"
    listed: ClassVar[tuple[str, ...]] = ("industry", "company_size")

    @classmethod
    def initial_of(cls, lead: Lead) -> dict[str, Any]:
        """What stands in the fields."""
        return {name: getattr(lead, name) for name in cls.fact_names}

    def clean_phone(self) -> str:
        """A number by which one can be called."""
        typed = self.cleaned_data["phone"].strip()
        if not typed or typed == self.initial.get("phone"):
            return str(typed)
        try:
            return str(phone_of(typed))
        except Wrong as wrong:
            raise forms.ValidationError(wrong.message[reader()]) from wrong

    def clean(self) -> dict[str, Any]:
        """A lead keeps one way to reach the contact (L1)."""
        cleaned = super().clean() or self.cleaned_data
        ways = {"phone", "email", "wechat"}
        if (
            not self.errors
            and ways <= self.fields.keys()
            and not any(cleaned.get(name) for name in ("phone", "email", "wechat"))
        ):
            self.add_error("phone", _("Phone, e-mail or WeChat: at least one."))
        return cleaned


class DealFacts(FactsForm):
    """The deal's name and the day on which it should be signed."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    expected_close = forms.DateField(
        label=gettext_lazy("Expected close"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    fact_names: ClassVar[dict[str, str]] = {"name": "deal.name", "expected_close": "deal.expected_close"}
    titled: ClassVar[str] = "name"

    @classmethod
    def initial_of(cls, deal: Deal) -> dict[str, Any]:
        """What stands in the fields."""
        return {"name": deal.name, "expected_close": deal.expected_close}


class ComplaintFacts(FactsForm):
    """Who complains, and what they ask for, as it becomes clearer."""

    complainant = forms.CharField(label=gettext_lazy("Complainant"), max_length=200, required=False)
    demand = forms.CharField(
        label=gettext_lazy("What the customer asks for"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    fact_names: ClassVar[dict[str, str]] = {"complainant": "complaint.complainant", "demand": "complaint.demand"}

    @classmethod
    def initial_of(cls, complaint: Complaint) -> dict[str, Any]:
        """What stands in the fields."""
        return {"complainant": complaint.complainant, "demand": complaint.demand}

"""Forms of companies and contacts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairway.customers.models import Account, Contact
from fairway.runs.queries.lists import Choices

_DATE = {"term_end": forms.DateInput(attrs={"type": "date"}), "golive_on": forms.DateInput(attrs={"type": "date"})}

# Names of companies are offered while one types; nothing of what stands around the field applies to that.
PICKER = {
    "list": "companies", "autocomplete": "off", "hx-get": "/accounts/options", "hx-trigger": "input delay:300ms",
    "hx-target": "#companies", "hx-swap": "innerHTML", "hx-params": "group", "hx-select": "unset",
    "hx-select-oob": "unset",
}  # fmt: skip


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """The facts of a company that people type. `group` is the company above it, by its name."""

    group = forms.CharField(label=_("group"), required=False, max_length=200)
    satisfaction = forms.TypedChoiceField(
        label=_("satisfaction"), required=False, coerce=int, empty_value=None,
        choices=[("", "—"), *((number, str(number)) for number in range(1, 6))],
    )  # fmt: skip

    field_order = ("name", "legal_name", "uscc", "group", "tier")

    class Meta:
        model = Account
        fields = (
            "name", "legal_name", "uscc", "tier", "industry", "size", "region", "address", "website", "phone",
            "satisfaction", "term_end", "golive_on", "on_hold", "remark",
        )  # fmt: skip
        widgets = {**_DATE, "remark": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, listed: Mapping[str, Choices], **kwargs: Any) -> None:
        """`listed`: choices of fields that the SOP has a list for; what stands there already stays a choice."""
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.parent is not None:
            self.initial.setdefault("group", self.instance.parent.name)
        self.fields["group"].widget.attrs.update(PICKER)
        for name, choices in listed.items():
            present = getattr(self.instance, name)
            more = [(present, present)] if present and present not in dict(choices) else []
            self.fields[name].widget = forms.Select(choices=[("", "—"), *choices, *more])


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A person at a company and the part they play in buying."""

    influence = forms.TypedChoiceField(
        label=_("influence (1-5)"), required=False, coerce=int, empty_value=None,
        choices=[("", "—"), *((number, str(number)) for number in range(1, 6))],
    )  # fmt: skip

    class Meta:
        model = Contact
        fields = (
            "name", "title", "department", "phone", "email", "wechat", "buying_role", "attitude", "influence",
            "reports_to", "concerns", "no_contact", "left_company",
        )  # fmt: skip
        widgets = {"concerns": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        """`account`: whose people one may report to."""
        super().__init__(*args, **kwargs)
        boss = self.fields["reports_to"]
        if isinstance(boss, forms.ModelChoiceField):
            boss.queryset = account.contacts.exclude(pk=self.instance.pk or 0)
            boss.label = _("reports to")

    def values(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "reports_to"}
        boss = self.cleaned_data["reports_to"]
        return {**found, "reports_to_id": boss.pk if boss else None}

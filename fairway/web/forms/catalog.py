"""Forms of products and campaigns."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

CURRENCIES = (("CNY", "CNY"), ("USD", "USD"), ("EUR", "EUR"), ("HKD", "HKD"), ("JPY", "JPY"))


class MinorField(forms.DecimalField):
    """An amount typed in major units with two decimals; minor units in the program."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=Decimal(0), max_digits=15, decimal_places=2, **kwargs)

    def clean(self, value: Any) -> Any:
        """Whole minor units, or None."""
        found: Decimal | None = super().clean(value)
        return None if found is None else int(found * 100)

    def prepare_value(self, value: Any) -> Any:
        """Major units of what is stored; what was typed stays as typed."""
        return f"{Decimal(value) / 100:.2f}" if isinstance(value, int) else value


class ProductForm(forms.Form):
    """A product."""

    name = forms.CharField(label=_("Name"), max_length=200)
    code = forms.CharField(
        label=_("Code"), max_length=50, help_text=_("Letters, digits, - _ . as other systems know it.")
    )
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False, help_text=_("As: licence, person-day."))
    list_price = MinorField(label=_("List price"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)


class CampaignForm(forms.Form):
    """Something done to get leads, and what it cost."""

    name = forms.CharField(label=_("Campaign"), max_length=100, help_text=_("As it is written on the form of a lead."))
    source = forms.ChoiceField(label=_("Source"), required=False)
    cost = MinorField(label=_("Cost"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)
    starts_on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *sources]

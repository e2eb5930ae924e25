"""Forms of the guided start."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fairway.people.models.user import LANGUAGES
from fairway.people.roles import role_choices
from fairway.web.forms.people import TeamField, timezone_choices

DAYS = (
    ("mon", _("Monday")), ("tue", _("Tuesday")), ("wed", _("Wednesday")), ("thu", _("Thursday")), ("fri", _("Friday")),
    ("sat", _("Saturday")), ("sun", _("Sunday")),
)  # fmt: skip


def _password() -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": "new-password"})


class ClaimForm(forms.Form):
    """Who the first administrator is, and the code that shows that they run the machine."""

    code = forms.CharField(
        label=_("Set-up code"), max_length=40,
        help_text=_("“fairway serve” printed it in the terminal or log where it was started."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )  # fmt: skip
    display_name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"), max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    username = forms.CharField(
        label=_("Sign-in name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("For notices, signing in, and a forgotten password."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), strip=False, widget=_password(), help_text=_("Ten characters or more.")
    )


class FirmForm(forms.Form):
    """What the firm is called, its language, its time zone, and when it works."""

    name = forms.CharField(label=_("Company"), max_length=100, help_text=_("As colleagues and customers read it."))
    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGES, help_text=_("Each person may choose their own.")
    )
    timezone = forms.ChoiceField(label=_("Time zone"), choices=timezone_choices)
    days = forms.MultipleChoiceField(
        label=_("Working days"), choices=DAYS, widget=forms.CheckboxSelectMultiple,
        help_text=_("Public holidays and make-up days of China are known; change them under Administration."),
    )  # fmt: skip
    hours = forms.CharField(
        label=_("Working hours"), max_length=100, help_text=_("As 09:00-12:00, 13:00-18:00. Clocks run in them only.")
    )


class TeamNamesForm(forms.Form):
    """The first teams: one a line."""

    teams = forms.CharField(
        label=_("Teams"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line. A team below another begins with a hyphen: - East."),
    )  # fmt: skip


class PersonForm(forms.Form):
    """One person to invite."""

    display_name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=100)
    email = forms.EmailField(label=_("E-mail"), required=False)
    username = forms.CharField(label=_("Sign-in name"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=role_choices)
    team = TeamField(label=_("Team"), required=False, empty_label=_("No team"))

    def clean(self) -> dict[str, object]:
        """The sign-in name is that of the address where none is typed."""
        values: dict[str, object] = super().clean() or {}
        email, username = str(values.get("email") or ""), str(values.get("username") or "")
        if not (email or username) and not self.errors:
            self.add_error("email", _("Give an e-mail address, or a sign-in name."))
        values["username"] = username or email.partition("@")[0]
        return values

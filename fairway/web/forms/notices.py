"""Forms of the screen that says how one is told."""

from django import forms
from django.utils.translation import gettext_lazy as _


def _clock() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class MailTimesForm(forms.Form):
    """Quiet hours and the hour of the digest, on the person's own clock."""

    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=_clock())
    quiet_to = forms.TimeField(label=_("Quiet until"), required=False, widget=_clock())
    digest_at = forms.TimeField(
        label=_("Morning digest at"), required=False, widget=_clock(),
        help_text=_("Each working day: what is due or overdue, and what you have not read. Empty: none."),
    )  # fmt: skip

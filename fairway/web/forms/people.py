"""Forms of the screens of people."""

import functools
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fairway.people.models import AuditEntry, Team, User
from fairway.people.models.user import LANGUAGES, known_timezones
from fairway.people.queries import team_tree
from fairway.people.roles import role_choices
from fairway.people.scopes import SCOPES

LANGUAGE_CHOICES = (("", _("As the browser asks")), *LANGUAGES)
NO_PLACES = ("Etc/", "US/", "SystemV/", "Brazil/", "Canada/", "Chile/", "Mexico/")
TOKEN_DAYS = ((30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (365, _("365 days")))
ACTIVE_CHOICES = (("active", _("Active")), ("inactive", _("Deactivated")), ("all", _("All")))
KIND_CHOICES = (
    ("", _("All")),
    ("user", _("Users")),
    ("team", _("Teams")),
    ("token", _("API tokens")),
    ("absence", _("Absences")),
    ("source", _("Lead sources")),
    ("calendar", _("Working days")),
    ("sop", _("SOPs")),
    ("job", _("Outbox")),
    ("clock", _("Clocks")),
    ("product", _("Products")),
    ("campaign", _("Campaigns")),
    ("backup", _("Backups")),
    ("audit", _("Audit trail")),
    ("settings", _("Settings file")),
    ("firm", _("Company")),
    ("demo", _("Demo company")),
)


@functools.cache
def timezone_choices() -> tuple[tuple[str, str], ...]:
    """Time zones by place, as one looks for one's own; abbreviations are left out."""
    places = sorted(zone for zone in known_timezones() if "/" in zone and not zone.startswith(NO_PLACES))
    return (*((zone, zone.replace("_", " ")) for zone in places), ("UTC", "UTC"))


class WordsField(forms.CharField):
    """Several words with commas between them, Chinese ones too; a list without repeats."""

    def prepare_value(self, value: Any) -> Any:
        """Show a list as text; what was typed stays as typed."""
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Split what was typed."""
        words = (word.strip() for word in re.split(r"[,，、;；\n]", super().to_python(value) or ""))
        return list(dict.fromkeys(word for word in words if word))


class TeamChoices(ModelChoiceIterator):  # type: ignore[type-arg]  # no generic at run time
    """Teams in the order of the tree, each as far in as it lies deep."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        """Yield (value, label) pairs."""
        if self.field.empty_label is not None:
            yield "", str(self.field.empty_label)
        for row in team_tree():
            yield row.team.pk, "\N{IDEOGRAPHIC SPACE}" * row.level + row.team.name


class TeamField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """Chooses a team that is not archived."""

    iterator = TeamChoices

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Team.objects.current(), **kwargs)


class ProfileForm(forms.Form):
    """What people say of themselves."""

    display_name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=100)
    phone = forms.CharField(
        label=_("Phone"), max_length=32, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGE_CHOICES, required=False)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=timezone_choices)


class UserForm(ProfileForm):
    """What an administrator says of a user."""

    username = forms.CharField(
        label=_("Sign-in name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("For notices, signing in, and a forgotten password.")
    )
    team = TeamField(label=_("Team"), required=False, empty_label=_("No team"))
    territories = WordsField(
        label=_("Regions"), required=False, help_text=_("Whose leads this person gets, with commas; empty: any.")
    )
    industries = WordsField(
        label=_("Industries"), required=False, help_text=_("Whose leads this person gets, with commas; empty: any.")
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=role_choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class HandOnForm(forms.Form):
    """To whom the work of somebody who leaves goes."""

    to = forms.ModelChoiceField(label=_("Goes to"), queryset=User.objects.none(), empty_label=_("Choose a person"))
    why = forms.CharField(
        label=_("Why"), required=False, max_length=200, help_text=_("Stands on every record that changes hands.")
    )

    def __init__(self, *args: Any, leaver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.active().exclude(pk=leaver.pk)


class NewUserForm(UserForm):
    """A new user, with a first password if one is given."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        help_text=_("Leave it empty to give the person a link to set it."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class UserFilter(forms.Form):
    """Which users are listed."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    team = TeamField(label=_("Team"), required=False, empty_label=_("All"))
    role = forms.ChoiceField(label=_("Role"), required=False, choices=lambda: [("", _("All")), *role_choices()])
    state = forms.ChoiceField(label=_("State"), required=False, choices=ACTIVE_CHOICES)


class ChangeFilter(forms.Form):
    """Which changes are listed."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(label=_("About"), required=False, choices=KIND_CHOICES)
    by = forms.ModelChoiceField(
        label=_("Who did it"), required=False, queryset=User.objects.none(), empty_label=_("All")
    )
    first_day = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["by"]
        assert isinstance(field, forms.ModelChoiceField)
        authors = AuditEntry.objects.exclude(by=None).order_by().values("by")
        field.queryset = User.objects.filter(pk__in=authors).order_by("display_name", "id")

    def wanted(self) -> dict[str, Any]:
        """What `queries.changes` takes; days are those of the reader's time zone."""
        values = self.cleaned_data if self.is_valid() else {}
        first, last = values.get("first_day"), values.get("last_day")
        zone = timezone.get_current_timezone()
        return {
            "kind": values.get("kind") or "", "text": values.get("q") or "", "by": values.get("by"),
            "since": datetime.combine(first, time(), tzinfo=zone) if first else None,
            "until": datetime.combine(last + timedelta(days=1), time(), tzinfo=zone) if last else None,
        }  # fmt: skip


class TeamForm(forms.Form):
    """A team: its name and what it is part of."""

    name = forms.CharField(label=_("Name"), max_length=100)
    parent = TeamField(label=_("Part of"), required=False, empty_label=_("Nothing: a top team"))


class AbsenceForm(forms.Form):
    """Who is away on which days."""

    user = forms.ModelChoiceField(label=_("Who is away"), queryset=User.objects.none(), empty_label=None)
    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    stand_in = forms.ModelChoiceField(
        label=_("Stand-in"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: others of the role are asked"),
        help_text=_("Judges meanwhile what this person is asked to judge."),
    )

    def __init__(self, *args: Any, choices: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people("user").queryset = choices
        self._people("stand_in").queryset = User.objects.active()

    def _people(self, name: str) -> "forms.ModelChoiceField[User]":
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        return field

    def span(self) -> tuple[datetime, datetime]:
        """From midnight of the first day to midnight after the last, in the time zone of who is away."""
        zone = self.cleaned_data["user"].zone
        after = self.cleaned_data["last_day"] + timedelta(days=1)
        return _midnight(self.cleaned_data["first_day"], zone), _midnight(after, zone)


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("What uses it, such as “Nightly export”."))
    days = forms.TypedChoiceField(label=_("Expires after"), choices=TOKEN_DAYS, coerce=int, initial=90)
    scopes = forms.MultipleChoiceField(label=_("It may"), choices=[(scope, scope) for scope in SCOPES], required=False)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)

"""Facts changed where they stand: one field at a time, told when a colleague was first, and taken back by one press."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from fairway.engine.refused import Refused
from fairway.people.errors import Refused as NotTaken
from fairway.people.models import User
from fairway.runs.texts import say
from fairway.web.views.refusals import add_reasons

UNDO = "undo"
YES = "true"


@dataclass(frozen=True, slots=True)
class Fact:
    """One row at the side: `kind` says how the value is shown (text, long, tel, mail, money, range, day, time, flag).

    `name` is the field by which it is changed in place, empty where it is not.
    """

    label: str
    value: Any
    kind: str = "text"
    name: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        return self.value is not None and self.value not in ("", False)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A colleague changed the field since the person looked: both values, as they are read."""

    who: str
    when: datetime | None
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Editing:
    """The one field that stands open. `was` is the value that the person saw, as it would be typed."""

    name: str
    field: forms.BoundField
    was: str
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """The change just made, by which it may be taken back: values as they would be typed."""

    name: str
    before: str
    after: str


class Subject(ABC):
    """Something whose facts are changed in place: the rows of a run's face, a company, a contact."""

    where: str
    home: str
    may: bool

    @abstractmethod
    def form(self, data: Mapping[str, Any] | None = None) -> forms.BaseForm:
        """The form with every field, as it stands or with what was typed."""

    @abstractmethod
    def value(self, name: str) -> Any:
        """What the field holds now."""

    @abstractmethod
    def save(self, name: str, value: Any, *, by: User, now: datetime) -> None:
        """Write one field. Raises Refused or NotTaken with the reasons, Forbidden."""

    @abstractmethod
    def last(self, name: str) -> tuple[str, datetime | None]:
        """Who changed the field last, and when."""

    def may_write(self, name: str) -> bool:
        """Whether the reader may change this field."""
        return self.may

    def opened(self, name: str, data: Mapping[str, Any] | None = None) -> Editing | None:
        """The field standing open; None where there is no such field or it is not the reader's to change."""
        form = self.form(data)
        if name not in form.fields or not self.may_write(name):
            return None
        _leave_only(form, name)
        was = typed(form, name, self.value(name))
        if data is None:
            form.initial = {name: _chosen(form.fields[name], self.value(name))}
        return Editing(name, form[name], was)


def typed(form: forms.BaseForm, name: str, value: Any) -> str:
    """A value as it would be typed into its field."""
    if isinstance(value, bool):
        return YES if value else ""
    given = form.fields[name].prepare_value(value)
    return "" if given is None else str(given)


def read(form: forms.BaseForm, name: str, text: str) -> str:
    """A typed value as it is read: the title of a choice."""
    choices = getattr(form.fields[name], "choices", ())
    return next((str(title) for key, title in choices if str(key) == text and text), text)


def in_place(
    request: HttpRequest, subject: Subject, name: str, *, by: User, page: Callable[[Editing, int], HttpResponse]
) -> HttpResponse:
    """Show one field open, or write it: 422 for what cannot be meant, 409 with both values after a colleague's change.

    `page` shows the page of the subject with the field open.
    """
    if name not in subject.form().fields:
        raise Http404
    standing = subject.opened(name)
    if standing is None:
        raise PermissionDenied
    if request.method != "POST":
        return redirect(f"{subject.home}?edit={name}#fact-{name}")
    form = subject.form(request.POST)
    _leave_only(form, name)
    current = standing.was
    if not form.is_valid():
        return page(Editing(name, form[name], request.POST.get("was", "")), 422)
    value = form.cleaned_data[name]
    value = bool(value) if isinstance(subject.value(name), bool) else value
    wanted = typed(form, name, value)
    if wanted == current:
        return redirect(f"{subject.home}#fact-{name}")
    if request.POST.get("was", "") != current:
        who, when = subject.last(name)
        conflict = Conflict(who, when, read(form, name, wanted), read(form, name, current))
        return page(Editing(name, form[name], current, conflict), 409)
    now = timezone.now()
    try:
        subject.save(name, value, by=by, now=now)
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(name, say(reason.text))
        return page(Editing(name, form[name], current), 409)
    except NotTaken as refused:
        add_reasons(form, refused, **{f"{name}_id": name})
        return page(Editing(name, form[name], current), 422)
    request.session[UNDO] = [subject.where, name, current, wanted]
    messages.success(request, _("Saved."))
    return redirect(f"{subject.home}?saved={name}#fact-{name}")


def undo_of(request: HttpRequest, where: str) -> Undo | None:
    """The change that was made last on this page, while its address still says so."""
    kept = request.session.get(UNDO)
    saved = request.GET.get("saved", "")
    if not saved or not isinstance(kept, list) or kept[:2] != [where, saved]:
        return None
    return Undo(saved, kept[2], kept[3])


def _leave_only(form: forms.BaseForm, name: str) -> None:
    """A form of one field; a yes or no becomes a choice, because an empty box cannot be told from a missing one."""
    field = form.fields[name]
    if isinstance(field, forms.BooleanField):
        field = forms.TypedChoiceField(label=field.label, choices=_yes_no(), coerce=_is_yes, required=False)
    form.fields = {name: field}


def _chosen(field: forms.Field, value: Any) -> Any:
    return (YES if value else "") if isinstance(value, bool) else value


def _is_yes(text: str) -> bool:
    return text == YES


def _yes_no() -> Sequence[tuple[str, str]]:
    return [("", _("No")), (YES, _("Yes"))]

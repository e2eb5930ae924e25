"""The facts of a run's subject, changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from fairway.people.models import User
from fairway.runs import actions
from fairway.runs.models import Event, Run
from fairway.web.record.faces import Face
from fairway.web.record.facts import FactsForm
from fairway.web.record.inplace import Subject


class RunSubject(Subject):
    """What the small form of a face changes, one field at a time."""

    def __init__(self, run: Run, face: Face, *, may: bool) -> None:
        self.run, self.face = run, face
        self.where, self.home = f"run-{run.pk}", face.home
        self.may = may and run.is_open and face.edit is not None

    def form(self, data: Mapping[str, Any] | None = None) -> FactsForm:
        """The face's form; one without fields where nothing is changed here."""
        kind = self.face.edit or FactsForm
        post = data if isinstance(data, QueryDict) else None
        return kind(post, initial=dict(self.face.initial), choices=self.face.choices)

    def value(self, name: str) -> Any:
        """What the column holds."""
        return self.face.initial.get(name)

    def save(self, name: str, value: Any, *, by: User, now: datetime) -> None:
        """Change the fact, and the run's title where it is the name."""
        kind = self.face.edit
        assert kind is not None
        title = str(value) if kind.titled == name else None
        actions.change_facts(self.run.pk, {kind.fact_names[name]: value}, by=by, now=now, title=title)

    def last(self, name: str) -> tuple[str, datetime | None]:
        """The last event that filled the fact."""
        kind = self.face.edit
        fact = kind.fact_names.get(name, "") if kind else ""
        filled = Event.objects.filter(run=self.run, data__filled__has_key=fact).select_related("by")
        event = filled.order_by("-seq").first()
        return (event.by.display_name if event.by else "", event.at) if event else ("", None)

    def url(self) -> str:
        """The address below which fields are posted."""
        return reverse("run-facts", args=[self.run.pk])

"""The facts of one run, read room by room when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fairway.engine.forms import form_facts
from fairway.engine.program import Program
from fairway.runs import kinds
from fairway.runs.models import Record, Run


class RunFacts(Mapping[str, Any]):
    """A mapping from fact name to typed value. Each room is read once, and only when a condition asks for it."""

    def __init__(self, run: Run, program: Program) -> None:
        self.run = run
        self.program = program
        self._rooms: dict[str, Mapping[str, Any]] = {}
        self._over: dict[str, Any] = {}
        self._forms: dict[str, Any] | None = None

    def overlay(self, values: Mapping[str, Any]) -> None:
        """Let these values go before what is stored: a form just filled, columns just written."""
        self._over.update(values)

    def forget(self, room: str) -> None:
        """Read a room anew when it is asked for again."""
        self._rooms.pop(room, None)

    def __getitem__(self, name: str) -> Any:
        if name in self._over:
            return self._over[name]
        room = name.partition(".")[0]
        if room in self.program.sop.forms:
            return self._form_facts()[name]
        if room == "table":
            return self.program.table_values[name]
        return self._room(room)[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or `default` when it is not known."""
        try:
            return self[name]
        except KeyError:
            return default

    def __iter__(self) -> Iterator[str]:
        return iter({**self._all(), **self._over})

    def __len__(self) -> int:
        return len({**self._all(), **self._over})

    def _all(self) -> dict[str, Any]:
        everything = dict(self._form_facts())
        for name in kinds.rooms():
            everything.update(self._room(name))
        return everything

    def _room(self, name: str) -> Mapping[str, Any]:
        if name not in self._rooms:
            room = kinds.rooms().get(name)
            self._rooms[name] = room.read(self.run) if room and self.run.pk else {}
        return self._rooms[name]

    def _form_facts(self) -> Mapping[str, Any]:
        if self._forms is None:
            self._forms = {}
            if self.run.pk:
                for form_key, values in self.latest().items():
                    form = self.program.sop.forms.get(form_key)
                    if form is not None:
                        self._forms.update(form_facts(form_key, form, values))
        return self._forms

    def latest(self) -> dict[str, dict[str, Any]]:
        """The values of the current record of each form, of any item the last one."""
        rows = Record.objects.filter(run=self.run, current=True).order_by("id").values_list("form", "values")
        return {form: values for form, values in rows if form in self.program.sop.forms}

"""The facts of one run, read room by room when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from fairway.engine.forms import form_facts
from fairway.engine.program import Program
from fairway.prepared import Prepared
from fairway.runs import kinds
from fairway.runs.models import Record, Run


class Lazily(Mapping[str, Any]):
    """Facts of which each is reckoned when somebody asks for it: `makers` give them, each at most once."""

    def __init__(self, makers: Mapping[str, Callable[[], Any]]) -> None:
        self._makers = makers
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = self._makers[name]()
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


class RunFacts(Mapping[str, Any]):
    """A mapping from fact name to typed value. Each room is read once, and only when a condition asks for it."""

    def __init__(self, run: Run, program: Program) -> None:
        self.run = run
        self.program = program
        self._rooms: dict[str, Mapping[str, Any]] = {}
        self._over: dict[str, Any] = {}
        self._readers: dict[str, Callable[[], Mapping[str, Any]]] = {}
        self._forms: dict[str, Any] | None = None

    def overlay(self, values: Mapping[str, Any]) -> None:
        """Let these values go before what is stored: a form just filled, columns just written."""
        self._over.update(values)

    def prime(self, room: str, reader: Callable[[], Mapping[str, Any]]) -> None:
        """Read a room so, instead of from the database, when it is asked for the first time."""
        self._readers[room] = reader

    def know(self, records: Iterable[Record]) -> None:
        """Take the records of the run (newest first) as read."""
        self._forms = self._of_forms({one.form: one.values for one in reversed(list(records)) if one.current})

    def forget(self, room: str) -> None:
        """Read a room anew when it is asked for again."""
        self._rooms.pop(room, None)
        self._readers.pop(room, None)

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
            room, primed = kinds.rooms().get(name), self._readers.get(name)
            if primed is not None:
                self._rooms[name] = primed()
            else:
                self._rooms[name] = room.read(self.run) if room and self.run.pk else {}
        return self._rooms[name]

    def _form_facts(self) -> Mapping[str, Any]:
        if self._forms is None:
            self._forms = self._of_forms(self.latest()) if self.run.pk else {}
        return self._forms

    def _of_forms(self, latest: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for form_key, values in latest.items():
            form = self.program.sop.forms.get(form_key)
            if form is not None:
                found.update(form_facts(form_key, form, values))
        return found

    def latest(self) -> dict[str, dict[str, Any]]:
        """The values of the current record of each form, of any item the last one."""
        rows = _CURRENT.rows(self.run.pk)
        return {form: values for form, values in rows if form in self.program.sop.forms}


_CURRENT = Prepared(
    lambda run_id: Record.objects.filter(run_id=run_id, current=True).order_by("id").values_list("form", "values")
)

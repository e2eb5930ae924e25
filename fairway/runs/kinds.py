"""What a domain registers, by name, when the app is ready. `runs` knows kinds by these names only.

A room is the first word of fact names (`deal` of `deal.amount`): its facts, how they are read, how columns are filled.
A face is what one run looks like to people (lead, deal, account, complaint): where its page is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.utils.functional import Promise

from fairway.engine.conditions import Unmet
from fairway.engine.facts import FactSpec
from fairway.people.models import User
from fairway.runs.models import Event, Record, Run, Task
from fairway.sops import vocabulary

if TYPE_CHECKING:
    from fairway.runs.turn import Turn

Item = TypeVar("Item")
Reader = Callable[[Run], Mapping[str, Any]]


class Filler(Protocol):
    """Write filled values to typed columns; return {fact: (before, after)} of what changed."""

    def __call__(
        self, run: Run, values: Mapping[str, Any], *, by: User | None, now: datetime
    ) -> Mapping[str, tuple[Any, Any]]:
        """`values` maps fact names of this room to typed values; raises nothing for values a form has parsed."""


class Check(Protocol):
    """What must stay true of the columns of a room, whoever changes them."""

    def __call__(self, run: Run, values: Mapping[str, Any]) -> Iterable[Unmet]:
        """Why these values (facts of this room) may not be written; nothing where they may."""


@dataclass(frozen=True)
class Room:
    """One room of facts. `read` costs at most two queries; `confidential` names facts for the deal's team only.

    `check` is asked before columns are filled, by a form as by a change of facts.
    """

    name: str
    facts: tuple[FactSpec, ...]
    read: Reader
    fill: Filler | None = None
    fillable: frozenset[str] = frozenset()
    confidential: frozenset[str] = frozenset()
    check: Check | None = None


@dataclass(frozen=True)
class Face:
    """What a run is to people. `locate` gives the page of each run, in one query for any number of runs."""

    name: str
    title: str | Promise
    locate: Callable[[Sequence[int]], Mapping[int, str]]


class Effect(Protocol):
    """Something that a document may ask for by name; runs inside the transaction of the decision."""

    def __call__(self, turn: Turn, *, argument: str | None, value: str | None) -> None:
        """May decide further on the same turn."""


class Receiver(Protocol):
    """A step kind's own handling of a record (a receipt on a payment node): whether the task is done by it."""

    def __call__(self, turn: Turn, task: Task, record: Record) -> bool:
        """True when the task is done; False when it stays open, say after a part payment."""


class Watcher(Protocol):
    """Hears of every event that is written, in its transaction; keep it cheap."""

    def __call__(self, run: Run, event: Event, *, by: User | None, now: datetime) -> None:
        """The run and its event are stored."""


@dataclass
class _Registry:
    rooms: dict[str, Room] = field(default_factory=dict)
    faces: dict[str, Face] = field(default_factory=dict)
    effects: dict[str, Effect] = field(default_factory=dict)
    receivers: dict[str, Receiver] = field(default_factory=dict)
    openers: dict[str, Callable[[Turn, Sequence[Task]], None]] = field(default_factory=dict)
    starters: dict[str, Effect] = field(default_factory=dict)
    sums: dict[str, Callable[[int, datetime], int]] = field(default_factory=dict)
    closers: list[Callable[[Turn], None]] = field(default_factory=list)
    watchers: list[Watcher] = field(default_factory=list)


_known = _Registry()


def register_room(room: Room) -> None:
    """Add a room of facts; its words become words of the SOP language."""
    _once(_known.rooms, room.name, room)
    vocabulary.declare(facts=room.facts, fillable=room.fillable)


def register_face(face: Face) -> None:
    """Add a face."""
    _once(_known.faces, face.name, face)


def register_effect(name: str, effect: Effect) -> None:
    """Add an effect that actions may name."""
    _once(_known.effects, name, effect)
    vocabulary.declare(effects=[name])


def register_receiver(kind: str, receiver: Receiver) -> None:
    """Say what a record means for tasks of a step kind (`pay`)."""
    _once(_known.receivers, kind, receiver)


def register_opener(kind: str, opener: Callable[[Turn, Sequence[Task]], None]) -> None:
    """Say what is to be set up when tasks of a step kind open (payment nodes)."""
    _once(_known.openers, kind, opener)


def register_starter(subject: str, starter: Effect) -> None:
    """Say how a run of an SOP about `subject` is started out of another run (`start: customer-care`)."""
    _once(_known.starters, subject, starter)


def register_sum(name: str, reckon: Callable[[int, datetime], int]) -> None:
    """Serve a figure about a company (by id, at a time) that another domain's facts name (`account.overdue`)."""
    _once(_known.sums, name, reckon)


def sum_of(name: str, account_id: int, now: datetime) -> int:
    """The figure, or 0 where nobody serves it."""
    reckon = _known.sums.get(name)
    return reckon(account_id, now) if reckon else 0


def register_closer(closer: Callable[[Turn], None]) -> None:
    """Say what follows in a domain when a run ends (a recycled lead falls to the pool)."""
    _known.closers.append(closer)


def register_watcher(watcher: Watcher) -> None:
    """Let a higher room hear of events (followers are told)."""
    _known.watchers.append(watcher)


def watchers() -> Iterable[Watcher]:
    """Who hears of events."""
    return _known.watchers


def rooms() -> Mapping[str, Room]:
    """Every room by name."""
    return _known.rooms


def faces() -> Mapping[str, Face]:
    """Every face by name."""
    return _known.faces


def effect(name: str) -> Effect:
    """The effect of that name. Raises KeyError when a document outlived the domain that served it."""
    return _known.effects[name]


def receiver(kind: str) -> Receiver | None:
    """How records on tasks of that kind are received, or None: every record finishes its task."""
    return _known.receivers.get(kind)


def opener(kind: str) -> Callable[[Turn, Sequence[Task]], None] | None:
    """What is set up when tasks of that kind open, if anything."""
    return _known.openers.get(kind)


def starter(subject: str) -> Effect | None:
    """How a run about that subject is started, or None."""
    return _known.starters.get(subject)


def closers() -> Iterable[Callable[[Turn], None]]:
    """What follows when a run ends."""
    return tuple(_known.closers)


def confidential_facts() -> frozenset[str]:
    """Facts withheld from whoever is not on the deal's team."""
    return frozenset(name for room in _known.rooms.values() for name in room.confidential)


def pages(runs: Iterable[tuple[int, str]]) -> dict[int, str]:
    """The page of each (run id, face): one query per face."""
    by_face: dict[str, list[int]] = {}
    for run_id, face in runs:
        by_face.setdefault(face, []).append(run_id)
    found: dict[int, str] = {}
    for face, ids in by_face.items():
        if face in _known.faces:
            found.update(_known.faces[face].locate(ids))
    return found


def _once(registry: dict[str, Item], name: str, item: Item) -> None:
    if registry.setdefault(name, item) is not item:
        raise ValueError(f"{name} is registered already")

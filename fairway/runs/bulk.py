"""Starting many runs: equal facts decide once, rows are written as sets (sop-language.md, behaviour 11).

What is decided is the same as for one run, because the same Turn decides it; only the writing is by the set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fairway.engine import changes as c
from fairway.engine.commands import Complete, Start
from fairway.engine.program import Program
from fairway.people.models import User
from fairway.runs.actions.submitting import add_record
from fairway.runs.chain import link, plain
from fairway.runs.copying import insert, reserve
from fairway.runs.models import Deadline, Event, Participant, Record, Run, Task, Visit
from fairway.runs.models.run import new_key
from fairway.runs.turn import Turn
from fairway.sops.models import SopVersion
from fairway.sops.programs import program_of


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """A form that comes filled with a new run and finishes its step: `values` as a record keeps them, automatic ones
    included. Runs whose forms say the same share one object: by it they are known to be alike.
    """

    step: str
    form: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewRun:
    """One run to start. `facts` are typed facts of the rows that will point to it; `data` goes into its event."""

    title: str
    owner: User | None = None
    team_id: int | None = None
    started_at: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    filled: tuple[Filled, ...] = ()


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that was started. `values` are the typed columns that its forms and their rules filled, by fact name: who
    stores the rows that point to the run stores them with these.
    """

    run_id: int
    grade: str
    values: Mapping[str, Any]


RUN_COLUMNS = (
    "id", "key", "version_id", "sop", "face", "title", "stage", "visit", "owner_id", "team_id", "account_id", "grade",
    "outcome", "outcome_kind", "reason", "started_at", "entered_at", "closed_at", "stage_due", "next_due", "moments",
    "attempts", "silent_streak", "reached", "waived", "revision", "event_seq", "event_head",
)  # fmt: skip
TASK_COLUMNS = (
    "id", "run_id", "visit", "stage", "step", "kind", "role", "judge", "round", "item_key", "item", "assignee_id",
    "team_id", "exception", "status", "opened_at", "due_at", "provisional", "late", "done_at", "done_by_id", "verdict",
    "note", "void_why", "token",
)  # fmt: skip
DEADLINE_COLUMNS = ("run_id", "task_id", "due_at", "fire_at", "rung", "place", "provisional")
VISIT_COLUMNS = ("run_id", "number", "stage", "entered_at", "entered_how", "left_at", "left_how", "waived")
EVENT_COLUMNS = ("run_id", "seq", "kind", "at", "by_id", "data", "hash")
PARTICIPANT_COLUMNS = ("run_id", "user_id", "role", "since")


RECORD_COLUMNS = (
    "run_id", "task_id", "step", "form", "item_key", "number", "values", "confidential", "current", "created_at",
    "created_by_id",
)  # fmt: skip


def start_many(
    version: SopVersion, rows: Sequence[NewRun], *, face: str, by: User | None, now: datetime, through: str
) -> list[int]:  # fmt: skip
    """Start a run for each row, inside the caller's transaction; return their ids in order.

    `through` says in each event how they came (import). Nobody is notified one by one: who brings many says so once.
    """
    return [one.run_id for one in Starter(version, face=face, by=by, now=now, through=through).start(rows)]


class Starter:
    """Starts runs of one version in several goes: what was decided for equal rows holds from one go to the next."""

    def __init__(self, version: SopVersion, *, face: str, by: User | None, now: datetime, through: str) -> None:
        """`now` is the time at which all of them begin; the rest as for `start_many`."""
        self.version, self.face, self.by, self.now, self.through = version, face, by, now, through
        self.program = program_of(version.pk)
        self._templates: dict[Any, _Template] = {}

    def start(self, rows: Sequence[NewRun]) -> list[Begun]:
        """Start a run for each row, inside the caller's transaction; what was begun, in order."""
        batch = _Batch(by=self.by, now=self.now, through=self.through)
        begun = []
        for run_id, row in zip(reserve(Run, len(rows)), rows, strict=True):
            template = self._template(row)
            batch.add(run_id, row, template)
            begun.append(Begun(run_id, template.run.grade, template.values))
        batch.write()
        return begun

    def _template(self, row: NewRun) -> _Template:
        key = _like(self.program, row)
        found = self._templates.get(key)
        if found is None:
            found = self._templates[key] = _decide(self.version, row, face=self.face, by=self.by, now=self.now)
        return found


def _like(program: Program, row: NewRun) -> Any:
    """What makes two rows the same to the SOP: owner, team, start, filled forms, the facts its conditions name."""
    asked = tuple(_hashable(row.facts.get(name)) for name in program.asked_facts) if row.facts else ()
    return (row.owner.pk if row.owner else None, row.team_id, row.started_at, row.filled, asked)


def _hashable(value: Any) -> Any:
    return repr(value) if isinstance(value, list | dict) else value


@dataclass
class _Template:
    """One decision, to be written for every row that is like it. A record goes with the place of its task, if any."""

    run: Run
    tasks: list[Task]
    clocks: list[tuple[int | None, Deadline]]
    visits: list[Visit]
    records: list[tuple[int | None, Record]]
    changes: list[Any]
    values: dict[str, Any]
    participants: dict[int, str]


def _decide(version: SopVersion, row: NewRun, *, face: str, by: User | None, now: datetime) -> _Template:
    turn = Turn.new(
        version, face=face, title=row.title, owner=row.owner, team_id=row.team_id, by=by, now=now,
        started_at=row.started_at,
    )  # fmt: skip
    turn.facts.overlay(row.facts)
    changes = turn.decide(Start(by_import=True))
    for one in row.filled:
        add_record(turn, one.step, one.form, turn.program.sop.forms[one.form], dict(one.values), None)
        changes += turn.decide(Complete(one.step))
    _check_plain(changes)
    turn.take_state()
    tasks = [task for ref, task in turn.rows.tasks.items() if ref < 0]
    clocks: list[tuple[int | None, Deadline]] = [
        (index, turn.rows.clock(task)) for index, task in enumerate(tasks) if task.status == Task.OPEN and task.due_at
    ]
    stay = turn.rows.stay_clock()
    if stay is not None:
        clocks.append((None, stay))
    visits = [
        Visit(number=one.visit, stage=one.stage, entered_at=now, entered_how=one.how)
        for one in changes
        if isinstance(one, c.Entered)
    ]
    records = [(_last(tasks, record.step), record) for record in turn.rows.records]
    return _Template(
        turn.run, tasks, clocks, visits, records, plain(turn.rows.described()), dict(turn.unstored),
        dict(turn.rows.participants),
    )  # fmt: skip


def _check_plain(changes: Sequence[c.Change]) -> None:
    """Filling columns is carried along; what reaches further (an owner, an end) is for one run at a time."""
    if any((isinstance(one, c.Effect) and one.name != "fill") or isinstance(one, c.Closed) for one in changes):
        raise NotImplementedError("an SOP whose start has effects is started one by one")


def _last(tasks: Sequence[Task], step: str) -> int | None:
    return max((index for index, task in enumerate(tasks) if task.step == step), default=None)


class _Batch:
    """Rows of many runs, by table."""

    def __init__(self, *, by: User | None, now: datetime, through: str) -> None:
        self.by_id = by.pk if by else None
        self.now, self.through = now, through
        self.runs: list[list[Any]] = []
        self.tasks: list[list[Any]] = []
        self.clocks: list[list[Any]] = []
        self.visits: list[list[Any]] = []
        self.records: list[list[Any]] = []
        self.events: list[list[Any]] = []
        self.participants: list[list[Any]] = []
        self.clock_tasks: list[int | None] = []
        self.record_tasks: list[int | None] = []

    def add(self, run_id: int, row: NewRun, like: _Template) -> None:
        """Take in one run."""
        key, now = new_key(), self.now
        data = {**plain(row.data), "through": self.through, "changes": like.changes, "version": like.run.version_id}
        digest = link("", run_key=key, seq=1, kind="lead_imported", at=now, by_id=self.by_id, data=data)
        self.events.append([run_id, 1, "lead_imported", now, self.by_id, data, digest])
        own = {"id": run_id, "key": key, "title": row.title[:200], "event_seq": 1, "event_head": digest}
        self.runs.append([own[name] if name in own else getattr(like.run, name) for name in RUN_COLUMNS])
        first = len(self.tasks)
        self.tasks.extend(_values(task, TASK_COLUMNS, run_id) for task in like.tasks)
        for index, clock in like.clocks:
            self.clock_tasks.append(None if index is None else first + index)
            self.clocks.append(_values(clock, DEADLINE_COLUMNS, run_id))
        for index, record in like.records:
            self.record_tasks.append(None if index is None else first + index)
            self.records.append(_values(record, RECORD_COLUMNS, run_id))
        self.visits.extend(_values(visit, VISIT_COLUMNS, run_id) for visit in like.visits)
        self.participants.extend([run_id, user_id, role, now] for user_id, role in like.participants.items())

    def write(self) -> None:
        """Write every table once."""
        ids = list(reserve(Task, len(self.tasks)))
        for task_id, task in zip(ids, self.tasks, strict=True):
            task[0] = task_id
        for index, clock in zip(self.clock_tasks, self.clocks, strict=True):
            clock[1] = None if index is None else ids[index]
        for index, record in zip(self.record_tasks, self.records, strict=True):
            record[1] = None if index is None else ids[index]
        for model, columns, rows in self._tables():
            if rows:
                insert(model, columns, rows)

    def _tables(self) -> Iterator[tuple[Any, tuple[str, ...], list[list[Any]]]]:
        yield Run, RUN_COLUMNS, self.runs
        yield Task, TASK_COLUMNS, self.tasks
        yield Deadline, DEADLINE_COLUMNS, self.clocks
        yield Visit, VISIT_COLUMNS, self.visits
        yield Record, RECORD_COLUMNS, self.records
        yield Event, EVENT_COLUMNS, self.events
        yield Participant, PARTICIPANT_COLUMNS, self.participants


def _values(row: Any, columns: Sequence[str], run_id: int) -> list[Any]:
    """The values of a row of a template, on the run it is written for."""
    return [run_id if name == "run_id" else getattr(row, name) for name in columns]

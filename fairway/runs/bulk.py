"""Starting many runs: equal facts decide once, rows are written as sets (sop-language.md, behaviour 11).

What is decided is the same as for one run, because the same Turn decides it; only the writing is by the set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fairway.engine import changes as c
from fairway.engine.commands import Start
from fairway.engine.program import Program
from fairway.people.models import User
from fairway.runs.chain import link, plain
from fairway.runs.copying import insert, reserve
from fairway.runs.models import Deadline, Event, Participant, Run, Task, Visit
from fairway.runs.models.run import new_key
from fairway.runs.turn import Turn
from fairway.sops.models import SopVersion
from fairway.sops.programs import program_of


@dataclass(frozen=True, slots=True)
class NewRun:
    """One run to start. `facts` are typed facts of the rows that will point to it; `data` goes into its event."""

    title: str
    owner: User | None = None
    team_id: int | None = None
    started_at: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


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


def start_many(
    version: SopVersion, rows: Sequence[NewRun], *, face: str, by: User | None, now: datetime, through: str
) -> list[int]:  # fmt: skip
    """Start a run for each row, inside the caller's transaction; return their ids in order.

    `through` says in each event how they came (import). Nobody is notified one by one: who brings many says so once.
    """
    program = program_of(version.pk)
    templates: dict[Any, _Template] = {}
    ids = list(reserve(Run, len(rows)))
    batch = _Batch()
    for run_id, row in zip(ids, rows, strict=True):
        key = _like(program, row)
        template = templates.get(key)
        if template is None:
            template = templates[key] = _decide(version, row, face=face, by=by, now=now)
        batch.add(run_id, row, template, by=by, now=now, through=through)
    batch.write()
    return ids


def _like(program: Program, row: NewRun) -> Any:
    """What makes two rows the same to the SOP: owner, team, start, and the facts that its conditions name."""
    asked = tuple(_hashable(row.facts.get(name)) for name in program.asked_facts)
    return (row.owner.pk if row.owner else None, row.team_id, row.started_at, asked)


def _hashable(value: Any) -> Any:
    return repr(value) if isinstance(value, list | dict) else value


@dataclass
class _Template:
    """One decision, to be written for every row that is like it."""

    run: Run
    tasks: list[Task]
    clocks: list[tuple[int | None, Deadline]]
    visits: list[Visit]
    changes: list[Any]
    participants: dict[int, str]


def _decide(version: SopVersion, row: NewRun, *, face: str, by: User | None, now: datetime) -> _Template:
    turn = Turn.new(
        version, face=face, title=row.title, owner=row.owner, team_id=row.team_id, by=by, now=now,
        started_at=row.started_at,
    )  # fmt: skip
    turn.facts.overlay(row.facts)
    changes = turn.decide(Start(by_import=True))
    if any(isinstance(change, c.Effect) for change in changes):
        raise NotImplementedError("an SOP whose start has effects is started one by one")
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
    return _Template(turn.run, tasks, clocks, visits, plain(turn.rows.described()), dict(turn.rows.participants))


class _Batch:
    """Rows of many runs, by table."""

    def __init__(self) -> None:
        self.runs: list[list[Any]] = []
        self.tasks: list[list[Any]] = []
        self.clocks: list[list[Any]] = []
        self.visits: list[list[Any]] = []
        self.events: list[list[Any]] = []
        self.participants: list[list[Any]] = []
        self.clock_tasks: list[int | None] = []

    def add(
        self, run_id: int, row: NewRun, like: _Template, *, by: User | None, now: datetime, through: str
    ) -> None:  # fmt: skip
        """Take in one run."""
        key, by_id = new_key(), by.pk if by else None
        data = {**plain(row.data), "through": through, "changes": like.changes, "version": like.run.version_id}
        digest = link("", run_key=key, seq=1, kind="lead_imported", at=now, by_id=by_id, data=data)
        self.events.append([run_id, 1, "lead_imported", now, by_id, data, digest])
        own = {"id": run_id, "key": key, "title": row.title[:200], "event_seq": 1, "event_head": digest}
        self.runs.append([own[name] if name in own else getattr(like.run, name) for name in RUN_COLUMNS])
        first = len(self.tasks)
        for task in like.tasks:
            self.tasks.append([run_id if name == "run_id" else getattr(task, name) for name in TASK_COLUMNS])
        for index, clock in like.clocks:
            self.clock_tasks.append(None if index is None else first + index)
            self.clocks.append([run_id if name == "run_id" else getattr(clock, name) for name in DEADLINE_COLUMNS])
        for visit in like.visits:
            self.visits.append([run_id if name == "run_id" else getattr(visit, name) for name in VISIT_COLUMNS])
        self.participants.extend([run_id, user_id, role, now] for user_id, role in like.participants.items())

    def write(self) -> None:
        """Write every table once."""
        ids = list(reserve(Task, len(self.tasks)))
        for task_id, task in zip(ids, self.tasks, strict=True):
            task[0] = task_id
        for index, clock in zip(self.clock_tasks, self.clocks, strict=True):
            clock[1] = None if index is None else ids[index]
        for model, columns, rows in self._tables():
            if rows:
                insert(model, columns, rows)

    def _tables(self) -> Iterator[tuple[Any, tuple[str, ...], list[list[Any]]]]:
        yield Run, RUN_COLUMNS, self.runs
        yield Task, TASK_COLUMNS, self.tasks
        yield Deadline, DEADLINE_COLUMNS, self.clocks
        yield Visit, VISIT_COLUMNS, self.visits
        yield Event, EVENT_COLUMNS, self.events
        yield Participant, PARTICIPANT_COLUMNS, self.participants

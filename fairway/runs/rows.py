"""From the engine's changes to the rows of one turn: tasks, visits, deadlines, records, participants, jobs."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fairway.engine import changes as c
from fairway.engine.clock import next_firing
from fairway.people.directory import Directory
from fairway.runs import kinds
from fairway.runs.models import Deadline, Event, Job, Participant, Record, Run, Task, Visit
from fairway.runs.statements import add, update

if TYPE_CHECKING:
    from fairway.runs.turn import Turn

OWNERS = frozenset({"owner", "rep", "manager", "above"})


class Rows:
    """What one turn will write. Nothing touches the database before `write`."""

    def __init__(self, run: Run, tasks: Mapping[int, Task], turn: Turn) -> None:
        self.run = run
        self.turn = turn
        self.tasks: dict[int, Task] = dict(tasks)
        self.touched: set[int] = set()
        self.changes: list[c.Change] = []
        self.records: list[Record] = []
        self.messages: list[tuple[str, dict[str, Any]]] = []
        self.participants: dict[int, str] = {}

    # -- noting ----------------------------------------------------------------------------------------------------

    def note(self, changes: Iterable[c.Change]) -> None:
        """Take changes in, in order."""
        for change in changes:
            self.changes.append(change)
            if isinstance(change, c.Opened):
                self._open(change)
            elif isinstance(change, c.Done):
                self._finish(change)
            elif isinstance(change, c.Voided):
                self._void(change)
            elif isinstance(change, c.DueMoved):
                self._set(change.ref, due_at=change.due_at, provisional=change.provisional)
            elif isinstance(change, c.Told):
                self._told(change)

    def _open(self, change: c.Opened) -> None:
        turn, step = self.turn, self.turn.program.steps[change.step]
        task = Task(
            visit=0 if change.standing else turn.state.visit, stage=turn.program.stage_of[change.step] or "",
            step=change.step, kind=step.kind, role=change.role, judge=change.judge, round=change.round,
            item_key=change.item_key, item=change.item, opened_at=turn.now, due_at=change.due_at,
            provisional=change.provisional,
        )  # fmt: skip
        if step.kind == "customer":
            task.token = secrets.token_urlsafe(32)
        self.tasks[change.ref] = task
        self._resolve(task)

    def _finish(self, change: c.Done) -> None:
        task = self.tasks[change.ref]
        by = None if change.by_system else self.turn.by
        late = task.late or (task.due_at is not None and self.turn.now > task.due_at)
        self._set(change.ref, status=Task.DONE, done_at=self.turn.now, done_by=by, verdict=change.verdict, late=late)

    def _void(self, change: c.Voided) -> None:
        if change.ref < 0:
            del self.tasks[change.ref]  # opened and void again within this turn: it never was
        else:
            self._set(change.ref, status=Task.VOID, void_why=change.why)

    def _set(self, ref: int, **values: Any) -> None:
        task = self.tasks[ref]
        for name, value in values.items():
            setattr(task, name, value)
        if ref > 0:
            self.touched.add(ref)

    def _resolve(self, task: Task) -> None:
        """Find who owes the task. Nobody found is an exception on somebody's list, never a pass (behaviour 4)."""
        run, turn = self.run, self.turn
        task.exception = ""
        if task.role == "customer":
            task.assignee_id, task.team_id = run.owner_id, run.team_id
            return
        found = turn.directory.resolve(task.role, owner_id=run.owner_id, team_id=run.team_id, now=turn.now)
        task.assignee_id = found
        task.team_id = None
        if found is None:
            task.team_id = run.team_id
            task.exception = "no_owner" if task.role == "owner" else "no_holder"
            if task.role == "owner" and run.owner_id is None:
                # Nobody owns it yet: it waits in the queue of the stage's role, of the reps where the owner leads it.
                leads = turn.program.stages[turn.state.stage].owner
                task.role, task.exception = ("rep" if leads == "owner" else leads), ""
        elif found != run.owner_id:
            self.participants.setdefault(found, task.role)

    def find_somebody(self, task: Task) -> None:
        """Let an open task find its person anew: who had it is gone."""
        self._resolve(task)
        self.touched.add(task.pk)

    def resolve_again(self) -> None:
        """After the owner changed: open tasks of the owner and of the managers over them find their people anew."""
        for ref, task in self.tasks.items():
            step = self.turn.program.steps[task.step]
            if task.judge >= len(step.judges):
                continue  # a judge who was asked by name
            role = step.judges[task.judge].role if task.judge >= 0 else step.role
            if task.status != Task.OPEN or role not in OWNERS:
                continue
            task.role = role
            self._resolve(task)
            if ref > 0:
                self.touched.add(ref)

    def _told(self, change: c.Told) -> None:
        code = "clock" if change.rung is not None else "told"
        say = {"zh-hans": change.say.zh_hans, "en": change.say.en} if change.say else None
        self.tell(change.roles, code, {"step": change.step, "late": change.late, "say": say, "task": change.about})

    def tell(self, roles: Iterable[str], code: str, data: Mapping[str, Any]) -> None:
        """Let these roles know, after the commit. A role that nobody holds is told to the administrators instead."""
        self.messages.append(
            ("tell", {**whom(roles, self.run, self.turn.directory, self.turn.now), "code": code, **data})
        )

    def add_record(self, record: Record) -> None:
        """Keep a filled form."""
        self.records.append(record)

    def described(self) -> list[dict[str, Any]]:
        """The changes as the event keeps them: a list of small dicts, `what` first."""
        return [
            _described(change) for change in self.changes if not isinstance(change, c.Told) or change.rung is not None
        ]

    # -- writing ---------------------------------------------------------------------------------------------------

    def write(self, event: Event) -> None:
        """Write all rows; the run itself is stored already."""
        add([event])
        self._write_visits()
        new = [task for ref, task in self.tasks.items() if ref < 0]
        self._write_tasks(new)
        self._write_deadlines(new)
        self._write_records()
        self._write_participants()
        self._write_messages(event, new)
        self._set_up(new)

    def _write_visits(self) -> None:
        number = 0
        for change in self.changes:
            if isinstance(change, c.Left):
                self._leave(number, change.how, list(change.waived))
            elif isinstance(change, c.Closed):
                self._leave(number, "close", [])
            elif isinstance(change, c.Entered):
                number = change.visit
                stage, how, now = change.stage, change.how, self.turn.now
                add([Visit(run=self.run, number=number, stage=stage, entered_at=now, entered_how=how)])

    def _leave(self, number: int, how: str, waived: list[str]) -> None:
        left = {"left_at": self.turn.now, "left_how": how, "waived": waived}
        update(Visit, {"run_id": self.run.pk, "left_at": None}, left)

    def _write_tasks(self, new: list[Task]) -> None:
        for task in new:
            task.run = self.run
        add(new)
        alike: dict[tuple[Any, ...], list[int]] = {}
        for ref in sorted(self.touched):
            alike.setdefault(tuple(getattr(self.tasks[ref], name) for name in TOUCHED), []).append(ref)
        for values, refs in alike.items():
            update(Task, {"id": refs}, dict(zip(TOUCHED, values, strict=True)))

    def _write_deadlines(self, new: list[Task]) -> None:
        ended = [ref for ref in self.touched if self.tasks[ref].status != Task.OPEN]
        if ended:
            update(Deadline, {"task_id": ended}, {"fire_at": None})
        add([self.clock(task) for task in new if task.status == Task.OPEN and task.due_at])
        moved = {change.ref for change in self.changes if isinstance(change, c.DueMoved) and change.ref > 0}
        for ref in sorted(moved):
            task = self.tasks[ref]
            if task.status == Task.OPEN:
                self._reset(task)
        stay = [change for change in self.changes if isinstance(change, c.StageDue)]
        if stay:
            self._write_stay(stay[-1])

    def clock(self, task: Task) -> Deadline:
        """The clock of a task with a due time, set to its first rung."""
        if task.due_at is None:
            raise ValueError("a task without a due time has no clock")
        ladder = self.turn.program.ladder(task.step, self.run.stage)
        firing = next_firing(ladder, task.due_at, self.turn.calendar, place=0, since=task.opened_at)
        return Deadline(
            run=self.run, task=task, due_at=task.due_at, provisional=task.provisional,
            fire_at=firing.at if firing else None, rung=firing.index if firing else 0,
            place=firing.place if firing else 0,
        )  # fmt: skip

    def _reset(self, task: Task) -> None:
        """A moved due time starts its ladder anew: a shorter clock may already be late, and says so."""
        if task.due_at is None:
            update(Deadline, {"task_id": task.pk}, {"fire_at": None})
            return
        _set_or_add(self.clock(task), {"task_id": task.pk})

    def _write_stay(self, change: c.StageDue) -> None:
        if change.at is None:
            update(Deadline, {"run_id": self.run.pk, "task_id": None}, {"fire_at": None})
            return
        clock = self._stay_clock(change.at, provisional=change.provisional)
        if self.run.event_seq == 1:
            add([clock])
        else:
            _set_or_add(clock, {"run_id": self.run.pk, "task_id": None})

    def stay_clock(self) -> Deadline | None:
        """The clock of the stay in the present stage, or None where it has none."""
        stay = [change for change in self.changes if isinstance(change, c.StageDue)]
        at = stay[-1].at if stay else None
        return self._stay_clock(at, provisional=stay[-1].provisional) if at is not None else None

    def _stay_clock(self, at: datetime, *, provisional: bool) -> Deadline:
        ladder = self.turn.program.ladder(None, self.run.stage)
        firing = next_firing(ladder, at, self.turn.calendar, place=0, since=self.turn.now)
        return Deadline(
            run=self.run, task=None, due_at=at, provisional=provisional, fire_at=firing.at if firing else None,
            rung=firing.index if firing else 0, place=firing.place if firing else 0,
        )  # fmt: skip

    def _write_records(self) -> None:
        for record in self.records:
            record.run = self.run
            if record.task is not None and record.task.pk is None:
                raise ValueError("the task of a record is stored before it")
            add([record])

    def _write_participants(self) -> None:
        found = [
            Participant(run=self.run, user_id=user_id, role=role, since=self.turn.now)
            for user_id, role in self.participants.items()
        ]
        if self.run.event_seq == 1:
            add(found)
        elif found:
            Participant.objects.bulk_create(found, ignore_conflicts=True)

    def _write_messages(self, event: Event, new: list[Task]) -> None:
        actor = self.turn.by.pk if self.turn.by else None
        for task in new:
            if task.status == Task.OPEN and task.assignee_id and task.assignee_id != actor:
                payload = {"users": [task.assignee_id], "code": "asked", "step": task.step, "task": task.pk}
                self.messages.append(("tell", payload))
            if task.kind == "customer" and task.status == Task.OPEN:
                self.messages.append(("ask_customer", {"task": task.pk, "step": task.step}))
        add(
            [
                Job(
                    kind=kind, key=f"{self.run.key}:{event.seq}:{index}", run=self.run, created_at=self.turn.now,
                    due_at=self.turn.now, payload={**payload, "event": event.pk, "by": actor},
                )
                for index, (kind, payload) in enumerate(self._with_ids(self.messages))
            ]
        )  # fmt: skip

    def _with_ids(self, messages: Iterable[tuple[str, dict[str, Any]]]) -> Iterable[tuple[str, dict[str, Any]]]:
        for kind, payload in messages:
            ref = payload.get("task")
            if isinstance(ref, int) and ref < 0:
                yield kind, {**payload, "task": self.tasks[ref].pk if ref in self.tasks else None}
            else:
                yield kind, payload

    def _set_up(self, new: list[Task]) -> None:
        by_kind: dict[str, list[Task]] = {}
        for task in new:
            by_kind.setdefault(task.kind, []).append(task)
        for kind, tasks in by_kind.items():
            opener = kinds.opener(kind)
            if opener is not None:
                opener(self.turn, tasks)


def _set_or_add(clock: Deadline, where: Mapping[str, Any]) -> None:
    """Set the clock that is there anew, or keep a first one; the lock on the run keeps others out."""
    if not update(Deadline, where, {name: getattr(clock, name) for name in RESET}):
        add([clock])


RESET = ("due_at", "fire_at", "rung", "place", "provisional")


def whom(roles: Iterable[str], run: Run, who: Directory, now: datetime) -> dict[str, Any]:
    """The people behind roles on a run: `users` (ids), `missing` roles, whether the `customer` is one of them.

    Where nobody is left to tell, the administrators are told, for nothing is skipped in silence (behaviour 4).
    """
    users: list[int] = []
    missing: list[str] = []
    wanted = list(roles)
    for role in wanted:
        if role == "customer":
            continue
        found = who.resolve(role, owner_id=run.owner_id, team_id=run.team_id, now=now)
        if found is None:
            missing.append(role)
        else:
            users.append(found)
    if missing and not users:
        users.extend(who.candidates("admin", None))
    return {"users": list(dict.fromkeys(users)), "missing": missing, "customer": "customer" in wanted}


TOUCHED = [
    "status", "done_at", "done_by_id", "verdict", "late", "void_why", "due_at", "provisional", "assignee_id", "team_id",
    "role", "exception", "note",
]  # fmt: skip


def _described(change: c.Change) -> dict[str, Any]:
    """A change as a dict: its name in the past tense and its particulars that are not empty."""
    found: dict[str, Any] = {"what": type(change).__name__.lower()}
    for one in fields(change):
        value = getattr(change, one.name)
        if one.name == "ref" and isinstance(value, int) and value < 0:
            continue  # holds within the decision only
        if value not in (None, "", (), False, -1) and one.name not in {"say", "item"}:
            found[one.name] = value
    return found

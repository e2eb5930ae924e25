"""One action on one run: load, decide, write, in one transaction (architecture.md, "One thing, end to end").

Every write on a run goes through a Turn; there is no second way. Actions open one, ask it to decide, and commit it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from fairway.engine import changes as c
from fairway.engine.commands import Assign, Command, Settle
from fairway.engine.decide import decide
from fairway.engine.program import Program
from fairway.engine.refused import Refused
from fairway.engine.state import RunState, TaskState
from fairway.people.models import User
from fairway.prepared import Prepared, columns_of, made
from fairway.runs import kinds
from fairway.runs.chain import link, plain
from fairway.runs.errors import Stale
from fairway.runs.facts import RunFacts
from fairway.runs.models import Event, Record, Run, Task, Visit
from fairway.runs.people import directory
from fairway.runs.rows import Rows
from fairway.runs.statements import add, update
from fairway.sops.calendars import calendar_of
from fairway.sops.models import SopRetired, SopVersion
from fairway.sops.programs import program_of
from fairway.sqlite.base import write_now

EFFECT_ROUNDS = 10


class Turn:
    """What is under way on `run`: the state decided so far, and the rows to write for it."""

    def __init__(self, run: Run, state: RunState, tasks: Mapping[int, Task], *, by: User | None, now: datetime) -> None:
        self.run = run
        self.by = by
        self.now = now
        self.program: Program = program_of(run.version_id)
        self.calendar = calendar_of(self.program.sop.calendar)
        self.directory = directory(now)
        self.facts = RunFacts(run, self.program)
        self.state = state
        self.rows = Rows(run, tasks, self)
        self.stored = bool(run.pk)
        self.filled: dict[str, tuple[Any, Any]] = {}
        self.unstored: dict[str, Any] = {}

    @classmethod
    def begin(cls, run_id: int, *, by: User | None, now: datetime, revision: int | None = None) -> Turn:
        """Load a run to act on it. `revision` is what the person saw; Stale when a colleague was first.

        Must run inside a transaction. Raises Run.DoesNotExist.
        """
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("a turn begins inside a transaction")
        row = _RUN.first(run_id)
        if row is None:
            raise Run.DoesNotExist(run_id)
        run = made(Run, row)
        if by is not None and by.pk == run.owner_id:
            run.owner = by
        if revision is not None and run.revision != revision:
            raise stale(run)
        tasks = {task.pk: task for task in (made(Task, row) for row in _TASKS.rows(run_id))}
        return cls(run, state_of(run, tasks), tasks, by=by, now=now)

    @classmethod
    def new(
        cls, version: SopVersion, *, face: str, title: str, owner: User | None, team_id: int | None, by: User | None,
        now: datetime, started_at: datetime | None = None, grade: str = "",
    ) -> Turn:  # fmt: skip
        """A run that is not stored yet; `commit` stores it with all that was decided."""
        started_at = started_at or now
        run = Run(
            version=version, sop=version.key, face=face, title=title[:200], owner=owner,
            team_id=team_id or (owner.team_id if owner else None), grade=grade, started_at=started_at, entered_at=now,
        )  # fmt: skip
        return cls(run, RunState.new(started_at, owned=owner is not None, grade=grade or None), {}, by=by, now=now)

    # -- deciding ------------------------------------------------------------------------------------------------

    def decide(self, command: Command) -> list[c.Change]:
        """Let the engine decide, note the rows to write, and run the effects that the document asks for.

        Raises Refused with every reason; then nothing of this turn may be committed.
        """
        decision = decide(self.program, self.state, command, self.facts, self.now, self.calendar)
        self.state = decision.state
        changes = list(decision.changes)
        self.rows.note(changes)
        for change in changes:
            if isinstance(change, c.Effect):
                self._run_effect(change)
        return changes

    def settle(self) -> list[c.Change]:
        """Let follow what follows from facts or a calendar that changed."""
        return self.decide(Settle())

    def _run_effect(self, effect: c.Effect) -> None:
        # What an effect finds before it makes it (a company of that name) must not come between.
        write_now()
        if effect.name == "fill":
            self.fill({str(effect.argument): effect.value})
        elif effect.name == "start":
            version = SopVersion.objects.filter(key=effect.argument).order_by("-number").first()
            starter = kinds.starter(version.subject) if version else None
            if SopRetired.objects.filter(key=effect.argument).exists():
                return  # the firm does not work by it
            if starter is None:
                self.rows.tell(("admin",), "cannot_start", {"sop": effect.argument})
            else:
                starter(self, argument=effect.argument, value=effect.value)
        else:
            kinds.effect(effect.name)(self, argument=effect.argument, value=effect.value)

    def assign(self, owner: User | None) -> None:
        """Give the run its owner (None: to the pool) with the tasks that are the owner's, and let the clocks know."""
        self.run.owner = owner
        if owner is not None and owner.team_id is not None:
            self.run.team_id = owner.team_id
        self.decide(Assign(owned=owner is not None))
        self.rows.resolve_again()

    def fill(self, values: Mapping[str, Any]) -> None:
        """Write values to the typed columns of the rooms that own them; conditions see them at once.

        Raises Refused where a room says that they may not be written.
        """
        if not self.stored:
            # The rows that point to this run do not exist yet: who starts it stores them with these values.
            self.facts.overlay(values)
            self.unstored.update(values)
            return
        by_room: dict[str, dict[str, Any]] = {}
        for name, value in values.items():
            by_room.setdefault(name.partition(".")[0], {})[name] = value
        for name, mine in by_room.items():
            room = kinds.rooms().get(name)
            if room is None or room.fill is None:
                continue
            wrong = list(room.check(self.run, mine)) if room.check else []
            if wrong:
                raise Refused(wrong)
            self.filled.update(room.fill(self.run, mine, by=self.by, now=self.now))
            self.facts.forget(name)

    def add_record(self, record: Record) -> None:
        """Keep a filled form with this turn."""
        self.rows.add_record(record)

    # -- writing -------------------------------------------------------------------------------------------------

    def commit(self, kind: str, data: Mapping[str, Any] | None = None) -> Event:
        """Write everything with its event: the run by compare-and-swap, then what hangs on it. Raises Stale."""
        run, before_seq, before_revision = self.run, self.run.event_seq, self.run.revision
        self.take_state()
        event = self._event(kind, dict(data or {}))
        run.event_seq, run.event_head = event.seq, event.hash
        if not self.stored:
            add([run])
        else:
            run.revision = before_revision + 1
            swapped = update(
                Run, {"id": run.pk, "revision": before_revision, "event_seq": before_seq},
                {name: getattr(run, name) for name in MUTABLE},
            )  # fmt: skip
            if not swapped:
                raise stale(Run.objects.get(pk=run.pk))
        event.run = run
        self.rows.write(event)
        if run.outcome and any(isinstance(change, c.Closed) for change in self.rows.changes):
            for closer in kinds.closers():
                closer(self)
        for watcher in kinds.watchers():
            watcher(run, event, by=self.by, now=self.now)
        return event

    def take_state(self) -> None:
        """Carry the state decided so far over to the run."""
        run, state = self.run, self.state
        run.stage, run.visit, run.entered_at, run.stage_due = (
            state.stage,
            state.visit,
            state.entered_at,
            state.stage_due,
        )
        run.grade = state.grade or ""
        run.outcome, run.reason = state.outcome or "", state.reason or ""
        run.outcome_kind = self.program.sop.outcomes[state.outcome].kind if state.outcome else ""
        run.closed_at = (run.closed_at or self.now) if state.outcome else None
        run.attempts, run.silent_streak, run.reached = state.attempts, state.silent_streak, state.reached
        run.moments = {key: at.isoformat() for key, at in state.moments.items()}
        run.waived = {code: until.isoformat() if until else None for code, until in state.waived.items()}
        dues = [task.due_at for task in state.tasks if task.status == "open" and task.due_at]
        run.next_due = min([*dues, *([state.stage_due] if state.stage_due else [])], default=None)

    def _event(self, kind: str, data: dict[str, Any]) -> Event:
        changes = self.rows.described()
        if changes:
            data["changes"] = changes
        if self.filled:
            secret = kinds.confidential_facts()
            shown = {name: list(pair) for name, pair in self.filled.items() if name not in secret}
            hidden = {name: list(pair) for name, pair in self.filled.items() if name in secret}
            data.update({key: value for key, value in (("filled", shown), ("confidential", hidden)) if value})
        data["version"] = self.run.version_id
        kept = plain(data)
        seq = self.run.event_seq + 1
        by_id = self.by.pk if self.by else None
        digest = link(
            self.run.event_head, run_key=self.run.key, seq=seq, kind=kind, at=self.now, by_id=by_id, data=kept
        )
        return Event(seq=seq, kind=kind, at=self.now, by=self.by, data=kept, hash=digest)


MUTABLE = (
    "title", "face", "account_id", "stage", "visit", "owner_id", "team_id", "grade", "outcome", "outcome_kind",
    "reason", "entered_at", "closed_at", "stage_due", "next_due", "moments", "attempts", "silent_streak", "reached",
    "waived", "revision", "event_seq", "event_head",
)  # fmt: skip


_RUN = Prepared(lambda run_id: Run.objects.filter(pk=run_id).order_by().values_list(*columns_of(Run)))
_TASKS = Prepared(
    lambda run_id: (
        Task.objects.filter(run_id=run_id, status__in=(Task.OPEN, Task.DONE))
        .order_by("id")
        .values_list(*columns_of(Task))
    )
)
_VISITS = Prepared(
    lambda run_id: Visit.objects.filter(run_id=run_id).order_by().values_list("stage").annotate(times=Count("id"))
)


def stale(run: Run) -> Stale:
    """Say who moved the run first, when and how."""
    last = Event.objects.filter(run=run).select_related("by").order_by("-seq").first()
    who = last.by.display_name if last and last.by else ""
    return Stale(run.revision, who, last.at if last else None, last.kind if last else "")


def state_of(run: Run, tasks: Mapping[int, Task]) -> RunState:
    """The engine's state of a stored run; `tasks` are those that are not void, by id."""
    return RunState(
        stage=run.stage, started_at=run.started_at, entered_at=run.entered_at, visit=run.visit,
        visits=_visits(run), tasks=tuple(_task_state(task) for task in tasks.values()),
        moments={key: datetime.fromisoformat(at) for key, at in run.moments.items()},
        grade=run.grade or None, owned=run.owner_id is not None, attempts=run.attempts,
        silent_streak=run.silent_streak, reached=run.reached,
        waived={code: datetime.fromisoformat(until) if until else None for code, until in run.waived.items()},
        stage_due=run.stage_due, outcome=run.outcome or None, reason=run.reason or None,
    )  # fmt: skip


def _visits(run: Run) -> dict[str, int]:
    if run.visit <= 1:
        return {run.stage: run.visit}
    if "visits" in getattr(run, "_prefetched_objects_cache", {}):
        return Counter(visit.stage for visit in run.visits.all())
    return dict(_VISITS.rows(run.pk))


def _task_state(task: Task) -> TaskState:
    return TaskState(
        ref=task.pk, step=task.step, status=task.status, opened_at=task.opened_at, role=task.role, judge=task.judge,
        round=task.round, item_key=task.item_key, item=task.item, due_at=task.due_at, done_at=task.done_at,
        verdict=task.verdict,
    )  # fmt: skip

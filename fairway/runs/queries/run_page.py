"""One run as its page and the API show it: where it stands, what is next, who owes it, why it cannot go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fairway.engine.conditions import Unmet
from fairway.engine.program import Program
from fairway.engine.state import RunState
from fairway.engine.view import RunView
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs.facts import RunFacts
from fairway.runs.models import Participant, Record, Run, Task, Waiver
from fairway.runs.people import directory
from fairway.runs.permissions import leads, may_work, reads_confidential, taking_part
from fairway.runs.queries.reads import participants_of, read_visits, records_of, tasks_of, waivers_of
from fairway.runs.texts import reason_title, role_title, say, stage_title, step_help, step_title
from fairway.runs.turn import state_of
from fairway.sops.calendars import calendar_of
from fairway.sops.programs import program_of


@dataclass(frozen=True, slots=True)
class StageMark:
    """One segment of the map. `state` is done, current, next or ahead; `late` when its stay is overdue."""

    key: str
    title: str
    goal: str
    state: str
    late: bool
    entered_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskView:
    """One open or done task with who owes it, and whether the reader may do it."""

    id: int
    step: str
    title: str
    help: str
    kind: str
    form: str
    role: str
    role_title: str
    judge_on: str
    assignee: str
    assignee_id: int | None
    status: str
    due_at: datetime | None
    late: bool
    done_at: datetime | None
    done_by: str
    done_by_id: int | None
    verdict: str
    note: str
    exception: str
    mine: bool
    may: bool
    standing: bool
    item: dict[str, Any] | None
    item_key: str
    token: str
    opened_at: datetime
    round: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the run cannot go on: what to do, who owes it, and the step on which it is mended."""

    code: str
    text: str
    step: str
    step_title: str
    role: str
    who: str
    waivable: bool
    waived: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A way on or back, or a step that may be added."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Ending:
    """An outcome that people may choose, with its reasons as (key, title)."""

    key: str
    title: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RunPage:
    """Everything that a run's page needs beside its domain's own columns."""

    run: Run
    program: Program
    view: RunView
    stages: tuple[StageMark, ...]
    tasks: tuple[TaskView, ...]
    next: TaskView | None
    reasons: tuple[Reason, ...]
    may_lead: bool
    confidential: bool
    ways_on: tuple[Way, ...]
    ways_back: tuple[Way, ...]
    can_add: tuple[Way, ...]
    endings: tuple[Ending, ...]
    records: tuple[Record, ...]
    waivers: tuple[Waiver, ...]
    participants: tuple[Participant, ...]
    facts: RunFacts

    @property
    def open_tasks(self) -> tuple[TaskView, ...]:
        """Tasks still to be done, those of the reader first, then by the clock."""
        return tuple(task for task in self.tasks if task.status == Task.OPEN)

    @property
    def done_tasks(self) -> tuple[TaskView, ...]:
        """Tasks that are done, newest first."""
        return tuple(reversed([task for task in self.tasks if task.status == Task.DONE]))


def load_run(run_id: int, user: User) -> Run:
    """The run, if the person may see it. Raises Run.DoesNotExist otherwise: what one may not see is not there."""
    runs = Run.objects.visible_to(scope_of(user)).select_related("owner", "team", "version", "account")
    return runs.get(pk=run_id)


def run_page(run: Run, user: User, *, now: datetime, facts: RunFacts | None = None) -> RunPage:
    """The page of a run that the person may see. About ten queries, whatever its length.

    `facts` of the run where the caller has some of them already.
    """
    program = program_of(run.version_id)
    read_visits(run)
    records = records_of(run, now)
    facts = RunFacts(run, program) if facts is None else facts
    facts.know(records)
    participants = participants_of(run, now)
    taking_part(run, participants)
    tasks = {task.pk: task for task in tasks_of(run, now)}
    state = state_of(run, tasks)
    view = RunView(program, state, facts, now, calendar_of(program.sop.calendar))
    confidential = reads_confidential(user, run)
    views = tuple(_task(program, run, task, user, now) for task in tasks.values())
    may_lead = leads(user, run, directory(now), now)
    open_ = sorted((t for t in views if t.status == Task.OPEN), key=_order)
    stage = program.stages[run.stage]
    return RunPage(
        run=run, program=program, view=view, stages=_stages(program, run, state, now), tasks=views,
        next=open_[0] if open_ else None, reasons=_reasons(program, view, run, now) if run.is_open else (),
        may_lead=may_lead, confidential=confidential,
        ways_on=tuple(Way(key, stage_title(program, key)) for key in stage.next),
        ways_back=tuple(Way(key, stage_title(program, key)) for key in stage.back),
        can_add=_can_add(program, view) if run.is_open else (), endings=_endings(program),
        records=tuple(record for record in records if confidential or not record.confidential),
        waivers=waivers_of(run, now),
        participants=participants, facts=facts,
    )  # fmt: skip


def _order(task: TaskView) -> tuple[bool, bool, bool, datetime | int]:
    return (not task.mine, not task.may, task.due_at is None, task.due_at or task.id)


def _task(program: Program, run: Run, task: Task, user: User, now: datetime) -> TaskView:
    step = program.steps.get(task.step)
    judge = step.judges[task.judge] if step and 0 <= task.judge < len(step.judges) else None
    return TaskView(
        id=task.pk, step=task.step, title=step_title(program, task.step, task.item),
        help=step_help(program, task.step), kind=task.kind, form=(step.form or "") if step else "", role=task.role,
        role_title=role_title(task.role), judge_on=say(judge.on) if judge else "",
        assignee=task.assignee.display_name if task.assignee else "", assignee_id=task.assignee_id,
        status=task.status, due_at=task.due_at, late=task.late or _is_late(task, now), done_at=task.done_at,
        done_by=task.done_by.display_name if task.done_by else "", done_by_id=task.done_by_id,
        verdict=task.verdict, note=task.note, exception=task.exception, mine=task.assignee_id == user.pk,
        may=task.status == Task.OPEN and run.is_open and may_work(user, run, task, now),
        standing=not task.stage, item=task.item, item_key=task.item_key, token=task.token, opened_at=task.opened_at,
        round=task.round,
    )  # fmt: skip


def _is_late(task: Task, now: datetime) -> bool:
    return task.status == Task.OPEN and task.due_at is not None and task.due_at < now


def _stages(program: Program, run: Run, state: RunState, now: datetime) -> tuple[StageMark, ...]:
    visits = sorted(run.visits.all(), key=lambda visit: visit.number)
    entered = {visit.stage: visit.entered_at for visit in visits}
    keys = list(program.stages)
    here = keys.index(run.stage) if run.stage in keys else 0
    marks = []
    for index, key in enumerate(keys):
        stage = program.stages[key]
        where = "done" if index < here else ("ahead" if index > here + 1 else "next")
        if index == here:
            where = "current" if run.is_open else ("done" if run.outcome_kind == "won" else "stopped")
        late = index == here and run.is_open and run.stage_due is not None and run.stage_due < now
        marks.append(StageMark(key, say(stage.title), say(stage.goal), where, late, entered.get(key)))
    return tuple(marks)


def _reasons(program: Program, view: RunView, run: Run, now: datetime) -> tuple[Reason, ...]:
    who = directory(now)

    def person(role: str | None) -> str:
        if not role or role == "customer":
            return ""
        found = who.resolve(role, owner_id=run.owner_id, team_id=run.team_id, now=now)
        return who.people[found].name if found is not None and found in who.people else ""

    def reason(one: Unmet) -> Reason:
        return Reason(
            code=one.code, text=say(one.text), step=one.step or "",
            step_title=step_title(program, one.step) if one.step else "", role=role_title(one.role or ""),
            who=person(one.role), waivable=one.waivable, waived=view.is_waived(one),
        )  # fmt: skip

    return tuple(reason(one) for one in view.all_gate_reasons())


def _can_add(program: Program, view: RunView) -> tuple[Way, ...]:
    """Steps that may be opened by hand now: repeatable and optional ones whose needs are met."""
    stage = program.stages[view.stage]
    found = []
    for step in (*stage.steps, *program.sop.standing):
        by_hand = step.repeat or not view.is_required(step)
        free = step.repeat or not any(True for _ in view.tasks_of(step.key))
        come = step in stage.steps or step.open_on is None or step.open_on in view.moments
        if by_hand and free and come and step.each is None and view.applies(step) and not view.missing_needs(step):
            found.append(Way(step.key, say(step.title)))
    return tuple(found)


def _endings(program: Program) -> tuple[Ending, ...]:
    return tuple(
        Ending(key, say(outcome.title), tuple((r.key, reason_title(program, key, r.key)) for r in outcome.reasons))
        for key, outcome in program.sop.outcomes.items()
        if outcome.ask
    )

"""What waits for a person's verdict: approvals, with what is judged, and waivers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F

from fairway.engine.forms import MoreChoices, shown, visible_values
from fairway.engine.program import Program
from fairway.people.models import User
from fairway.people.roles import MANAGER
from fairway.people.scope import scope_of
from fairway.prepared import Prepared
from fairway.runs import kinds
from fairway.runs.models import Record, Run, Task, Waiver
from fairway.runs.people import directory
from fairway.runs.permissions import may_judge, sees_row
from fairway.runs.queries.today import tasks_of
from fairway.runs.texts import say, step_title
from fairway.sops.programs import program_of

SHOWN = 100


@dataclass(frozen=True)
class Approval:
    """One task of a judge. `records` are what is judged, `confidential` whether the judge reads all of them."""

    task: Task
    program: Program
    url: str
    title: str
    judge_on: str
    owner: str
    records: tuple[Record, ...]
    confidential: bool


def approvals(user: User, *, now: datetime, face: str = "", shown: int = SHOWN) -> tuple[list[Approval], int]:
    """The approvals that wait for the person, by their clock, and how many there are. Five queries whatever the rows.

    `face` narrows to leads, deals or complaints.
    """
    tasks = tasks_of(user, now).filter(kind="approve", run__outcome="")
    if face:
        tasks = tasks.filter(run__face=face)
    found = list(tasks.select_related("run__owner").order_by(F("due_at").asc(nulls_last=True), "id")[: shown + 1])
    total = len(found) if len(found) <= shown else tasks.count()
    found = found[:shown]
    pages = kinds.pages({(task.run_id, task.run.face) for task in found})
    records = _judged(found)
    return [_approval(task, pages, records, user) for task in found], total


def waivers_to_judge(user: User, *, now: datetime, shown: int = SHOWN) -> list[Waiver]:
    """Waivers that the person may grant or refuse, oldest first. One query where there are none."""
    asked = _ASKED.rows()
    if not asked:
        return []
    who = directory(now)
    mine: list[int] = []
    runs = Run.objects.open().filter(pk__in={row[4] for row in asked}).only("owner_id", "team_id", "visit").in_bulk()
    for id_, judge, asked_by, role, run_id, visit in asked:
        run = runs.get(run_id)
        if run is None or run.visit != visit or len(mine) == shown:
            continue
        one = Waiver(id=id_, judge_id=judge, asked_by_id=asked_by, role=role, run=run)
        if may_judge(user, one, who, now) and sees_row(user, run_id, owner_id=run.owner_id, team_id=run.team_id):
            mine.append(id_)
    found = Waiver.objects.filter(pk__in=mine) if mine else Waiver.objects.none()
    return list(found.select_related("run__owner", "asked_by", "judge").order_by("id"))


_ASKED = Prepared(
    lambda: (
        Waiver.objects.filter(verdict=Waiver.ASKED)
        .order_by("id")
        .values_list("id", "judge_id", "asked_by_id", "role", "run_id", "visit")
    )
)


def approval_of(task: Task, user: User) -> Approval:
    """One approval through the eyes of a person, as the list gives it. Two queries beside those of the task's run."""
    return _approval(task, kinds.pages([(task.run_id, task.run.face)]), _judged([task]), user)


def judged_lines(
    one: Approval, *, language: str, zone: ZoneInfo, more: MoreChoices | None, currency: str = "CNY",
    names: Callable[[str, int], str] = lambda kind, id_: "…",
) -> list[tuple[str, str]]:  # fmt: skip
    """What is judged, as (label, text), without what the person may not see and what the system wrote by itself."""
    lines: list[tuple[str, str]] = []
    for record in one.records:
        form = one.program.sop.forms[record.form]
        values = visible_values(form, record.values, confidential=one.confidential)
        typed = {key: values[key] for key in values if (field := form.field(key)) and field.auto is None}
        rows = shown(one.program.sop, form, typed, language, names, zone=zone, currency=currency, more_choices=more)
        lines.extend((row.label, row.text) for row in rows if row.text)
    return lines


def verdicts_before(task: Task) -> list[Task]:
    """The verdicts given on this step until now, in the order in which they were given; one query."""
    given = Task.objects.filter(run_id=task.run_id, step=task.step, kind="approve", status=Task.DONE)
    return list(given.exclude(pk=task.pk).exclude(verdict="").select_related("done_by").order_by("done_at", "id"))


def _judged(tasks: Iterable[Task]) -> dict[tuple[int, str], Record]:
    """The current records that the tasks are about, by run and form; one query."""
    forms = {(task.run_id, form) for task in tasks for form in forms_of(program_of(task.run.version_id), task.step)}
    rows = Record.objects.filter(
        run_id__in={run for run, _ in forms}, form__in={form for _, form in forms}, current=True
    ).order_by("id")
    return {(row.run_id, row.form): row for row in rows}


def forms_of(program: Program, step: str) -> list[str]:
    """The forms that an approval is about: of the steps it needs, else of the one it returns to."""
    definition = program.steps[step]
    about = [*definition.needs, *([definition.returns] if definition.returns else [])]
    found = [program.steps[key].form for key in about if key in program.steps]
    return list(dict.fromkeys(form for form in found if form))


def _approval(task: Task, pages: dict[int, str], records: dict[tuple[int, str], Record], user: User) -> Approval:
    program, run = program_of(task.run.version_id), task.run
    step, scope = program.steps[task.step], scope_of(user)
    judge = step.judges[task.judge] if 0 <= task.judge < len(step.judges) else None
    on_team = user.pk in {run.owner_id, task.assignee_id} or (MANAGER in scope.roles and run.team_id in scope.team_ids)
    judged = (records.get((task.run_id, form)) for form in forms_of(program, task.step))
    return Approval(
        task=task, program=program, url=pages.get(task.run_id, ""), title=step_title(program, task.step, task.item),
        judge_on=say(judge.on) if judge else "", owner=run.owner.display_name if run.owner else "",
        records=tuple(one for one in judged if one is not None and (on_team or not one.confidential)),
        confidential=on_team,
    )  # fmt: skip

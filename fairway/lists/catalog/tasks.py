"""The list of tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from fairway.lists.asking import Asker
from fairway.lists.catalog.deeds import task_deeds
from fairway.lists.catalog.shared import flagged, owners, run_number
from fairway.lists.columns import CHOICE, FLAG, MOMENT, PERSON, TEXT, Choices, Column, Row
from fairway.lists.listing import Listing, columns
from fairway.lists.tree import Leaf
from fairway.people.roles import ROLES
from fairway.people.scope import Scope
from fairway.runs.models import Task
from fairway.runs.queries.lists import text_filter
from fairway.runs.texts import role_title, stage_title, step_title
from fairway.sops.programs import program_of
from fairway.sops.queries import current_versions


def seen(scope: Scope) -> QuerySet[Any]:
    """The tasks of the runs that a person may see."""
    return Task.objects.visible_to(scope)


def search(text: str, _asker: Asker) -> Q:
    """The run that it is about, by name or number."""
    return text_filter(text, ("run__title",))


def step(row: Row, _asker: Asker) -> str:
    """What is to be done."""
    return step_title(program_of(row["run__version_id"]), row["step"], row["item"])


def under(row: Row, _asker: Asker) -> Sequence[str]:
    """What it is about."""
    return [one for one in (run_number(row), row["run__title"]) if one]


def _stage(row: Row, _asker: Asker) -> str:
    return stage_title(program_of(row["run__version_id"]), row["stage"]) if row["stage"] else ""


def _steps(_asker: Asker) -> Choices:
    found: dict[str, str] = {}
    for version in current_versions():
        program = program_of(version.pk)
        found.update({key: step_title(program, key) for key in program.steps if key not in found})
    return sorted(found.items(), key=lambda one: one[1])


def _roles(_asker: Asker) -> Choices:
    return [(key, role_title(key)) for key in ("owner", "above", "customer", *ROLES)]


def _statuses(_asker: Asker) -> Choices:
    return Task.STATUSES


def _overdue(leaf: Leaf, asker: Asker, _prefix: str) -> Q:
    late = Q(status=Task.OPEN, due_at__lt=asker.now) | Q(late=True)
    return late if flagged(leaf) else ~late


COLUMNS = columns(
    Column("step", gettext_lazy("Task"), CHOICE, "step", default=True, choices=_steps, value=step, needs=("item",),
           sortable=False),
    Column("run", gettext_lazy("About"), TEXT, "run__title", default=True),
    Column("stage", gettext_lazy("Stage"), TEXT, "stage", default=True, value=_stage, sortable=False),
    Column("assignee", gettext_lazy("Whose task"), PERSON, "assignee", default=True, nullable=True, choices=owners,
           value=lambda row, _asker: row["assignee__display_name"], needs=("assignee__display_name",),
           order_path="assignee__display_name"),
    Column("role", gettext_lazy("Role"), CHOICE, "role", choices=_roles),
    Column("due", gettext_lazy("Due"), MOMENT, "due_at", default=True, nullable=True, look="clock",
           value=lambda row, _asker: row["due_at"] if row["status"] == Task.OPEN else None),
    Column("status", gettext_lazy("State"), CHOICE, "status", default=True, choices=_statuses),
    Column("late", gettext_lazy("Late"), FLAG, condition=_overdue, shown=False, sortable=False),
    Column("opened", gettext_lazy("Asked on"), MOMENT, "opened_at", look="ago"),
    Column("done", gettext_lazy("Done on"), MOMENT, "done_at", nullable=True, look="ago"),
    Column("done_by", gettext_lazy("Done by"), PERSON, "done_by", nullable=True, choices=owners,
           value=lambda row, _asker: row["done_by__display_name"], needs=("done_by__display_name",),
           order_path="done_by__display_name"),
    Column("verdict", gettext_lazy("Verdict"), CHOICE, "verdict", choices=lambda _asker: VERDICTS),
    Column("owner", gettext_lazy("Owner"), PERSON, "run__owner", nullable=True, choices=owners,
           value=lambda row, _asker: row["run__owner__display_name"], needs=("run__owner__display_name",),
           order_path="run__owner__display_name"),
)  # fmt: skip
VERDICTS: Choices = [
    ("approve", gettext_lazy("Approved")), ("send_back", gettext_lazy("Sent back")),
    ("reject", gettext_lazy("Rejected")),
]  # fmt: skip

LISTING = Listing(
    key="tasks", title=gettext_lazy("Tasks"), model=Task, columns=COLUMNS, main="step", seen=seen, search=search,
    url=lambda row: f"/runs/{row['run_id']}?task={row['id']}", under=under,
    quick=("assignee", "step", "role", "status", "late"), usual=("status", Task.OPEN), mine="assignee",
    always=("id", "run_id", "run__version_id", "run__title", "item", "status"), deeds=task_deeds(),
    placeholder=gettext_lazy("Company, deal, number"),
)  # fmt: skip

"""Columns that every list of runs has, and how their values are made."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairway.lists.asking import Asker
from fairway.lists.columns import CHOICE, FLAG, MOMENT, PERSON, TAGS, TEAM, TEXT, Choices, Column, Row, in_order
from fairway.lists.conditions import NO, YES
from fairway.lists.errors import Misread
from fairway.lists.models import Tag, Tagging
from fairway.lists.tree import IS, Leaf
from fairway.people.roles import MANAGER
from fairway.people.scope import Scope
from fairway.runs.models import Participant
from fairway.runs.queries.lists import (
    ALL,
    CLOSED,
    OPEN,
    outcome_choices,
    owner_choices,
    stage_choices,
    team_choices,
)
from fairway.runs.texts import outcome_title, stage_title
from fairway.sops.programs import program_of
from fairway.sops.queries import current_ids

RUN_PATHS = ("run_id", "run__version_id", "run__outcome", "run__outcome_kind")
GRADES = ("A", "B", "C")
MOST_TAGS = 500


def run_number(row: Row) -> str:
    """The number by which people call the run of a row, as N000042."""
    return f"{program_of(row['run__version_id']).sop.prefix}{row['run_id']:06d}"


def number_column() -> Column:
    """The number of the run."""
    return Column(
        "number", gettext_lazy("Number"), TEXT, "run_id", value=lambda row, _asker: run_number(row),
        needs=("run__version_id",), sortable=False, filterable=False,
    )  # fmt: skip


def stage_now(row: Row, _asker: Asker) -> str:
    """The stage of an open run; what became of a closed one."""
    program = program_of(row["run__version_id"])
    if not row["run__outcome"]:
        return stage_title(program, row["run__stage"])
    kinds = {"won": _("Won"), "recycled": _("In the pool")}
    return kinds.get(row["run__outcome_kind"]) or outcome_title(program, row["run__outcome"])


def due_now(row: Row, _asker: Asker) -> datetime | None:
    """When the next clock of an open run ends."""
    due: datetime | None = None if row["run__outcome"] else row["run__next_due"]
    return due


def stages_in_order(subject: str, prefix: str) -> Combinable:
    """Stages sorted as the SOPs about a subject go through them; `prefix` of the run's columns. One query."""
    ids = current_ids(subject)
    found: dict[str, None] = {}
    for key in sorted(ids, key=lambda key: key != "new-business"):
        found.update(dict.fromkeys(program_of(ids[key]).stages))
    return in_order(f"{prefix}stage", list(found))


def run_columns(subject: str, face: str, *, outcomes: Choices = (), grades: bool = True) -> dict[str, Column]:
    """The columns of the runs about a subject, by key; `outcomes` are states besides open, closed and all."""

    def states(_asker: Asker) -> Choices:
        return [
            (OPEN, _("Open")),
            (CLOSED, _("Closed")),
            *outcomes,
            *outcome_choices(subject),
            (ALL, _("Open and closed")),
        ]

    def stages(_asker: Asker) -> Choices:
        return stage_choices(subject, face=face)

    found = [
        number_column(),
        Column(
            "grade", gettext_lazy("Grade"), CHOICE, "run__grade", choices=grade_choices, default=grades, shown=grades,
            look="grade",
        ),
        Column(
            "stage", gettext_lazy("Stage"), CHOICE, "run__stage", choices=stages, default=True, value=stage_now,
            needs=RUN_PATHS, look="stage", order=functools.partial(stages_in_order, subject),
        ),
        Column(
            "due", gettext_lazy("Next due"), MOMENT, "run__next_due", default=True, nullable=True, value=due_now,
            needs=RUN_PATHS, look="clock",
        ),
        Column(
            "owner", gettext_lazy("Owner"), PERSON, "run__owner", default=True, nullable=True, choices=owners,
            value=lambda row, _asker: row["run__owner__display_name"], needs=("run__owner__display_name",),
            order_path="run__owner__display_name",
        ),
        Column(
            "team", gettext_lazy("Team"), TEAM, "run__team", nullable=True, choices=teams,
            value=lambda row, _asker: row["run__team__name"], needs=("run__team__name",),
            order_path="run__team__name",
        ),
        Column("entered", gettext_lazy("At this stage since"), MOMENT, "run__entered_at"),
        Column("closed", gettext_lazy("Closed on"), MOMENT, "run__closed_at", nullable=True),
        Column(
            "state", gettext_lazy("State"), CHOICE, choices=states, condition=_state, shown=False, sortable=False,
            on_run=True,
        ),
        Column(
            "late", gettext_lazy("Late"), FLAG, condition=_late, shown=False, sortable=False, on_run=True,
        ),
    ]  # fmt: skip
    return {column.key: column for column in found}


def tags_column(tagged: str) -> Column:
    """The tags of rows: of their run, company or contact."""
    path = {"run": "run_id", "account": "pk", "contact": "pk"}[tagged]

    def condition(leaf: Leaf, _asker: Asker, _prefix: str) -> Q:
        found = Q(pk__in=())
        for name in words(leaf):
            hung = Tagging.objects.filter(**{f"{tagged}__isnull": False}).order_by()
            mine = hung.filter(tag__name=name).values(f"{tagged}_id") if name else hung.values(f"{tagged}_id")
            found |= Q(**{f"{path}__in": mine}) if name else ~Q(**{f"{path}__in": mine})
        return found

    return Column(
        "tags", gettext_lazy("Tags"), TAGS, sortable=False, choices=tag_choices, condition=condition,
        value=lambda row, _asker: row["tags"],
    )  # fmt: skip


def tag_choices(_asker: Asker) -> Choices:
    """Every tag there is. One query."""
    return [(name, name) for name in Tag.objects.order_by("name").values_list("name", flat=True)[:MOST_TAGS]]


def grade_choices(_asker: Asker) -> Choices:
    """A, B, C, and none yet."""
    return [*((one, one) for one in GRADES), ("", _("Not graded"))]


def owners(asker: Asker) -> Choices:
    """People whose rows the asker may see, nobody and the asker first. One query."""
    return [("me", _("Me")), ("", _("Nobody")), *owner_choices(asker.user)]


def teams(asker: Asker) -> Choices:
    """Teams whose rows the asker sees. One query."""
    return team_choices(asker.scope)


def flagged(leaf: Leaf) -> bool:
    """Whether a condition of yes or no asks for yes. Raises Misread."""
    if leaf.sign != IS or len(leaf.values) != 1 or leaf.values[0] not in (YES, NO, "1", "0"):
        raise Misread(_("“%(field)s” is yes or no.") % {"field": leaf.field})
    return leaf.values[0] in (YES, "1")


def _state(leaf: Leaf, _asker: Asker, prefix: str) -> Q:
    found = [in_state(state, prefix) for state in words(leaf)]
    return functools.reduce(operator.or_, found)


def in_state(state: str, prefix: str) -> Q:
    """Open, closed, all, or those of one outcome."""
    if state == ALL:
        return ~Q(pk__in=())
    if state == CLOSED:
        return ~Q(**{f"{prefix}outcome": ""})
    return Q(**{f"{prefix}outcome": "" if state == OPEN else state})


def words(leaf: Leaf) -> Sequence[str]:
    """The values of a condition that takes words only. Raises Misread."""
    if leaf.sign != IS or any(not isinstance(value, str) for value in leaf.values):
        raise Misread(_("“%(field)s” takes words only.") % {"field": leaf.field})
    return [str(value) for value in leaf.values]


def _late(leaf: Leaf, asker: Asker, prefix: str) -> Q:
    late = Q(**{f"{prefix}outcome": "", f"{prefix}next_due__lt": asker.now})
    return late if flagged(leaf) else ~late


def deals_team(scope: Scope) -> Q:
    """Rows (each with a `run`) whose confidential values a person may read: owner, manager over them, taking part (G1).

    The rule of `runs.permissions.reads_confidential`, for many rows at once.
    """
    taking_part = Participant.objects.filter(user_id=scope.user_id or 0).order_by().values("run_id")
    found = Q(run__owner_id=scope.user_id or 0) | Q(run_id__in=taking_part)
    if MANAGER in scope.roles and scope.team_ids:
        found |= Q(run__team_id__in=sorted(scope.team_ids))
    return found

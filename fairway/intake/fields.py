"""What a column of a file may become: the fields of the SOP's lead form, its score card, and whose lead it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fairway.engine.forms import choices_of
from fairway.engine.program import Program
from fairway.engine.spec import Choice, FormField, Text
from fairway.leads.models import Lead
from fairway.runs.references import more_choices

LEAD, SCORE, BESIDE = "lead", "score", "beside"
OWNER, TEAM, CREATED, EXTERNAL = "owner", "team", "created_on", "external_id"
KEPT_AS_TEXT = frozenset({"industry", "company_size"})
"""Lists of the document that the column does not insist on: a word outside them is kept as it is."""


@dataclass(frozen=True, slots=True)
class Target:
    """One field. `key` is its short name in mappings; `form_key` its name in the form; `column` that of the lead.

    `group` is LEAD, SCORE (the score card, from which no column is filled directly) or BESIDE. `kind` is text, phone,
    email, choice, size, points, int, date, owner, team or id; `limit` the most characters.
    """

    key: str
    title: Text
    kind: str
    group: str
    form_key: str = ""
    column: str = ""
    limit: int = 0
    choices: tuple[Choice, ...] = ()
    low: int | None = None
    high: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """By what it may be called in a mapping: short name and the key of the form."""
        return (self.key, self.form_key) if self.form_key else (self.key,)


@dataclass(frozen=True, slots=True)
class Targets:
    """Every field of one version, by short name, with the step and form that a score card belongs to; `more` are the
    choices that administrators keep, as they were when this was read.
    """

    by_key: Mapping[str, Target]
    criteria: tuple[str, ...]
    score_form: str
    score_step: str
    program: Program
    more: Mapping[str, Sequence[Choice]]

    def find(self, name: str) -> Target | None:
        """The field of that short name or form key."""
        return self.by_key.get(name) or next((one for one in self.by_key.values() if name in one.names), None)

    def of(self, group: str) -> list[Target]:
        """The fields of a group, in the order of the form."""
        return [one for one in self.by_key.values() if one.group == group]


def targets_of(program: Program) -> Targets:
    """The fields that a file may bring to runs of this version. One query (the firm's own sources)."""
    sop, more = program.sop, more_choices()
    first = next(step for step in sop.stages[0].steps if step.form)
    found = [*_lead_fields(program, str(first.form), more)]
    score_form, score_step = "", ""
    criteria: tuple[str, ...] = ()
    if sop.grading is not None:
        score_form = sop.grading.score.form
        score_step = next((step.key for step in sop.stages[0].steps if step.form == score_form), "")
    if score_step and sop.grading is not None:
        short = {one.field: one.key for one in sop.grading.score.criteria}
        criteria = tuple(short.values())
        found.extend(_score_fields(program, score_form, short, more))
    found.extend(_BESIDE)
    return Targets({one.key: one for one in found}, criteria, score_form, score_step, program, more)


def _lead_fields(program: Program, form: str, more: Mapping[str, Sequence[Choice]]) -> list[Target]:
    """Fields with a column of the lead: what has none could not be kept without a filled form."""
    found = []
    for one in program.sop.forms[form].fields:
        room, _, column = (one.fills or "").partition(".")
        if room != "lead" or one.auto is not None:
            continue
        model_field: Any = Lead._meta.get_field(column)  # noqa: SLF001 - documented by Django
        kind = "size" if column == "company_size" else _KINDS.get(one.type, "text")
        found.append(
            Target(
                column, one.label, kind, LEAD, form_key=one.key, column=column,
                limit=model_field.max_length or 20_000, choices=choices_of(program.sop, one, more),
            )
        )  # fmt: skip
    return found


def _score_fields(
    program: Program, form: str, short: Mapping[str, str], more: Mapping[str, Sequence[Choice]]
) -> list[Target]:
    # A tick on a score card may end the run (no match): that is for people, not for a column of a file.
    fields = (one for one in program.sop.forms[form].fields if one.auto is None and one.type != "bool")
    return [_score_field(program, one, short, more) for one in fields]


def _score_field(
    program: Program, one: FormField, short: Mapping[str, str], more: Mapping[str, Sequence[Choice]]
) -> Target:
    kind = "points" if one.key in short else _KINDS.get(one.type, "text")
    return Target(
        short.get(one.key, one.key), one.label, kind, SCORE, form_key=one.key, limit=20_000,
        choices=choices_of(program.sop, one, more), low=one.at_least, high=one.at_most,
    )  # fmt: skip


_KINDS = {"phone": "phone", "email": "email", "enum": "choice", "int": "int", "date": "date"}


def _beside(key: str, kind: str, zh: str, en: str, limit: int) -> Target:
    return Target(key, Text(zh_hans=zh, en=en), kind, BESIDE, limit=limit)


_BESIDE = (
    _beside(OWNER, "owner", "负责人", "Owner", 150),
    _beside(TEAM, "team", "团队", "Team", 150),
    _beside(CREATED, "date", "获取日期", "Date of the lead", 60),
    _beside(EXTERNAL, "id", "外部编号", "Number in the other system", 100),
)

"""The map of an SOP, drawn from its document: stages with their steps, gates and ways, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from fairway.engine.program import Program
from fairway.engine.spec import ALWAYS, Cadence, Condition, Rung, Stage, Step
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs.models import Run
from fairway.runs.texts import role_title, say, stage_title, step_title
from fairway.web.nav import url_or_nothing
from fairway.web.sop.told import Told

KIND_ICONS = {
    "task": "checklist", "form": "forms", "approve": "clipboard-check", "document": "file-text", "send": "send",
    "contact": "phone-call", "meet": "users", "customer": "signature", "pay": "coin",
}  # fmt: skip
LISTS = {"lead": "leads", "deal": "deals", "complaint": "complaints", "account": "accounts"}
OUTCOME_TONES = {"won": "good", "lost": "bad", "recycled": "warn", "neutral": "neutral"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How many runs are under way somewhere, and how many of them are late."""

    open: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as the map shows it."""

    key: str
    title: str
    help: str
    icon: str
    kind: str
    role: str
    due: str
    marks: tuple[str, ...]
    when: str
    needs: tuple[str, ...]
    judges: tuple[str, ...]
    ladder: tuple[str, ...]
    form: str
    form_title: str
    does: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GateLine:
    """One condition of a gate: what must hold, and the sentence that is said when it does not."""

    text: str
    otherwise: str
    never_waived: bool


@dataclass(frozen=True, slots=True)
class StageCard:
    """One stage as the map shows it. `state` colours its segment: late, current (somebody is there) or next."""

    key: str
    number: int
    title: str
    goal: str
    owner: str
    stay: str
    ladder: tuple[str, ...]
    steps: tuple[StepLine, ...]
    gate: tuple[GateLine, ...]
    on: tuple[tuple[str, str], ...]
    back: tuple[tuple[str, str], ...]
    ends: str
    waiver: str
    does: tuple[str, ...]
    standing: Standing
    list_url: str

    @property
    def state(self) -> str:
        """What its segment of the map says."""
        return "late" if self.standing.late else "current" if self.standing.open else "next"


def standing(key: str, *, by: User, now: datetime) -> dict[str, Standing]:
    """Open runs of an SOP that the person may see, by stage. One query."""
    rows = Run.objects.visible_to(scope_of(by)).open().filter(sop=key).order_by().values_list("stage")
    counted = rows.annotate(all=Count("pk"), late=Count("pk", filter=Q(next_due__lt=now)))
    return {stage: Standing(open_, late) for stage, open_, late in counted}


def under_way(*, by: User, now: datetime) -> dict[str, Standing]:
    """Open runs that the person may see, by SOP. One query."""
    rows = Run.objects.visible_to(scope_of(by)).open().order_by().values_list("sop")
    counted = rows.annotate(all=Count("pk"), late=Count("pk", filter=Q(next_due__lt=now)))
    return {sop: Standing(open_, late) for sop, open_, late in counted}


class Map:
    """The map of one version."""

    def __init__(self, program: Program, standing: Mapping[str, Standing]) -> None:
        self.program, self.sop = program, program.sop
        self.told = Told(program)
        self.counted = standing

    def context(self) -> dict[str, Any]:
        """Everything that the template shows."""
        sop, criteria = self.sop, list(self.criteria())
        return {
            "stages": [self.stage(number, stage) for number, stage in enumerate(sop.stages, 1)],
            "standing_steps": [self.step(step) for step in sop.standing],
            "outcomes": list(self.outcomes()),
            "criteria": criteria,
            "points": rubric(criteria),
            "grades": [(bound.grade, bound.from_) for bound in (sop.grading.grades if sop.grading else ())],
            "bant": list(self.bant()),
            "cadence": [(grade, self.cadence(each)) for grade, each in sop.cadence.items()],
            "tables": list(self.tables()),
            "pool": list(self.pool()),
            "assignment": list(self.assignment()),
            "triggers": list(self.triggers()),
            "roles": [role_title(role) for role in sop.roles],
        }

    def stage(self, number: int, stage: Stage) -> StageCard:
        """One stage with all that is in it."""
        told = self.told
        url = url_or_nothing(LISTS.get(stage.face or self.sop.subject, ""))
        return StageCard(
            key=stage.key, number=number, title=say(stage.title), goal=say(stage.goal), owner=role_title(stage.owner),
            stay=told.stay(stage), ladder=self.ladder(stage.clock.escalate if stage.clock else ()),
            steps=tuple(self.step(step) for step in stage.steps), gate=tuple(self.gate(stage.gate)),
            on=self.named(stage.next), back=self.named(stage.back),
            ends=say(self.sop.outcomes[stage.outcome].title) if stage.outcome in self.sop.outcomes else "",
            waiver=role_title(stage.waiver) if stage.waiver else "",
            does=tuple(told.action(action) for action in (*stage.enter, *stage.leave) if action.effect is None),
            standing=self.counted.get(stage.key, Standing()), list_url=f"{url}?stage={stage.key}" if url else "",
        )  # fmt: skip

    def named(self, keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """Stages by key and title."""
        return tuple((key, stage_title(self.program, key)) for key in keys)

    def ladder(self, rungs: tuple[Rung, ...]) -> tuple[str, ...]:
        """Rungs in words."""
        return tuple(self.told.rung(rung) for rung in rungs)

    def step(self, step: Step) -> StepLine:
        """One step in words."""
        form = self.sop.forms.get(step.form or "")
        icon, kind = KIND_ICONS[step.kind], kind_words()[step.kind]
        return StepLine(
            key=step.key, title=say(step.title), help=say(step.help), icon=icon, kind=kind, role=role_title(step.role),
            due=self.told.due(step.due) if step.due else "", marks=tuple(self.marks(step)),
            when=self.told.why_step(step), needs=tuple(step_title(self.program, key) for key in step.needs),
            judges=tuple(self.told.judge(judge) for judge in step.judges), ladder=self.ladder(step.escalate),
            form=step.form or "", form_title=say(form.title) if form else "",
            does=tuple(self.told.action(action) for action in step.do if action.effect is None),
        )  # fmt: skip

    def marks(self, step: Step) -> Iterator[str]:
        """What is particular about a step, in a word or two each."""
        if step.required != ALWAYS:
            yield _("optional")
        if step.repeat:
            yield _("can be repeated")
        if step.every is not None:
            yield _("again every %(span)s") % {"span": self.told.spans(step.every, step.by or "")}
        if step.cadence:
            yield _("by the cadence of the grade")
        if step.auto is not None:
            yield _("done by the system")
        if step.open_on:
            moment = self.sop.moments.get(step.open_on)
            yield _("opens on “%(moment)s”") % {"moment": say(moment) if moment else step.open_on}
        if step.returns:
            yield _("back to “%(step)s” when sent back") % {"step": step_title(self.program, step.returns)}

    def gate(self, gate: Condition) -> Iterator[GateLine]:
        """The conditions of a gate; none for one that always holds."""
        if gate == ALWAYS:
            return
        for one in self.told.gate(gate):
            yield GateLine(self.told.condition(one), say(one.else_), one.waive == "never")

    def outcomes(self) -> Iterator[dict[str, Any]]:
        """How a run may end."""
        for outcome in self.sop.outcomes.values():
            yield {
                "title": say(outcome.title), "tone": OUTCOME_TONES[outcome.kind],
                "reasons": [say(reason.title) for reason in outcome.reasons], "ask": outcome.ask,
            }  # fmt: skip

    def criteria(self) -> Iterator[tuple[str, list[tuple[int, str]]]]:
        """What earns each point."""
        for criterion in self.sop.grading.score.criteria if self.sop.grading else ():
            yield say(criterion.title), [(point, say(text)) for point, text in enumerate(criterion.rubric, 1)]

    def bant(self) -> Iterator[tuple[str, str]]:
        """BANT's rules, the first that holds."""
        bant = self.sop.grading.bant if self.sop.grading else None
        for rule in bant.rules if bant else ():
            yield rule.grade, self.told.condition(rule.when) if rule.when != ALWAYS else _("otherwise")

    def cadence(self, cadence: Cadence) -> str:
        """So many touches in a period."""
        return _("%(touches)s × every %(per)s") % {"touches": cadence.touches, "per": periods()[cadence.per]}

    def tables(self) -> Iterator[dict[str, Any]]:
        """Figures, by table."""
        for table in self.sop.tables.values():
            columns = list(dict.fromkeys(column for row in table.rows for column in row.values))
            rows = [
                (say(row.title) if row.title else row.key, [(one, row.values.get(one, "")) for one in columns])
                for row in table.rows
            ]
            yield {"title": say(table.title), "columns": columns, "rows": rows}

    def pool(self) -> Iterator[tuple[str, str]]:
        """The rules of the public pool."""
        pool = self.sop.pool
        if pool is not None:
            yield _("Protected after a claim"), self.told.span(pool.protect)
            yield _("Extended once by"), self.told.span(pool.extend)
            yield _("Kept at most"), self.told.span(pool.at_most)
            yield _("Claims a day"), str(pool.claims_per_day)
            yield _("Held at once"), str(pool.held)
            yield _("The last owner waits"), self.told.span(pool.previous_owner_waits)

    def assignment(self) -> Iterator[str]:
        """Who gets what comes in, the first rule that fits."""
        matches = {"territory": _("region"), "industry": _("industry")}
        for rule in self.sop.assignment.rules if self.sop.assignment else ():
            words = role_title(rule.role)
            if rule.match:
                fits = _(" and ").join(matches[one] for one in rule.match)
                words = _("%(role)s whose %(fits)s fits") % {"role": words, "fits": fits}
            yield f"{words}: {self.told.condition(rule.when)}" if rule.when != ALWAYS else words

    def triggers(self) -> Iterator[dict[str, Any]]:
        """What happens by itself."""
        for trigger in self.sop.triggers:
            does = [self.told.action(action) for action in trigger.do]
            when = self.told.condition(trigger.when) if trigger.when != ALWAYS else ""
            yield {"on": self.told.trigger(trigger), "when": when, "does": does}


def rubric(criteria: Sequence[tuple[str, list[tuple[int, str]]]]) -> list[dict[str, Any]]:
    """What earns each point, a row for each number of points, a cell for each criterion."""
    points = sorted({point for _title, texts in criteria for point, _text in texts}, reverse=True)
    return [
        {"point": point, "cells": [(title, dict(texts).get(point, "")) for title, texts in criteria]}
        for point in points
    ]  # fmt: skip


def kind_words() -> dict[str, str]:
    """What the kinds of steps are called."""
    return {
        "task": _("Task"), "form": _("Form"), "approve": _("Approval"), "document": _("Document"), "send": _("Sending"),
        "contact": _("Contact"), "meet": _("Meeting"), "customer": _("Customer"), "pay": _("Payment"),
    }  # fmt: skip


def periods() -> dict[str, str]:
    """Periods of a cadence."""
    return {
        "day": _("day"), "week": _("week"), "month": _("month"), "quarter": _("quarter"), "half_year": _("half-year"),
        "year": _("year"),
    }  # fmt: skip

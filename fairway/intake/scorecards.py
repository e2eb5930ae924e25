"""Score cards that come in a file: read once for each distinct one, by the rules of the SOP's own form (L3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any

import polars as pl

from fairway.engine.calendar import Calendar
from fairway.engine.forms import AutoContext, FieldError, holds_over, parse, with_auto
from fairway.engine.state import RunState
from fairway.engine.view import RunView
from fairway.intake.checking import problem_columns
from fairway.intake.fields import SCORE, Targets
from fairway.intake.reading import ROW
from fairway.intake.reasons import ERROR
from fairway.people.models import User
from fairway.runs.bulk import Filled
from fairway.runs.references import existing
from fairway.sops.calendars import calendar_of

Answers = tuple[str | None, ...]


class ScoreCards:
    """The score cards of one file. `fields` are the columns of its checked rows that stand on the card."""

    def __init__(self, targets: Targets, columns: list[str], *, by: User | None, now: datetime, zone: tzinfo) -> None:
        """`by` and `now` sign the cards; `columns` are those of the checked rows."""
        self.program, self.targets, self.by, self.now, self.zone = targets.program, targets, by, now, zone
        self.fields = [one.key for one in targets.of(SCORE) if one.key in columns]
        self._known: dict[Answers, Filled | None] = {}

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar of the SOP, asked for when there is a card to read."""
        return calendar_of(self.program.sop.calendar)

    @property
    def any(self) -> bool:
        """Whether the file brings score cards at all."""
        return bool(self.targets.criteria) and set(self.targets.criteria) <= set(self.fields)

    def of(self, row: Mapping[str, Any]) -> tuple[Filled, ...]:
        """The card of a checked row as a start of a run takes it; nothing where the row has no points."""
        answers = tuple(row[name] for name in self.fields)
        if answers not in self._known:
            values, errors = self._read(answers)
            is_filled = not errors and values.keys() > set()
            card = Filled(self.targets.score_step, self.targets.score_form, values) if is_filled else None
            self._known[answers] = card
        found = self._known[answers]
        return (found,) if found else ()

    def problems(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What the form refuses of the cards in these rows: such a row does not come in."""
        found: list[pl.DataFrame] = []
        for answers in frame.select(self.fields).unique().rows():
            _, errors = self._read(answers)
            if errors:
                same = pl.all_horizontal(
                    pl.col(name).eq_missing(value) for name, value in zip(self.fields, answers, strict=True)
                )
                rows = frame.filter(same).get_column(ROW)
                found.extend(pl.DataFrame({ROW: rows}).with_columns(self._said(error)) for error in errors)
        if not found:
            return pl.DataFrame(schema=problem_columns())
        return pl.concat(found).select(pl.col(name).cast(kind) for name, kind in problem_columns().items())

    def _said(self, error: FieldError) -> list[pl.Expr]:
        target = self.targets.find(error.path)
        said = {
            "field": target.key if target else error.path,
            "code": f"form_{error.code}",
            "value": "",
            "level": ERROR,
        }
        return [pl.lit(value).alias(name) for name, value in said.items()]

    def _read(self, answers: Answers) -> tuple[dict[str, Any], list[FieldError]]:
        given = dict(zip(self.fields, answers, strict=True))
        if any(given[key] is None for key in self.targets.criteria):
            return {}, []
        sop, key = self.program.sop, self.targets.score_form
        form = sop.forms[key]
        raw = {self.targets.by_key[name].form_key: value for name, value in given.items() if value is not None}
        view = RunView(self.program, RunState.new(self.now), {}, self.now, self.calendar)
        defaults = {one.key: one.default for one in form.fields if one.default is not None and one.auto is None}
        parsed = parse(
            sop, form, {**defaults, **raw}, condition_holds=holds_over(key, form, view), zone=self.zone,
            exists=existing, more_choices=self.targets.more,
        )  # fmt: skip
        if parsed.errors:
            return {}, parsed.errors
        context = AutoContext(
            sop=sop, author=self.by.pk if self.by else None, now=self.now, zone=self.zone,
            author_name=self.by.display_name if self.by else "",
        )  # fmt: skip
        return with_auto(form, parsed.values, context), []

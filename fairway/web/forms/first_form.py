"""The form by which something comes in: a lead, a complaint. It is the first form of its SOP; there is no run yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from fairway.engine.forms import FieldError, as_input, fills, holds_over, initial, parse
from fairway.engine.spec import Condition
from fairway.engine.state import RunState
from fairway.engine.view import RunView
from fairway.people.models import User
from fairway.runs.actions.starting import current_version
from fairway.runs.references import more_choices
from fairway.sops.calendars import calendar_of
from fairway.sops.programs import program_of
from fairway.web.forms.nodes import Options
from fairway.web.forms.sop_form import SopForm


class FirstForm:
    """The first form of an SOP's current version, for one reader. Raises NoVersion where none is published.

    `asked_apart` are fields that the page asks for in a way of its own.
    """

    def __init__(self, sop: str, user: User, now: datetime, *, asked_apart: Collection[str] = ()) -> None:
        self.program = program_of(current_version(sop).pk)
        self.key = next(str(step.form) for step in self.program.sop.stages[0].steps if step.form)
        self.form = self.program.sop.forms[self.key]
        self.zone = ZoneInfo(user.timezone)
        self._language = get_language() or "zh-hans"
        fields = tuple(one for one in self.form.fields if one.key not in asked_apart)
        form = self.form.model_copy(update={"fields": fields})
        self._on_page = self.program.sop.model_copy(update={"forms": {**self.program.sop.forms, self.key: form}})
        state = RunState.new(now)
        self._view = RunView(self.program, state, {}, now, calendar_of(self.program.sop.calendar))

    def blank(self) -> Mapping[str, Any]:
        """What stands in it before anything is typed."""
        values = initial(self.program.sop, self.form, {}, None, zone=self.zone, language=self._language)
        return as_input(self.form, values, self.zone)

    def facts(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The facts that what was typed would fill, mistakes left out."""
        return fills(self.form, self._lenient(raw))

    def shown(
        self, raw: Mapping[str, Any], *, errors: Sequence[FieldError] = (), options: Options | None = None
    ) -> SopForm:
        """The form on the page, with what was typed and what is wrong with it."""
        condition_holds, values = holds_over(self.key, self.form, self._view), self._lenient(raw)

        def holds(condition: Condition) -> bool:
            return condition_holds(condition, values)

        return SopForm(
            self._on_page, self.key, language=self._language, raw=raw, errors=errors, options=options, holds=holds,
            more_choices=more_choices(), zone=self.zone,
        )  # fmt: skip

    def mistakes(self, raw: Mapping[str, Any]) -> Sequence[FieldError]:
        """Every field at fault, by the rules of the action itself."""
        return parse(
            self.program.sop, self.form, raw, condition_holds=holds_over(self.key, self.form, self._view),
            zone=self.zone, more_choices=more_choices(),
        ).errors  # fmt: skip

    def _lenient(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = parse(
            self.program.sop, self.form, raw, condition_holds=lambda condition, values: False, zone=self.zone,
            more_choices=more_choices(), lenient=True,
        ).values  # fmt: skip
        return values

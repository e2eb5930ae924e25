"""What a customer sees and fills without an account: the summary that a step rests on, and the step's own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fairway.engine.forms import INWARD, FieldError, Shown, as_input, customer_values, initial, shown
from fairway.engine.program import Program
from fairway.engine.spec import Form, FormField, Sop, Step
from fairway.runs.models import Record, Task
from fairway.runs.references import more_choices
from fairway.runs.texts import say
from fairway.sops.programs import program_of
from fairway.web.forms import SopForm
from fairway.web.record.language import reader

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Asked:
    """What is asked of the customer."""

    task: Task
    title: str
    firm_person: str
    summary: tuple[Shown, ...]
    may_correct: bool
    form: SopForm | None


class Question:
    """One customer task, as its link shows it."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.program: Program = program_of(task.run.version_id)
        self.step: Step = self.program.steps[task.step]

    @property
    def is_open(self) -> bool:
        """Whether an answer is still awaited."""
        return self.task.status == Task.OPEN and self.task.run.is_open

    def asked(self, raw: Mapping[str, Any] | None = None, errors: Sequence[FieldError] = ()) -> Asked:
        """What the page shows; with what was typed after a refusal."""
        summary = self._summary()
        owner = self.task.run.owner
        return Asked(
            task=self.task, title=say(self.step.title), firm_person=owner.display_name if owner else "",
            summary=summary, may_correct=bool(self.step.returns or summary), form=self._form(raw, errors),
        )  # fmt: skip

    @property
    def definition(self) -> Form | None:
        """The step's own form, reduced to what the document asks of the customer.

        A form without a mark comes from a version published before there was one: what is no inner matter is asked.
        """
        if self.step.form is None:
            return None
        form = self.program.sop.forms[self.step.form]
        marked = any(one.customer for one in form.fields)
        asked = (one for one in form.fields if _can_answer(one) and (one.customer or (not marked and not one.usual)))
        return form.model_copy(update={"fields": tuple(asked)})

    def _form(self, raw: Mapping[str, Any] | None, errors: Sequence[FieldError]) -> SopForm | None:
        definition, key = self.definition, self.step.form
        if definition is None or key is None:
            return None
        sop: Sop = self.program.sop.model_copy(update={"forms": {**self.program.sop.forms, key: definition}})
        if raw is None:
            raw = as_input(definition, initial(sop, definition, {}, zone=ZONE, language=reader()), ZONE)
        return SopForm(
            sop, key, language=reader(), raw=raw, errors=errors, more_choices=more_choices(), zone=ZONE,
            may_see_confidential=False,
        )  # fmt: skip

    def _summary(self) -> tuple[Shown, ...]:
        """What is for the customer in the latest record of a step that this one needs, or returns to."""
        for key in (*self.step.needs, *([self.step.returns] if self.step.returns else [])):
            form_key = self.program.steps[key].form
            form = self.program.sop.forms.get(form_key or "")
            if form is None or not any(one.customer for one in form.fields):
                continue
            rows = Record.objects.filter(run_id=self.task.run_id, form=form_key, current=True, confidential=False)
            record = rows.order_by("-id").first()
            if record is not None:
                return self._rows(form, record)
        return ()

    def _rows(self, form: Form, record: Record) -> tuple[Shown, ...]:
        kept = customer_values(form, record.values)
        deal = getattr(self.task.run, "deal", None)
        rows = shown(
            self.program.sop, form, kept, reader(), lambda kind, id_: "", zone=ZONE, more_choices=more_choices(),
            currency=deal.currency if deal else "CNY",
        )  # fmt: skip
        return tuple(rows)


def _can_answer(one: FormField) -> bool:
    return one.auto is None and not one.confidential and not {one.type, one.of} & INWARD


def answered_at(task: Task) -> datetime | None:
    """When the question was answered; None where it fell away."""
    return task.done_at if task.status == Task.DONE else None

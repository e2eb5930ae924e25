"""The rules of a document in the words of the people who work by it: spans, roles and values by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fairway.engine.duration import Duration
from fairway.engine.program import Program
from fairway.engine.spec import ALWAYS, NEVER, Action, Condition, FormField, Rung, Stage, Step, Text, Trigger
from fairway.engine.words import Language, Words
from fairway.runs.texts import outcome_title, reason_title, role_title
from fairway.web.sop.spans import span

YES = frozenset({"true", "yes"})


def language() -> Language:
    """The language of the page, as documents know it."""
    return "zh-hans" if (get_language() or "").startswith("zh") else "en"


class Told(Words):
    """Tells one document to the reader."""

    def __init__(self, program: Program) -> None:
        super().__init__(program.sop, language(), program.vocabulary)
        self.program = program
        self._titles = dict(_titles(program))
        self._types = {name: spec.type for name, spec in program.vocabulary.specs.items()}

    def role(self, key: str) -> str:
        """The role's name."""
        return role_title(key)

    def span(self, duration: Duration) -> str:
        """The span in words."""
        return span(duration)

    def value(self, fact: str, value: str) -> str:
        """The title of a choice; yes or no."""
        if self._types.get(fact) == "bool":
            return _("yes") if value in YES else _("no")
        known = self._titles.get(fact, {}).get(value)
        return self.text(known) if known else value

    def _test(self, condition: Condition, name: str) -> str:
        """A fact that is yes or no reads better without a verb."""
        operator, operand = condition.tests()[0]
        if self._types.get(name) != "bool" or operator not in {"is", "is_not"}:
            return super()._test(condition, name)
        holds = (operand in YES) == (operator == "is")
        return _("%(fact)s: %(answer)s") % {"fact": self.fact(name), "answer": _("yes") if holds else _("no")}

    def why_step(self, step: Step) -> str:
        """Under which condition a step is asked; nothing when it always is."""
        return self.condition(step.when) if step.when != ALWAYS else ""

    def rung(self, rung: Rung) -> str:
        """One rung; the moment at which the time is up has words of its own."""
        if rung.after is not None and rung.after.amount == 0:
            told = [_("tells %(roles)s") % {"roles": self.list(map(self.role, rung.to))}] if rung.to else []
            words = _("When the time is up: %(does)s") % {
                "does": self.list([*told, *(self.action(action) for action in rung.do)])
            }
            return f"{words}: {self.text(rung.say)}" if rung.say else words
        return super().rung(rung)

    def action(self, action: Action) -> str:
        """One action, with titles for what is closed, filled, stamped, started."""
        if action.close is not None:
            closed = outcome_title(self.program, action.close)
            reason = reason_title(self.program, action.close, action.reason or "")
            return _("close as %(outcome)s") % {"outcome": f"{closed} · {reason}"}
        if action.fill is not None:
            value = self.value(action.fill, action.value or "")
            return _("set %(fact)s to %(value)s") % {"fact": self.fact(action.fill), "value": value}
        if action.stamp is not None and action.stamp in self.sop.moments:
            return _("note the time of “%(moment)s”") % {"moment": self.text(self.sop.moments[action.stamp])}
        if action.regrade is not None and "." in action.regrade:
            return _("grade as in “%(fact)s”") % {"fact": self.fact(action.regrade)}
        return super().action(action)

    def trigger(self, trigger: Trigger) -> str:
        """When a trigger hears something, as a heading: what, about what."""
        happened = events().get(trigger.on) or (
            self.text(self.sop.moments[trigger.on]) if trigger.on in self.sop.moments else trigger.on
        )
        if trigger.step:
            return f"{happened}: {self.step(trigger.step)}"
        form = self.sop.forms.get(trigger.form or "")
        return f"{happened}: {self.text(form.title)}" if form else happened

    def stay(self, stage: Stage) -> str:
        """The longest stay in a stage."""
        return self.spans(stage.clock.stay, stage.clock.by or "") if stage.clock else ""

    def asked(self, field: FormField) -> str:
        """Whether a field is required: yes, no, or when."""
        if field.required == ALWAYS:
            return _("yes")
        return "" if field.required == NEVER else self.condition(field.required)

    def gate(self, gate: Condition) -> tuple[Condition, ...]:
        """The conditions of a gate, one by one."""
        return gate.all_ if gate.all_ is not None and gate.else_ is None else (gate,)


def events() -> dict[str, str]:
    """What a trigger may hear."""
    return {
        "run_started": _("Started"), "stage_entered": _("A stage is entered"), "record_saved": _("A form is saved"),
        "task_done": _("A step is done"), "task_opened": _("A step opens"),
        "approval_decided": _("An approval is decided"), "assigned": _("Given to an owner"),
        "regraded": _("The grade changes"), "contact_attempted": _("A contact is tried"),
        "contact_reached": _("The contact is reached"), "clock_missed": _("A clock is missed"),
        "customer_answered": _("The customer answers"), "run_closed": _("Closed"), "run_reopened": _("Opened again"),
    }  # fmt: skip


def _titles(program: Program) -> Iterator[tuple[str, Mapping[str, Text]]]:
    """What the values of facts are called: of fields with choices, and of the run's own stage and outcome."""
    sop = program.sop
    for form_key, form in sop.forms.items():
        for field in form.fields:
            choices = field.choices or (sop.lists.get(field.list_, ()) if field.list_ else ())
            if choices:
                titles = {choice.key: choice.title for choice in choices}
                yield f"{form_key}.{field.key}", titles
                if field.fills:
                    yield field.fills, titles
    yield "run.stage", {stage.key: stage.title for stage in sop.stages}
    yield "run.outcome", {key: outcome.title for key, outcome in sop.outcomes.items()}

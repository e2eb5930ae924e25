"""The forms of a document as tables: what is asked, of which kind, when it is required, where it lands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairway.engine.program import Program
from fairway.engine.spec import FormField
from fairway.runs.texts import say, stage_title, step_title
from fairway.web.sop.told import Told

CHOICES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field in words; `level` 1 is a field inside a list or group."""

    label: str
    help: str
    kind: str
    choices: str
    required: str
    fills: str
    automatic: bool
    confidential: bool
    usual: bool
    level: int


@dataclass(frozen=True, slots=True)
class FormCard:
    """One form: which steps use it, and its fields."""

    key: str
    code: str
    title: str
    help: str
    confidential: bool
    steps: tuple[str, ...]
    stage: str
    fields: tuple[FieldLine, ...]


def forms_of(program: Program) -> list[FormCard]:
    """Every form of a document, in its order."""
    told = Told(program)
    return [
        FormCard(
            key=key, code=form.code or "", title=say(form.title), help=say(form.help), confidential=form.confidential,
            steps=tuple(step_title(program, step) for step in program.steps_of_form.get(key, ())),
            stage=_stage(program, key), fields=tuple(_lines(form.fields, told, 0)),
        )
        for key, form in program.sop.forms.items()
    ]  # fmt: skip


def by_stage(program: Program, forms: Iterable[FormCard]) -> list[tuple[str, list[FormCard]]]:
    """The forms under the titles of the stages that ask for them first; last those that stand beside all stages."""
    found: dict[str, list[FormCard]] = {key: [] for key in (*program.stages, "")}
    for form in forms:
        found[form.stage].append(form)
    titles = {key: stage_title(program, key) if key else _("Beside all stages") for key in found}
    return [(titles[key], some) for key, some in found.items() if some]


def _stage(program: Program, form: str) -> str:
    """The first stage that asks for a form, empty for none."""
    stages = (program.stage_of.get(step) for step in program.steps_of_form.get(form, ()))
    return next((stage for stage in stages if stage), "")


def _lines(fields: Iterable[FormField], told: Told, level: int) -> Iterator[FieldLine]:
    kinds = kind_words()
    for field in fields:
        choices = field.choices or (told.sop.lists.get(field.list_, ()) if field.list_ else ())
        titles = [say(choice.title) for choice in choices]
        more = _(" and %(number)s more") % {"number": len(titles) - CHOICES_SHOWN}
        shown = told.list(titles[:CHOICES_SHOWN]) + (more if len(titles) > CHOICES_SHOWN else "")
        yield FieldLine(
            label=say(field.label), help=say(field.help), kind=kinds[field.type], choices=shown,
            required=told.asked(field), fills=told.fact(field.fills) if field.fills else "",
            automatic=field.auto is not None, confidential=field.confidential, usual=field.usual, level=level,
        )  # fmt: skip
        yield from _lines(field.fields, told, level + 1)


def kind_words() -> dict[str, str]:
    """What the types of fields are called."""
    return {
        "text": _("text"), "longtext": _("long text"), "int": _("whole number"), "decimal": _("number"),
        "percent": _("percent"), "money": _("amount"), "money_range": _("amount, from – to"), "bool": _("yes or no"),
        "date": _("date"), "datetime": _("date and time"), "phone": _("phone"), "email": _("e-mail"),
        "url": _("address on the web"), "region": _("region"), "enum": _("choice"), "enums": _("several choices"),
        "list": _("list"), "group": _("group"), "user": _("person"), "users": _("people"),
        "contact": _("contact of the customer"), "contacts": _("contacts of the customer"), "account": _("company"),
        "file": _("file"), "files": _("files"),
    }  # fmt: skip

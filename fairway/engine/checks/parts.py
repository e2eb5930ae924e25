"""The parts of a document that several checks look at, each with the path at which it is written."""

from collections.abc import Iterator
from dataclasses import dataclass

from fairway.engine.findings import Path
from fairway.engine.spec import Action, Condition, Due, FormField, Rung, Sop, Spans, Step


@dataclass(frozen=True, slots=True)
class Placed:
    """A condition with its place; `part` says what it is for: gate, when, required, auto, early_when."""

    path: Path
    condition: Condition
    part: str


@dataclass(frozen=True, slots=True)
class Choosing:
    """Spans chosen by the value of a fact (`by`), or one for all; `path` is where they are written."""

    path: Path
    spans: Spans
    by: str | None
    by_path: Path


def steps(sop: Sop) -> Iterator[tuple[Path, Step]]:
    """Every step, the standing ones last."""
    for number, stage in enumerate(sop.stages):
        for index, step in enumerate(stage.steps):
            yield ("stages", number, "steps", index), step
    for index, step in enumerate(sop.standing):
        yield ("standing", index), step


def fields(sop: Sop) -> Iterator[tuple[Path, FormField, tuple[FormField, ...]]]:
    """Every field of every form, those in groups and lists too, with the fields beside it (itself among them)."""
    for key, form in sop.forms.items():
        yield from _fields(("forms", key), form.fields)


def _fields(path: Path, beside: tuple[FormField, ...]) -> Iterator[tuple[Path, FormField, tuple[FormField, ...]]]:
    for index, field in enumerate(beside):
        here = (*path, "fields", index)
        yield here, field, beside
        yield from _fields(here, field.fields)


def conditions(sop: Sop) -> Iterator[Placed]:
    """Every condition of the document, as a whole."""
    for number, stage in enumerate(sop.stages):
        yield Placed(("stages", number, "gate"), stage.gate, "gate")
    for path, step in steps(sop):
        yield from _of_step(path, step)
    for index, trigger in enumerate(sop.triggers):
        yield Placed(("triggers", index, "when"), trigger.when, "when")
    for path, field, _ in fields(sop):
        yield Placed((*path, "required"), field.required, "required")
    if sop.assignment:
        for index, rule in enumerate(sop.assignment.rules):
            yield Placed(("assignment", "rules", index, "when"), rule.when, "when")
    if sop.grading and sop.grading.bant:
        for index, bant in enumerate(sop.grading.bant.rules):
            yield Placed(("grading", "bant", "rules", index, "when"), bant.when, "when")


def _of_step(path: Path, step: Step) -> Iterator[Placed]:
    yield Placed((*path, "when"), step.when, "when")
    yield Placed((*path, "required"), step.required, "required")
    if step.auto is not None:
        yield Placed((*path, "auto"), step.auto, "auto")
    if step.early_when is not None:
        yield Placed((*path, "early_when"), step.early_when, "early_when")
    for index, judge in enumerate(step.judges):
        yield Placed((*path, "judges", index, "when"), judge.when, "when")


def parts_of(condition: Condition, path: Path) -> Iterator[tuple[Path, Condition]]:
    """The condition and all under it, outermost first, each with its path."""
    yield path, condition
    for name, children in (("all", condition.all_), ("any", condition.any_)):
        for index, child in enumerate(children or ()):
            yield from parts_of(child, (*path, name, index))
    if condition.not_ is not None:
        yield from parts_of(condition.not_, (*path, "not"))


def ladders(sop: Sop) -> Iterator[tuple[Path, Rung]]:
    """Every rung of every ladder."""
    for number, stage in enumerate(sop.stages):
        if stage.clock:
            for index, rung in enumerate(stage.clock.escalate):
                yield ("stages", number, "clock", "escalate", index), rung
    for path, step in steps(sop):
        for index, rung in enumerate(step.escalate):
            yield (*path, "escalate", index), rung


def actions(sop: Sop) -> Iterator[tuple[Path, Action]]:
    """Every action, wherever it may stand."""
    for number, stage in enumerate(sop.stages):
        yield from _actions(("stages", number, "enter"), stage.enter)
        yield from _actions(("stages", number, "leave"), stage.leave)
    for path, step in steps(sop):
        yield from _actions((*path, "do"), step.do)
    for path, rung in ladders(sop):
        yield from _actions((*path, "do"), rung.do)
    for index, trigger in enumerate(sop.triggers):
        yield from _actions(("triggers", index, "do"), trigger.do)


def _actions(path: Path, found: tuple[Action, ...]) -> Iterator[tuple[Path, Action]]:
    for index, action in enumerate(found):
        yield (*path, index), action


def dues(sop: Sop) -> Iterator[tuple[Path, Due, Step]]:
    """Every due time with its step, those of judges too."""
    for path, step in steps(sop):
        if step.due:
            yield (*path, "due"), step.due, step
        for index, judge in enumerate(step.judges):
            if judge.due:
                yield (*path, "judges", index, "due"), judge.due, step


def choosing(sop: Sop) -> Iterator[Choosing]:
    """Every span or choice of spans."""
    for number, stage in enumerate(sop.stages):
        if stage.clock:
            path: Path = ("stages", number, "clock")
            yield Choosing((*path, "stay"), stage.clock.stay, stage.clock.by, (*path, "by"))
    for path, step in steps(sop):
        if step.every:
            yield Choosing((*path, "every"), step.every, step.by, (*path, "by"))
    for path, due, _ in dues(sop):
        if due.within:
            yield Choosing((*path, "within"), due.within, due.by, (*path, "by"))


def fact_names(sop: Sop) -> Iterator[tuple[Path, str]]:
    """Every fact that is named outside conditions."""
    for choice in choosing(sop):
        if choice.by is not None:
            yield choice.by_path, choice.by
    for path, due, _ in dues(sop):
        if due.on is not None:
            yield (*path, "on"), due.on
    for path, field, _ in fields(sop):
        if field.default_fact is not None:
            yield (*path, "default_fact"), field.default_fact
        if field.auto is not None and field.auto.fact is not None:
            yield (*path, "auto", "fact"), field.auto.fact
    for path, action in actions(sop):
        if action.regrade is not None and "." in action.regrade:
            yield (*path, "regrade"), action.regrade


def rooms(sop: Sop) -> frozenset[str]:
    """The rooms of facts that the document draws on beside its own forms: `deal` for `deal.amount`."""
    named: list[str | None] = [name for _, name in fact_names(sop)]
    for placed in conditions(sop):
        for _, leaf in parts_of(placed.condition, placed.path):
            named += [leaf.fact, leaf.at_least_fact, leaf.at_most_fact, leaf.equals_fact]
    named += [field.fills for _, field, _ in fields(sop)]
    named += [action.fill for _, action in actions(sop)]
    own = {*sop.forms, "run", "moment", "count", "table"}
    return frozenset(name.partition(".")[0] for name in named if name is not None) - own

"""Keys that stand twice, or that mean two things."""

from collections.abc import Iterable

from fairway.engine.checks.ground import HOUSE_MOMENTS, Ground
from fairway.engine.checks.parts import fields, steps
from fairway.engine.facts import Vocabulary
from fairway.engine.findings import Path
from fairway.engine.spec import RESERVED_ANCHORS, FormField

ENGINE_ROOMS = frozenset({"run", "moment", "count", "table"})


def look(ground: Ground) -> None:
    """Report every key that is there already."""
    sop = ground.sop
    _once(ground, ((("roles", i), role) for i, role in enumerate(sop.roles)))
    _once(ground, ((("stages", i, "key"), stage.key) for i, stage in enumerate(sop.stages)))
    _once(ground, (((*path, "key"), step.key) for path, step in steps(sop)))
    for path, step in steps(sop):
        _once(ground, (((*path, "arms", i, "key"), arm.key) for i, arm in enumerate(step.arms)))
    for key, form in sop.forms.items():
        _fields(ground, ("forms", key), form.fields)
    for key, choices in sop.lists.items():
        _once(ground, ((("lists", key, i, "key"), choice.key) for i, choice in enumerate(choices)))
    for key, table in sop.tables.items():
        _once(ground, ((("tables", key, "rows", i, "key"), row.key) for i, row in enumerate(table.rows)))
    for key, outcome in sop.outcomes.items():
        _once(ground, ((("outcomes", key, "reasons", i, "key"), r.key) for i, r in enumerate(outcome.reasons)))
    if sop.grading:
        criteria = sop.grading.score.criteria
        _once(ground, ((("grading", "score", "criteria", i, "key"), c.key) for i, c in enumerate(criteria)))
    for path, field, _ in fields(sop):
        _once(ground, (((*path, "choices", i, "key"), choice.key) for i, choice in enumerate(field.choices)))
    _ambiguous(ground)


def _once(ground: Ground, keys: Iterable[tuple[Path, str]]) -> None:
    first: dict[str, Path] = {}
    for path, key in keys:
        if key in first:
            line = ground.loaded.document.line(first[key])[0]
            ground.report(
                path, "twice", f"“{key}” is already on line {line}.", f"“{key}”在第 {line} 行已经出现过。"
            )  # fmt: skip
        first.setdefault(key, path)


def _fields(ground: Ground, path: Path, found: tuple[FormField, ...]) -> None:
    _once(ground, (((*path, "fields", i, "key"), field.key) for i, field in enumerate(found)))
    for index, field in enumerate(found):
        _fields(ground, (*path, "fields", index), field.fields)


def _ambiguous(ground: Ground) -> None:
    """A step that is called like a moment, and a form whose fields would hide other facts."""
    anchors = RESERVED_ANCHORS | HOUSE_MOMENTS | set(ground.sop.moments)
    for path, step in steps(ground.sop):
        if step.key in anchors:
            ground.report(
                (*path, "key"), "taken", f"“{step.key}” is the name of a moment: call the step otherwise.",
                f"“{step.key}”是时点的名称，请给步骤换一个键。",
            )  # fmt: skip
    own = set(Vocabulary.of(ground.sop).specs)
    rooms = {name.partition(".")[0] for name in ground.vocabulary.specs if name not in own} | ENGINE_ROOMS
    for key in ground.sop.forms:
        if key in rooms:
            ground.report(
                ("forms", key), "taken", f"Facts called {key}.… exist already: call the form otherwise.",
                f"已有以“{key}.”开头的数据项，请给表单换一个键。",
            )  # fmt: skip

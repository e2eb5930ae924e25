"""Fields: what they fill, what they are reckoned from, what they begin with, and what is done for each entry."""

from fairway.engine.checks.ground import Ground
from fairway.engine.checks.parts import fields, steps
from fairway.engine.facts import FIELD_FACTS, FactType, Mistyped, coerce
from fairway.engine.findings import Path
from fairway.engine.spec import FormField

_NUMBERS = frozenset({"int", "decimal", "percent", "money"})
_WORDS = frozenset({"text", "enum", "ref"})


def look(ground: Ground) -> None:
    """Report every field that does not fit what it is joined to."""
    for path, field, beside in fields(ground.sop):
        _bounds(ground, path, field)
        _fills(ground, path, field)
        _auto(ground, path, field, beside)
        _default(ground, path, field)
    _each(ground)


def _bounds(ground: Ground, path: Path, field: FormField) -> None:
    if field.at_least is not None and field.at_most is not None and field.at_least > field.at_most:
        ground.report(
            (*path, "at_least"), "bounds", "at_least is more than at_most: no value fits.",
            "at_least 大于 at_most，没有值能填。",
        )  # fmt: skip


def fact_type(field: FormField) -> FactType:
    """The type of a field's value as a fact."""
    return FIELD_FACTS.get(field.type, "list")  # a range and a group are kept as a whole


def _fit(one: FactType, other: FactType) -> bool:
    return one == other or any({one, other} <= family for family in (_NUMBERS - {"money"}, _WORDS))


def _fills(ground: Ground, path: Path, field: FormField) -> None:
    if field.fills is None:
        return
    here = (*path, "fills")
    if not ground.known(here, "not-fillable", field.fills, ground.fillable, en="fillable fact", zh="可写入的数据项"):
        return
    spec = ground.fact(field.fills)
    if spec is not None and not _fit(fact_type(field), spec.type):
        ground.report(
            here, "type", f"A {field.type} field cannot fill {spec.name}, which is of type {spec.type}.",
            f"{field.type} 字段不能写入 {spec.name}（类型 {spec.type}）。",
        )  # fmt: skip


def _auto(ground: Ground, path: Path, field: FormField, beside: tuple[FormField, ...]) -> None:
    if field.auto is None:
        return
    types = {other.key: other.type for other in beside if other is not field}
    for name in ("sum", "difference", "ratio", "margin"):
        for index, key in enumerate(getattr(field.auto, name) or ()):
            here = (*path, "auto", name, index)
            if ground.known(here, "unknown-field", key, types, en="field beside it", zh="同级字段") and (
                types[key] not in _NUMBERS
            ):
                ground.report(here, "type", f"“{key}” is no number.", f"“{key}”不是数值字段。")


def _default(ground: Ground, path: Path, field: FormField) -> None:
    if field.default_table is not None:
        here = (*path, "default_table")
        ground.known(here, "unknown-table", field.default_table, ground.sop.tables, en="table", zh="数据表")
    if field.default is None:
        return
    here = (*path, "default")
    choices = field.choices or (ground.sop.lists.get(field.list_, ()) if field.list_ else ())
    if field.type == "enum" and choices:
        keys = [choice.key for choice in choices]
        ground.known(here, "value", field.default, keys, en="choice", zh="选项")
        return
    try:
        coerce(fact_type(field), field.default)
    except Mistyped:
        ground.report(
            here, "value", f"“{field.default}” is no value of a {field.type} field.",
            f"“{field.default}”不能作 {field.type} 字段的值。",
        )  # fmt: skip


def _each(ground: Ground) -> None:
    for path, step in steps(ground.sop):
        if step.each is None:
            continue
        form_key, _, field_key = step.each.partition(".")
        form = ground.sop.forms.get(form_key)
        field = form.field(field_key) if form else None
        spec = ground.fact(step.each)
        if field is None and spec is None:
            lists = [name for name, known in ground.vocabulary.specs.items() if known.type == "list"]
            ground.known((*path, "each"), "unknown-list", step.each, lists, en="list", zh="列表")
        elif (field.type if field else spec and spec.type) != "list":
            ground.report((*path, "each"), "not-a-list", f"{step.each} is no list.", f"{step.each} 不是列表。")

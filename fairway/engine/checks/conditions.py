"""Conditions: the fact is declared, the test fits its type, the value can be one of its values."""

from typing import Any

from fairway.engine.checks.ground import Ground
from fairway.engine.checks.parts import choosing, conditions, fact_names, parts_of
from fairway.engine.facts import ORDERED, FactSpec, Mistyped, coerce
from fairway.engine.findings import Path
from fairway.engine.spec import Condition

_ORDER = frozenset({"at_least", "at_most", "above", "below"})
_NUMBERS = frozenset({"int", "decimal", "percent"})
_WORDS = frozenset({"text", "enum", "ref"})
_TYPES = {
    "text": "文字", "int": "整数", "decimal": "数值", "percent": "百分比", "money": "金额", "bool": "是/否",
    "date": "日期", "datetime": "时间", "enum": "选项", "list": "列表", "ref": "关联对象",
}  # fmt: skip


def look(ground: Ground) -> None:
    """Report every test that cannot be made."""
    for placed in conditions(ground.sop):
        for path, condition in parts_of(placed.condition, placed.path):
            if condition.fact is not None:
                _test(ground, path, condition, condition.fact)
    for path, name in fact_names(ground.sop):
        _declared(ground, path, name)
    _spans(ground)


def _declared(ground: Ground, path: Path, name: str) -> FactSpec | None:
    if ground.known(path, "unknown-fact", name, ground.vocabulary.specs, en="fact", zh="数据项"):
        return ground.fact(name)
    return None


def _test(ground: Ground, path: Path, condition: Condition, name: str) -> None:
    spec = _declared(ground, (*path, "fact"), name)
    if spec is None:
        return
    operator, operand = condition.tests()[0]
    here = (*path, operator)
    if operator == "known":
        return
    if operator.endswith("_fact"):
        _compared(ground, here, spec, operator, operand)
    elif operator == "contains":
        if spec.type not in {"list", "text"}:
            _misfit(ground, here, operator, spec)
    elif (operator in _ORDER and spec.type not in ORDERED) or spec.type == "list":
        _misfit(ground, here, operator, spec)
    else:
        for text in operand if isinstance(operand, tuple) else (operand,):
            _operand(ground, here, spec, text)


def _misfit(ground: Ground, path: Path, operator: str, spec: FactSpec) -> None:
    ground.report(
        path, "operator", f"“{operator}” does not fit {spec.name}, which is of type {spec.type}.",
        f"“{operator}”不适用于 {spec.name}：它的类型是{_TYPES[spec.type]}。",
    )  # fmt: skip


def _compared(ground: Ground, path: Path, spec: FactSpec, operator: str, other_name: str) -> None:
    other = _declared(ground, path, other_name)
    if other is None:
        return
    if operator != "equals_fact" and spec.type not in ORDERED:
        _misfit(ground, path, operator, spec)
    elif not _comparable(spec, other):
        ground.report(
            path, "not-comparable", f"{spec.name} ({spec.type}) cannot be compared with {other.name} ({other.type}).",
            f"{spec.name}（{_TYPES[spec.type]}）不能与 {other.name}（{_TYPES[other.type]}）比较。",
        )  # fmt: skip
    elif other.name.startswith("table."):
        _table_number(ground, path, other.name)


def _comparable(one: FactSpec, other: FactSpec) -> bool:
    if one.type == other.type:
        return True
    if one.type == "money" and other.type == "decimal":
        return True  # a table writes money in major units
    return any({one.type, other.type} <= family for family in (_NUMBERS, _WORDS))


def _table_number(ground: Ground, path: Path, name: str) -> None:
    _, table, rest = name.split(".", 2)
    row_key, _, column = rest.rpartition(".")
    for row in ground.sop.tables[table].rows:
        if row.key == row_key and not _fits("decimal", row.values.get(column, "")):
            ground.report(
                path, "no-number", f"{name} holds “{row.values[column]}”, which is no number.",
                f"{name} 的内容“{row.values[column]}”不是数值。",
            )  # fmt: skip


def _operand(ground: Ground, path: Path, spec: FactSpec, text: str) -> None:
    values = ground.values_of(spec)
    if not _fits(spec.type, text):
        ground.report(
            path, "value", f"“{text}” is no value of {spec.name}, which is of type {spec.type}.",
            f"“{text}”不能作 {spec.name} 的值：它的类型是{_TYPES[spec.type]}。",
        )  # fmt: skip
    elif values and spec.type == "enum":
        ground.known(path, "value", text, values, en=f"value of {spec.name}", zh=f"{spec.name} 取值")


def _fits(type_: Any, text: str) -> bool:
    try:
        coerce(type_, text)
    except Mistyped:
        return False
    return True


def _spans(ground: Ground) -> None:
    """The values by which a span is chosen exist, and none of a closed list is forgotten."""
    for choice in choosing(ground.sop):
        spec = ground.fact(choice.by) if choice.by else None
        if spec is None:
            if set(choice.spans) != {"*"} and choice.by is None:
                ground.report(
                    choice.path, "no-by", "Spans by value need `by`, the fact that chooses.",
                    "按取值给出多个时长时，要用 by 写明依据哪个数据项。",
                )  # fmt: skip
            continue
        values = ground.values_of(spec)
        for key in choice.spans:
            if key == "*":
                continue
            if values:
                ground.known(
                    (*choice.path, key), "value", key, values, en=f"value of {spec.name}", zh=f"{spec.name} 取值"
                )
        missing = [value for value in values if value not in choice.spans]
        if missing and "*" not in choice.spans:
            ground.warn(
                choice.path, "no-clock",
                f"There is no clock for {spec.name} = {', '.join(missing)}; “*” says the rest.",
                f"{spec.name} 为 {'、'.join(missing)} 时没有时限；可用“*”写明其余情况。",
            )  # fmt: skip

"""Names: every stage, step, form, role, moment, list, outcome, reason, effect and event that is named is there."""

from collections.abc import Callable, Iterable

from fairway.engine.checks.ground import Ground
from fairway.engine.checks.parts import actions, conditions, dues, fields, ladders, parts_of, steps
from fairway.engine.findings import Path
from fairway.engine.spec import Action, Step


def look(ground: Ground) -> None:
    """Report every name that stands for nothing."""
    _stages(ground)
    for path, step in steps(ground.sop):
        _step(ground, path, step)
    for path, action in actions(ground.sop):
        _action(ground, path, action)
    for path, rung in ladders(ground.sop):
        _roles(ground, (*path, "to"), rung.to)
    _dues(ground)
    _triggers(ground)
    _conditions(ground)
    _lists(ground)
    _assignment(ground)
    _unused_forms(ground)


def _role(ground: Ground, path: Path, role: str) -> None:
    ground.known(path, "unknown-role", role, ground.roles, en="role", zh="角色")


def _roles(ground: Ground, path: Path, roles: Iterable[str]) -> None:
    for index, role in enumerate(roles):
        _role(ground, (*path, index), role)


def _step_named(ground: Ground, path: Path, key: str) -> None:
    ground.known(path, "unknown-step", key, ground.steps, en="step", zh="步骤")


def _form_named(ground: Ground, path: Path, key: str) -> None:
    ground.known(path, "unknown-form", key, ground.sop.forms, en="form", zh="表单")


def _moment_named(ground: Ground, path: Path, key: str) -> None:
    ground.known(path, "unknown-moment", key, ground.moments, en="moment", zh="时点")


def _event_named(ground: Ground, path: Path, key: str) -> None:
    ground.known(path, "unknown-event", key, ground.events, en="event", zh="事件")


def _outcome(ground: Ground, path: Path, key: str, reason: str | None, reason_path: Path) -> None:
    if not ground.known(path, "unknown-outcome", key, ground.sop.outcomes, en="outcome", zh="结果"):
        return
    reasons = {choice.key for choice in ground.sop.outcomes[key].reasons}
    if reason is not None:
        ground.known(reason_path, "unknown-reason", reason, reasons, en=f"reason of “{key}”", zh=f"“{key}”原因")
    elif reasons:
        ground.report(
            path, "no-reason", f"“{key}” needs one of its reasons: {', '.join(sorted(reasons))}.",
            f"“{key}”要写明原因：{'、'.join(sorted(reasons))}。",
        )  # fmt: skip


def _stages(ground: Ground) -> None:
    for number, stage in enumerate(ground.sop.stages):
        path: Path = ("stages", number)
        _role(ground, (*path, "owner"), stage.owner)
        if stage.waiver is not None:
            _role(ground, (*path, "waiver"), stage.waiver)
        for way, keys in (("next", stage.next), ("back", stage.back)):
            for index, key in enumerate(keys):
                ground.known((*path, way, index), "unknown-stage", key, ground.stages, en="stage", zh="阶段")
        if stage.outcome is not None:
            _outcome(ground, (*path, "outcome"), stage.outcome, stage.reason, (*path, "reason"))


def _step(ground: Ground, path: Path, step: Step) -> None:
    _role(ground, (*path, "role"), step.role)
    _roles(ground, (*path, "copies"), step.copies)
    for index, judge in enumerate(step.judges):
        _role(ground, (*path, "judges", index, "role"), judge.role)
    if step.form is not None:
        _form_named(ground, (*path, "form"), step.form)
    for name, keys in (("needs", step.needs), ("renews", step.renews)):
        for index, key in enumerate(keys):
            _step_named(ground, (*path, name, index), key)
    if step.returns is not None:
        _step_named(ground, (*path, "returns"), step.returns)
    if step.stamps is not None:
        _moment_named(ground, (*path, "stamps"), step.stamps)
    if step.open_on is not None:
        _event_named(ground, (*path, "open_on"), step.open_on)
        if path[0] != "standing":
            ground.report(
                (*path, "open_on"), "not-standing", "Only a standing step has open_on.", "只有常设步骤才能写 open_on。"
            )


def _action(ground: Ground, path: Path, action: Action) -> None:
    verb = action.verbs()[0]
    here = (*path, verb)
    value = getattr(action, verb)
    if verb == "close":
        _outcome(ground, here, value, action.reason, (*path, "reason"))
    elif verb == "assign" and ground.sop.assignment is None:
        ground.report(here, "no-rules", "The document has no assignment rules.", "文档没有写分配规则（assignment）。")
    elif verb == "fill":
        ground.known(here, "not-fillable", value, ground.fillable, en="fillable fact", zh="可写入的数据项")
        if action.value is None:
            ground.report(path, "no-value", "fill needs a value.", "fill 要写明 value。")
    elif verb == "regrade" and "." not in value:
        ground.known(here, "unknown-grade", value, ground.grades, en="grade", zh="等级")
    elif verb in _NAMED:
        _NAMED[verb](ground, here, value)


def _effect(ground: Ground, path: Path, key: str) -> None:
    ground.known(path, "unknown-effect", key, ground.effects, en="effect", zh="动作")


_NAMED: dict[str, Callable[[Ground, Path, str], None]] = {
    "notify": _roles,
    "open": _step_named,
    "cancel": _step_named,
    "stamp": _moment_named,
    "effect": _effect,
}


def _dues(ground: Ground) -> None:
    for path, due, step in dues(ground.sop):
        if due.within is not None:
            ground.known(
                (*path, "of"), "unknown-anchor", due.of, ground.anchors, en="anchor (moment or step)", zh="起算点"
            )
            if due.of == step.key:
                ground.report(
                    (*path, "of"),
                    "own-anchor",
                    "A step cannot be due after itself.",
                    "步骤的时限不能从它自己完成时起算。",
                )
        items = {"item_moment": due.item_moment, "item_days": due.item_days, "item_date": due.item_date}
        for name, key in items.items():
            if key is not None:
                _item_field(ground, (*path, name), key, step)


def _item_field(ground: Ground, path: Path, key: str, step: Step) -> None:
    if step.each is None:
        ground.report(
            path, "no-items", "The step has no items: say which with each.", "步骤没有逐项条目，请用 each 写明。"
        )
        return
    form_key, _, field_key = step.each.partition(".")
    form = ground.sop.forms.get(form_key)
    field = form.field(field_key) if form else None
    if field is not None and field.fields:
        names = {inner.key for inner in field.fields}
        ground.known(path, "unknown-field", key, names, en=f"field of {step.each}", zh=f"{step.each} 字段")


def _triggers(ground: Ground) -> None:
    for index, trigger in enumerate(ground.sop.triggers):
        path: Path = ("triggers", index)
        _event_named(ground, (*path, "on"), trigger.on)
        if trigger.step is not None:
            _step_named(ground, (*path, "step"), trigger.step)
        if trigger.form is not None:
            _form_named(ground, (*path, "form"), trigger.form)


def _conditions(ground: Ground) -> None:
    for placed in conditions(ground.sop):
        for path, condition in parts_of(placed.condition, placed.path):
            if condition.step is not None:
                _step_named(ground, (*path, "step"), condition.step)


def _lists(ground: Ground) -> None:
    for path, field, _ in fields(ground.sop):
        if field.list_ is not None:
            ground.known((*path, "list"), "unknown-list", field.list_, ground.sop.lists, en="list", zh="列表")


def _assignment(ground: Ground) -> None:
    if ground.sop.assignment is None:
        return
    for index, rule in enumerate(ground.sop.assignment.rules):
        _role(ground, ("assignment", "rules", index, "role"), rule.role)
    for grade in ground.sop.assignment.at_most:
        ground.known(
            ("assignment", "at_most", grade), "unknown-grade", grade, {"*", *ground.grades}, en="grade", zh="等级"
        )


def _unused_forms(ground: Ground) -> None:
    used = {step.form for _, step in ground.sop.steps()}
    if ground.sop.grading:
        used |= {ground.sop.grading.score.form}
        used |= {ground.sop.grading.bant.form} if ground.sop.grading.bant else set()
    for key in ground.sop.forms:
        if key not in used:
            ground.warn(("forms", key), "unused-form", f"No step uses the form “{key}”.", f"没有步骤使用表单“{key}”。")

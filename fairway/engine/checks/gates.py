"""Gates that can never be passed, conditions that can never hold, and gates that would refuse without a word."""

from fairway.engine.checks.ground import Ground
from fairway.engine.checks.holding import Possible
from fairway.engine.checks.parts import Placed, conditions, parts_of, steps
from fairway.engine.findings import Path
from fairway.engine.spec import Condition, Stage


def look(ground: Ground) -> None:
    """Report every gate that stays shut for ever, and every condition that has no use."""
    possible = Possible(ground)
    for number, stage in enumerate(ground.sop.stages):
        _gate(ground, possible, ("stages", number, "gate"), stage)
    for placed in conditions(ground.sop):
        if placed.part in {"when", "auto", "early_when"} and not possible.can_hold(placed.condition):
            _never(ground, placed)
    _auto(ground, possible)


def _gate(ground: Ground, possible: Possible, path: Path, stage: Stage) -> None:
    if not possible.can_hold(stage.gate):
        ground.report(
            path, "gate-never", f"The gate of “{stage.key}” can never be passed: its conditions exclude each other.",
            f"阶段“{stage.key}”的关口永远无法通过：条件互相矛盾。",
        )  # fmt: skip
    for here, leaf in parts_of(stage.gate, path):
        if leaf.step in ground.steps and leaf.state != "settled" and not ground.may_precede(str(leaf.step), stage.key):
            ground.report(
                (*here, "step"), "later-step", f"“{leaf.step}” belongs to a later stage: this gate would never open.",
                f"“{leaf.step}”属于后面的阶段，关口永远无法通过。",
            )  # fmt: skip
    for here, leaf in _without_sentence(stage.gate, path):
        ground.report(
            here, "no-sentence", f"Say with `else` what to do when {leaf.fact} fails.",
            f"请用 else 写明 {leaf.fact} 不满足时该怎么做。",
        )  # fmt: skip


def _without_sentence(condition: Condition, path: Path) -> list[tuple[Path, Condition]]:
    """The tests of facts for whose failing there is no sentence, neither their own nor one around them."""
    if condition.else_ is not None:
        return []
    if condition.fact is not None:
        return [(path, condition)]
    found: list[tuple[Path, Condition]] = []
    for name, children in (("all", condition.all_), ("any", condition.any_)):
        for index, child in enumerate(children or ()):
            found += _without_sentence(child, (*path, name, index))
    if condition.not_ is not None:  # only the sentence of the whole can say what must not be
        found += [(path, leaf) for leaf in condition.not_.walk() if leaf.fact is not None][:1]
    return found


def _never(ground: Ground, placed: Placed) -> None:
    ground.warn(placed.path, "never", "This condition can never hold.", "这个条件永远不会成立。")


def _auto(ground: Ground, possible: Possible) -> None:
    """A required check that can never pass shuts the gate of its stage for ever."""
    for path, step in steps(ground.sop):
        recurring = step.repeat or step.cadence or step.every is not None
        if step.auto is None or recurring or ground.stage_of[step.key] is None:
            continue
        asked = possible.can_hold(step.when, step.required)
        if asked and not possible.can_hold(step.auto):
            ground.report(
                (*path, "auto"), "gate-never", f"The check “{step.key}” can never pass, so its stage cannot be left.",
                f"检查“{step.key}”永远不会通过，所在阶段无法离开。",
            )  # fmt: skip

"""Tables of grading and cadence: every total has one grade, every grade its rhythm, every point its rubric."""

from collections import Counter

from fairway.engine.checks.ground import Ground
from fairway.engine.checks.parts import steps
from fairway.engine.findings import Path
from fairway.engine.spec import Bant, Grading


def look(ground: Ground) -> None:
    """Report gaps and overlaps."""
    if ground.sop.grading:
        _bounds(ground, ground.sop.grading)
        _criteria(ground, ground.sop.grading)
        if ground.sop.grading.bant:
            _bant(ground, ground.sop.grading.bant)
    _cadence(ground)


def _bounds(ground: Ground, grading: Grading) -> None:
    path: Path = ("grading", "grades")
    lowest, highest = len(grading.score.criteria), len(grading.score.criteria) * grading.score.scale
    named, begun = Counter(b.grade for b in grading.grades), Counter(b.from_ for b in grading.grades)
    for index, bound in enumerate(grading.grades):
        if named[bound.grade] > 1 or begun[bound.from_] > 1:
            ground.report(
                (*path, index), "overlap", f"Grade {bound.grade} from {bound.from_} overlaps another.",
                f"等级 {bound.grade}（{bound.from_} 分起）与另一个等级重叠。",
            )  # fmt: skip
    for index, bound in enumerate(grading.grades):
        if bound.from_ > highest:
            ground.report(
                (*path, index, "from"), "never", f"No total reaches {bound.from_}: {highest} is the highest.",
                f"没有总分能达到 {bound.from_}，最高只有 {highest} 分。",
            )  # fmt: skip
    start = min(bound.from_ for bound in grading.grades)
    if start != lowest:
        ground.report(
            path, "gap", f"The grades begin at {start}, but the lowest possible total is {lowest}.",
            f"等级从 {start} 分开始，而最低总分是 {lowest} 分。",
        )  # fmt: skip
    ordered = sorted(grading.grades, key=lambda bound: bound.grade)
    if [b.from_ for b in ordered] != sorted((b.from_ for b in ordered), reverse=True):
        ground.report(path, "order", "A better grade must begin higher: A above B.", "等级越好起点应越高：A 高于 B。")


def _criteria(ground: Ground, grading: Grading) -> None:
    path: Path = ("grading", "score")
    if not ground.known((*path, "form"), "unknown-form", grading.score.form, ground.sop.forms, en="form", zh="表单"):
        return
    form = ground.sop.forms[grading.score.form]
    names = {field.key for field in form.fields}
    for index, criterion in enumerate(grading.score.criteria):
        here = (*path, "criteria", index)
        if len(criterion.rubric) != grading.score.scale:
            ground.report(
                (*here, "rubric"), "rubric",
                f"{len(criterion.rubric)} texts for a scale of {grading.score.scale}: each point needs one.",
                f"量表为 {grading.score.scale} 分，评分说明却有 {len(criterion.rubric)} 条：每分一条。",
            )  # fmt: skip
        place = f"{grading.score.form} field"
        if not ground.known((*here, "field"), "unknown-field", criterion.field, names, en=place, zh="评分表字段"):
            continue
        field = form.field(criterion.field)
        if field and (field.type != "int" or (field.at_least, field.at_most) != (1, grading.score.scale)):
            ground.report(
                (*here, "field"), "criterion-range",
                f"“{criterion.field}” must be an int from 1 (at_least) to {grading.score.scale} (at_most).",
                f"“{criterion.field}”应为 1（at_least）到 {grading.score.scale}（at_most）的 int。",
            )  # fmt: skip


def _bant(ground: Ground, bant: Bant) -> None:
    path: Path = ("grading", "bant")
    if ground.known((*path, "form"), "unknown-form", bant.form, ground.sop.forms, en="form", zh="表单"):
        names = {field.key for field in ground.sop.forms[bant.form].fields}
        for letter, key in bant.fields.items():
            ground.known((*path, "fields", letter), "unknown-field", key, names, en=f"{bant.form} field", zh="表单字段")
    ground.known((*path, "phase"), "unknown-phase", bant.phase, bant.weights, en="phase in weights", zh="阶段权重")
    for index, rule in enumerate(bant.rules):
        here = (*path, "rules", index, "grade")
        ground.known(here, "unknown-grade", rule.grade, ground.grades, en="grade", zh="等级")


def _cadence(ground: Ground) -> None:
    cadence = set(ground.sop.cadence)
    for grade in sorted(cadence - set(ground.grades)):
        ground.known(("cadence", grade), "unknown-grade", grade, ground.grades, en="grade", zh="等级")
    missing = sorted(set(ground.grades) - cadence)
    if cadence and missing:
        ground.report(
            ("cadence",), "no-cadence", f"There is no cadence for grade {', '.join(missing)}.",
            f"等级 {'、'.join(missing)} 没有跟进节奏。",
        )  # fmt: skip
    for path, step in steps(ground.sop):
        if step.cadence and not cadence:
            ground.report(
                (*path, "cadence"),
                "no-cadence",
                "The document has no cadence table.",
                "文档没有跟进节奏表（cadence）。",
            )

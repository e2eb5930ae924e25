"""The score and BANT: what a score card comes to, and where the two do not agree (L3, L4, L5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fairway.engine.forms.choices import choices_of
from fairway.engine.spec import Condition, Sop, Text


@dataclass(frozen=True, slots=True)
class Scored:
    """The total and its grade, None until every criterion has its points; `points` by criterion."""

    total: int | None
    grade: str | None
    points: dict[str, int]


@dataclass(frozen=True, slots=True)
class Aspect:
    """One letter of BANT as it was answered: `answer` is the key of the choice, `weight` that of the seller's phase."""

    key: str
    title: Text
    weight: int
    answer: str | None
    answer_title: Text | None


@dataclass(frozen=True, slots=True)
class BantResult:
    """BANT's grade, None where no rule holds; `aspects` the weightiest first; `open_weight` of what is unanswered."""

    grade: str | None
    aspects: tuple[Aspect, ...]
    open_weight: int


def score_of(sop: Sop, values: Mapping[str, Any]) -> Scored | None:
    """What the values of a score card come to (L3); None where the document has no score."""
    if sop.grading is None:
        return None
    score = sop.grading.score
    points = {
        criterion.key: value
        for criterion in score.criteria
        if isinstance(value := values.get(criterion.field), int) and not isinstance(value, bool)
    }
    if len(points) < len(score.criteria):
        return Scored(None, None, points)
    total = sum(points.values())
    return Scored(total, sop.grading.grade_of(total), points)


def bant_of(sop: Sop, values: Mapping[str, Any], holds: Callable[[Condition], bool]) -> BantResult | None:
    """BANT's grade by the first rule that holds, and what was answered by the weight of the seller's phase (L4, L5).

    `holds` must see these values. None where the document has no BANT.
    """
    bant = sop.grading.bant if sop.grading else None
    if bant is None:
        return None
    weights = bant.weights.get(bant.phase, {})
    form = sop.forms.get(bant.form)
    aspects = []
    for key, field_key in bant.fields.items():
        one = form.field(field_key) if form else None
        answer = values.get(field_key)
        choice = next((c for c in choices_of(sop, one) if c.key == answer), None) if one else None
        title = one.label if one else Text(zh_hans=key, en=key)
        answered = None if answer is None else str(answer)
        aspects.append(Aspect(key, title, weights.get(key, 0), answered, choice.title if choice else None))
    aspects.sort(key=lambda aspect: -aspect.weight)
    grade = next((rule.grade for rule in bant.rules if holds(rule.when)), None)
    open_weight = sum(aspect.weight for aspect in aspects if aspect.answer is None)
    return BantResult(grade, tuple(aspects), open_weight)


def disagrees(scored: Scored | None, bant: BantResult | None) -> bool:
    """Whether score and BANT give different grades: then the screen says so, and the manager decides (L5)."""
    return bool(scored and bant and scored.grade and bant.grade and scored.grade != bant.grade)

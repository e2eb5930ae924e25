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
    """One letter of BANT as it was answered: `answer` is the key of the choice, `weight` that of the seller's phase,
    `strength` 0 unknown, 1 weak, 2 confirmed (L4).
    """

    key: str
    title: Text
    weight: int
    answer: str | None
    answer_title: Text | None
    strength: int


@dataclass(frozen=True, slots=True)
class BantResult:
    """BANT's grade, None where no rule holds; `aspects` the weightiest first; `standing` how far all of them are
    settled by weight, 0 to 100, which explains the grade and does not make it.
    """

    grade: str | None
    aspects: tuple[Aspect, ...]
    standing: int

    @property
    def is_known(self) -> bool:
        """Whether anything of it was answered."""
        return any(aspect.answer not in {None, UNKNOWN} for aspect in self.aspects)


def bant_is_known(sop: Sop, values: Mapping[str, Any]) -> bool:
    """Whether the values of a score card answer anything of BANT."""
    bant = sop.grading.bant if sop.grading else None
    return bant is not None and any(values.get(key) not in {None, UNKNOWN} for key in bant.fields.values())


UNKNOWN = "unknown"
_STRENGTHS = {"weak": 1, "confirmed": 2}


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
        shown = choice.title if choice else None
        strength = _STRENGTHS.get(answered or "", 0)
        aspects.append(Aspect(key, title, weights.get(key, 0), answered, shown, strength))
    aspects.sort(key=lambda aspect: -aspect.weight)
    grade = next((rule.grade for rule in bant.rules if holds(rule.when)), None)
    whole = sum(aspect.weight for aspect in aspects) * 2
    settled = sum(aspect.weight * aspect.strength for aspect in aspects)
    return BantResult(grade, tuple(aspects), round(100 * settled / whole) if whole else 0)


def disagrees(scored: Scored | None, bant: BantResult | None) -> bool:
    """Whether score and BANT give different grades: then the screen says so, and the manager decides (L5).

    BANT that nobody has asked about yet disagrees with nobody.
    """
    if not (scored and bant and scored.grade and bant.grade) or (bant.aspects and not bant.is_known):
        return False
    return scored.grade != bant.grade

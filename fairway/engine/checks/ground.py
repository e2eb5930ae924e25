"""What every check stands on: the document, the words it may use, and the list of what was found."""

from collections.abc import Collection
from functools import cached_property

from fairway.engine.facts import FactSpec, Vocabulary
from fairway.engine.findings import Finding, Level, Path, say
from fairway.engine.load import Loaded
from fairway.engine.shape import nearest
from fairway.engine.spec import EVENTS, RESERVED_ANCHORS, Sop, Stage, Step

HOUSE_ROLES = frozenset({"owner", "manager", "above", "customer"})
HOUSE_MOMENTS = frozenset({"assigned", "reached"})
MAX_HINTS = 30  # names for which the nearest one is looked up
MAX_NOTED = 2_000  # findings of each level


class Ground:
    """One document under examination."""

    def __init__(
        self,
        loaded: Loaded,
        vocabulary: Vocabulary,
        *,
        effects: Collection[str],
        events: Collection[str],
        fillable: Collection[str],
    ) -> None:
        self.loaded = loaded
        self.sop: Sop = loaded.sop
        self.vocabulary = vocabulary
        self.effects = frozenset(effects)
        self.events = EVENTS | frozenset(events) | self.moments
        self.fillable = frozenset(fillable)
        self.findings: list[Finding] = []
        self._hints = MAX_HINTS
        self._room: dict[Level, int] = {"error": MAX_NOTED, "warning": MAX_NOTED}

    def report(self, path: Path, code: str, en: str, zh: str, level: Level = "error") -> None:
        """Note one mistake at `path`, in both languages."""
        if self._room[level] == 0:
            return
        self._room[level] -= 1
        self.findings.append(self.loaded.document.finding(path, code, say(en, zh), level))

    def warn(self, path: Path, code: str, en: str, zh: str) -> None:
        """Note what is allowed but hardly meant."""
        self.report(path, code, en, zh, "warning")

    def known(self, path: Path, code: str, name: str, among: Collection[str], *, en: str, zh: str) -> bool:
        """Report `name` unless it is `among` what there is; `en` and `zh` say what it should be, such as “step”."""
        if name in among:
            return True
        like = nearest(name, among) if self._hints else None  # likeness costs by the number of names
        self._hints = max(0, self._hints - 1)
        hint_en, hint_zh = (f" Did you mean “{like}”?", f"是不是“{like}”？") if like else ("", "")
        self.report(path, code, f"There is no {en} “{name}”.{hint_en}", f"没有名为“{name}”的{zh}。{hint_zh}")
        return False

    @cached_property
    def roles(self) -> frozenset[str]:
        """The document's roles and those of the house."""
        return HOUSE_ROLES | frozenset(self.sop.roles)

    @cached_property
    def moments(self) -> frozenset[str]:
        """The moments that may be stamped or asked about: the document's and those of the house."""
        return HOUSE_MOMENTS | frozenset(self.sop.moments)

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What a due time may be reckoned from."""
        return RESERVED_ANCHORS | self.moments | frozenset(self.steps)

    @cached_property
    def stages(self) -> dict[str, Stage]:
        """Stages by key; of two with one key the first."""
        return {stage.key: stage for stage in reversed(self.sop.stages)}

    @cached_property
    def steps(self) -> dict[str, Step]:
        """Steps by key; of two with one key the first."""
        return {step.key: step for _, step in reversed(list(self.sop.steps()))}

    @cached_property
    def stage_of(self) -> dict[str, str | None]:
        """The stage of each step, None for a standing one."""
        return {step.key: stage.key if stage else None for stage, step in reversed(list(self.sop.steps()))}

    @cached_property
    def grades(self) -> tuple[str, ...]:
        """The grades that runs of this document may have."""
        return tuple(bound.grade for bound in self.sop.grading.grades) if self.sop.grading else ()

    @cached_property
    def onward(self) -> dict[str, frozenset[str]]:
        """The stages that can be reached from each stage by going on, itself included."""
        return {key: self._reach(key) for key in self.stages}

    def _reach(self, start: str) -> frozenset[str]:
        found, todo = {start}, [start]
        while todo:
            for key in self.stages[todo.pop()].next:
                if key in self.stages and key not in found:
                    found.add(key)
                    todo.append(key)
        return frozenset(found)

    def may_precede(self, step: str, stage: str) -> bool:
        """Whether the step can be done by the time the run is on `stage`: here, before, beside, or opened early."""
        home = self.stage_of.get(step)
        if home is None or home not in self.onward:
            return True
        return stage in self.onward[home] or self.steps[step].early_when is not None

    def fact(self, name: str) -> FactSpec | None:
        """The declaration of a fact, None where there is none."""
        return self.vocabulary.get(name)

    def values_of(self, spec: FactSpec) -> tuple[str, ...]:
        """The values that an enum fact may have; empty where they are not limited."""
        own = {
            "run.grade": self.grades,
            "run.stage": tuple(self.stages),
            "run.outcome": tuple(self.sop.outcomes),
        }
        return own.get(spec.name, spec.values) or spec.values

"""Two versions of a document compared: by keys, not by lines, in sentences that a sales manager reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from fairway.engine.facts import FactSpec, Vocabulary
from fairway.engine.findings import say
from fairway.engine.spec import ALWAYS, NEVER, Condition, Part, Sop, Step, Text
from fairway.engine.words import LANGUAGES, Language, Words

Kind = Literal["added", "removed", "moved", "changed"]

# What each kind of part is called, by the key under which its list or mapping stands.
_NOUNS = {
    "stages": ("Stage", "阶段"),
    "steps": ("Step", "步骤"),
    "standing": ("Standing step", "常设步骤"),
    "forms": ("Form", "表单"),
    "fields": ("Field", "字段"),
    "choices": ("Choice", "选项"),
    "lists": ("List", "列表"),
    "tables": ("Table", "表格"),
    "rows": ("Row", "行"),
    "moments": ("Moment", "时点"),
    "outcomes": ("Outcome", "结果"),
    "reasons": ("Reason", "原因"),
    "cadence": ("Cadence", "跟进节奏"),
    "criteria": ("Criterion", "评分项"),
    "arms": ("Arm", "做法"),
    "values": ("Value", "数值"),
    "grading": ("Grading", "评级"),
    "assignment": ("Assignment", "分配"),
    "pool": ("Pool", "公海"),
    "score": ("Score", "评分"),
    "bant": ("BANT", "BANT"),
    "clock": ("Clock", "时限"),
}

# What the particulars of a part are called.
_NAMES = {
    "title": ("title", "名称"),
    "label": ("label", "名称"),
    "about": ("description", "说明"),
    "help": ("help", "说明"),
    "goal": ("goal", "目标"),
    "owner": ("owner", "负责角色"),
    "role": ("role", "角色"),
    "roles": ("roles", "角色"),
    "stay": ("longest stay", "最长停留"),
    "by": ("chosen by", "依据"),
    "escalate": ("ladder", "逐级提醒"),
    "gate": ("gate", "关口"),
    "next": ("ways on", "后续阶段"),
    "back": ("ways back", "可退回阶段"),
    "waiver": ("waiver by", "例外放行人"),
    "outcome": ("outcome", "结果"),
    "reason": ("reason", "原因"),
    "enter": ("on entering", "进入时"),
    "leave": ("on leaving", "离开时"),
    "kind": ("kind", "类型"),
    "type": ("type", "类型"),
    "form": ("form", "表单"),
    "needs": ("needs first", "前置步骤"),
    "when": ("asked when", "适用条件"),
    "required": ("required", "必填"),
    "due": ("due", "时限"),
    "repeat": ("repeated", "可重复"),
    "every": ("every", "周期"),
    "each": ("for each of", "逐项"),
    "judges": ("judges", "审批人"),
    "order": ("order", "次序"),
    "mode": ("mode", "通过方式"),
    "returns": ("returns to", "退回到"),
    "renews": ("renews", "需重新审批"),
    "auto": ("automatic", "自动"),
    "stamps": ("stamps", "记下时点"),
    "copies": ("copies to", "抄送"),
    "offers": ("offers", "参考材料"),
    "do": ("then", "随后"),
    "triggers": ("Triggers", "触发规则"),
    "grades": ("grade bounds", "等级分界"),
    "scale": ("scale", "量表"),
    "rubric": ("rubric", "评分说明"),
    "rules": ("rules", "规则"),
    "at_least": ("at least", "下限"),
    "at_most": ("at most", "上限"),
    "fills": ("fills", "写入"),
    "confidential": ("confidential", "保密"),
    "customer": ("for the customer", "给客户看"),
    "usual": ("folded away", "默认收起"),
    "default": ("default", "默认值"),
    "touches": ("touches", "次数"),
    "per": ("per", "每"),
    "offer": ("offer", "内容"),
    "protect": ("protection", "保护期"),
    "extend": ("extension", "顺延"),
    "claims_per_day": ("claims a day", "每日认领上限"),
    "held": ("held at most", "持有上限"),
    "previous_owner_waits": ("previous owner waits", "原负责人等待"),
    "calendar": ("calendar", "日历"),
    "prefix": ("prefix", "编号前缀"),
    "subject": ("subject", "对象"),
    "code": ("code", "编号"),
    "open_on": ("opens on", "打开时机"),
    "early_when": ("may open early when", "可提前打开"),
    "weight": ("weight", "权重"),
    "balance": ("balance", "均衡方式"),
    "ask": ("people may choose it", "可由人选择"),
}

_KEYED = frozenset({"stages", "steps", "standing", "fields", "choices", "rows", "criteria", "arms", "reasons", "lists"})
_APART = frozenset({"steps", "standing"})  # compared over the whole document, because a step may move


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `path` such as `stages.needs.clock.stay`, and the sentence in both languages."""

    path: str
    kind: Kind
    message: dict[str, str]

    def text(self, language: str = "en") -> str:
        """The sentence in `language`, in English where that language is missing."""
        return self.message.get(language, self.message["en"])


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the document: its path, and what it is called in both languages."""

    path: str = ""
    en: str = ""
    zh: str = ""

    def under(self, key: str, en: str = "", zh: str = "") -> Place:
        """The place of a part below this one."""
        names = (
            f"{mine}, {below}" if mine and below else mine or below for mine, below in ((self.en, en), (self.zh, zh))
        )
        en_name, zh_name = names
        return Place(f"{self.path}.{key}" if self.path else key, en_name, zh_name.replace(", ", "，"))


def diff(
    old: Sop, new: Sop, declared: Iterable[FactSpec] = (), roles: Mapping[str, Text] | None = None
) -> list[Change]:  # fmt: skip
    """Every difference between two versions, in the order of the document; nothing when they say the same.

    `declared` are the facts of the domains, `roles` the names of roles, so that both are told by their titles.
    """
    return list(_Comparison(old, new, tuple(declared), roles or {}).all())


class _Comparison:
    def __init__(self, old: Sop, new: Sop, declared: tuple[FactSpec, ...], roles: Mapping[str, Text]) -> None:
        self.old, self.new = old, new
        known = [(sop, Vocabulary.of(sop, declared)) for sop in (old, new)]
        self.words: dict[Language, tuple[Words, ...]] = {
            language: tuple(Words(sop, language, vocabulary, roles) for sop, vocabulary in known)
            for language in LANGUAGES
        }

    def all(self) -> Iterator[Change]:
        yield from self.parts(self.old, self.new, Place())
        yield from self.steps()

    # -- parts -------------------------------------------------------------------------------------------------------

    def parts(self, old: Part, new: Part, place: Place) -> Iterator[Change]:
        """Two parts of one type, field by field."""
        for name, field in type(new).model_fields.items():
            before, after = getattr(old, name), getattr(new, name)
            if name in _APART or before == after:
                continue
            yield from self.values(field.alias or name, before, after, place)

    def values(self, name: str, old: Any, new: Any, place: Place) -> Iterator[Change]:
        """Two values of the particular `name`."""
        if isinstance(old, Condition | None) and isinstance(new, Condition | None) and (old or new):
            yield from self.condition(name, old, new, place)
        elif isinstance(old, Text) and isinstance(new, Text):
            yield self.text(name, old, new, place)
        elif isinstance(old, dict) and isinstance(new, dict):
            yield from self.mapping(name, old, new, place)
        elif name in _KEYED and isinstance(new, tuple):
            yield from self.keyed(name, old, new, place)
        elif isinstance(new, Part) and isinstance(old, Part) and name in _NOUNS:
            yield from self.parts(old, new, place.under(name, *_NOUNS[name]))
        elif isinstance(new, tuple) and isinstance(old, tuple):
            yield from self.sequence(name, old, new, place)
        else:
            yield self.plain(name, old, new, place, show=_teller(name))

    def mapping(self, name: str, old: dict[str, Any], new: dict[str, Any], place: Place) -> Iterator[Change]:
        """Two mappings: of parts by key, or of plain values (spans)."""
        if name not in _NOUNS:
            yield self.plain(name, old, new, place, show=_spans if name in _SPANS else Words.show)
            return
        for key in [*old, *(key for key in new if key not in old)]:
            here = self.named(name, key, new.get(key, old.get(key)), place.under(name) if place.path else Place(name))
            if key not in new:
                yield _changed(here, "removed", "removed", "已删除")
            elif key not in old:
                yield _changed(here, "added", "added", "新增")
            elif old[key] != new[key]:
                yield from self.entry(name, old[key], new[key], here, place)

    def entry(self, name: str, old: Any, new: Any, here: Place, place: Place) -> Iterator[Change]:
        """Two values of one key of a mapping."""
        if isinstance(new, Part) and not isinstance(new, Text):
            yield from self.parts(old, new, here)
        elif name == "lists":
            yield from self.keyed("choices", old, new, here)
        elif isinstance(new, Text):
            yield self.text("title", old, new, here)
        else:
            yield _changed(here, "changed", *self.arrow(old, new))

    def keyed(self, name: str, old: Sequence[Any], new: Sequence[Any], place: Place) -> Iterator[Change]:
        """Two lists of parts that have keys: what came, what went, what changed its place, and what is in each."""
        before, after = {each.key: each for each in old}, {each.key: each for each in new}
        base = place.under(name)
        for key, part in before.items():
            if key not in after:
                yield _changed(self.named(name, key, part, base), "removed", "removed", "已删除")
        moved = _moved([key for key in before if key in after], [key for key in after if key in before])
        for key, part in after.items():
            here = self.named(name, key, part, base)
            if key not in before:
                yield _changed(here, "added", "added", "新增")
                continue
            if key in moved:
                yield _changed(here, "moved", "moved to another place", "调整了位置")
            yield from self.parts(before[key], part, here)

    def named(self, name: str, key: str, part: Any, place: Place) -> Place:
        """The place of one entry of a list or mapping."""
        noun_en, noun_zh = _NOUNS[name]
        title = part if isinstance(part, Text) else getattr(part, "title", None) or getattr(part, "label", None)
        called_en, called_zh = (title.en, title.zh_hans) if isinstance(title, Text) else (key, key)
        return place.under(key, f"{noun_en} {called_en}", f"{noun_zh}“{called_zh}”")

    # -- steps ---------------------------------------------------------------------------------------------------------

    def steps(self) -> Iterator[Change]:
        """Steps, over the whole document: one that went to another stage is moved, not removed and added."""
        before, after = _homes(self.old), _homes(self.new)
        for key, (_, step, home) in before.items():
            if key not in after:
                yield _changed(self.step_place(step, home, self.old), "removed", "removed", "已删除")
        order = {home: self.reordered(home, before, after) for _, _, home in after.values()}
        for key, (_, step, home) in after.items():
            here = self.step_place(step, home, self.new)
            if key not in before:
                yield _changed(here, "added", "added", "新增")
                continue
            _, old_step, old_home = before[key]
            if old_home != home:
                yield self.rehomed(here, old_home, home)
            elif key in order[home]:
                yield _changed(here, "moved", "moved to another place", "调整了位置")
            yield from self.parts(old_step, step, here)

    def reordered(self, home: str | None, before: _Homes, after: _Homes) -> frozenset[str]:
        """The steps of one stage that changed their place in it."""
        stayed = [key for key in after if key in before and before[key][2] == after[key][2] == home]
        return _moved([key for key in before if key in stayed], stayed)

    def step_place(self, step: Step, home: str | None, sop: Sop) -> Place:
        """Where a step stands."""
        stage = next((stage for stage in sop.stages if stage.key == home), None)
        if stage is None:
            return self.named("standing", step.key, step, Place("standing"))
        return self.named(
            "steps", step.key, step, self.named("stages", stage.key, stage, Place("stages")).under("steps")
        )

    def rehomed(self, here: Place, old: str | None, new: str | None) -> Change:
        """A step that went to another stage."""
        en_old, zh_old = self.stage_title(self.old, old)
        en_new, zh_new = self.stage_title(self.new, new)
        return _changed(here, "moved", f"moved from {en_old} to {en_new}", f"从{zh_old}移到{zh_new}")

    def stage_title(self, sop: Sop, key: str | None) -> tuple[str, str]:
        """What a stage is called, or that a step stands beside all."""
        stage = next((stage for stage in sop.stages if stage.key == key), None)
        return (f"“{stage.title.en}”", f"“{stage.title.zh_hans}”") if stage else ("beside all stages", "各阶段之外")

    # -- values --------------------------------------------------------------------------------------------------------

    def plain(
        self, name: str, old: Any, new: Any, place: Place, show: Callable[[Words, Any], str] = Words.show
    ) -> Change:
        """One particular that has another value."""
        en_name, zh_name = _NAMES.get(name, (name, name))
        en, zh = self.arrow(old, new, show)
        return _changed(place.under(name), "changed", f"{en_name} {en}", f"{zh_name} {zh}")

    def arrow(self, old: Any, new: Any, show: Callable[[Words, Any], str] = Words.show) -> tuple[str, str]:
        """The value before and after, in both languages."""
        en, zh = (f"{show(before, old)} → {show(after, new)}" for before, after in self.words.values())
        return en, zh

    def text(self, name: str, old: Text, new: Text, place: Place) -> Change:
        """A text that reads otherwise; where it does so in one language only, that one is shown to both."""
        en_name, zh_name = _NAMES.get(name, (name, name))
        english = f"“{old.en}” → “{new.en}”"
        chinese = f"“{old.zh_hans}” → “{new.zh_hans}”"
        if old.en == new.en:
            english, en_name = chinese, f"{en_name} (Chinese)"
        elif old.zh_hans == new.zh_hans:
            chinese, zh_name = english, f"{zh_name}（英文）"
        return _changed(place.under(name), "changed", f"{en_name} {english}", f"{zh_name} {chinese}")

    def condition(self, name: str, old: Condition | None, new: Condition | None, place: Place) -> Iterator[Change]:
        """A condition: which of its parts came and went, or that a field must now be filled."""
        here = place.under(name)
        en_name, zh_name = _NAMES.get(name, (name, name))
        if name == "required" and {old, new} <= {ALWAYS, NEVER}:
            now = new == ALWAYS
            yield _changed(
                here, "changed", "now required" if now else "no longer required", "改为必填" if now else "改为选填"
            )
            return
        parts = list(self.sequence_of(_conjuncts(old), _conjuncts(new)))
        if old is None or new is None or not parts:
            yield self.plain(name, old, new, place) if not parts else _whole(here, parts, en_name, zh_name)
            return
        for kind, english, chinese in parts:
            yield _changed(here, kind, f"{en_name} {_EN[kind]}: {english}", f"{zh_name}{_ZH[kind]}：{chinese}")

    def sequence(self, name: str, old: Sequence[Any], new: Sequence[Any], place: Place) -> Iterator[Change]:
        """Two lists without keys: what came and what went."""
        here = place.under(name)
        en_name, zh_name = _NAMES.get(name, (name, name))
        found = list(self.sequence_of(old, new, _teller(name)))
        if not found:
            yield _changed(here, "changed", f"{en_name} in another order or wording", f"{zh_name}的次序或措辞有变")
        for kind, english, chinese in found:
            yield _changed(here, kind, f"{en_name} {_EN[kind]}: {english}", f"{zh_name}{_ZH[kind]}：{chinese}")

    def sequence_of(
        self, old: Sequence[Any], new: Sequence[Any], show: Callable[[Words, Any], str] = Words.show
    ) -> Iterator[tuple[Kind, str, str]]:  # fmt: skip
        """The entries of two lists that are in one only, as told in both languages."""
        (en_old, en_new), (zh_old, zh_new) = (self.words[language] for language in LANGUAGES)
        for each in old:
            if each not in new:
                yield "removed", show(en_old, each), show(zh_old, each)
        for each in new:
            if each not in old:
                yield "added", show(en_new, each), show(zh_new, each)


_Homes = Mapping[str, tuple[int, Step, str | None]]
_SPANS = frozenset({"stay", "every", "within"})
_CALLED: tuple[tuple[frozenset[str], Callable[[Words, str], str]], ...] = (
    (frozenset({"owner", "role", "roles", "waiver", "copies"}), Words.role),
    (frozenset({"needs", "returns", "renews"}), Words.step),
    (frozenset({"next", "back"}), Words.stage),
)
_EN: dict[Kind, str] = {"added": "added", "removed": "removed", "moved": "moved", "changed": "changed"}
_ZH: dict[Kind, str] = {"added": "新增", "removed": "去掉", "moved": "移动", "changed": "改为"}


def _spans(words: Words, value: Any) -> str:
    return words.spans(value) if value else words.show(value)


def _teller(name: str) -> Callable[[Words, Any], str]:
    """How the values of a particular are told: keys of roles, steps and stages by what these are called."""
    told = next((method for names, method in _CALLED if name in names), None)
    if told is None:
        return Words.show

    def show(words: Words, value: Any) -> str:
        keys = [value] if isinstance(value, str) else value
        return words.list([told(words, key) for key in keys]) if keys else words.show(value)

    return show


def _whole(here: Place, parts: list[tuple[Kind, str, str]], en: str, zh: str) -> Change:
    kind = parts[0][0]
    english, chinese = (words.join(part[index] for part in parts) for index, words in ((1, " and "), (2, "，且")))
    return _changed(here, kind, f"{en} {_EN[kind]}: {english}", f"{zh}{_ZH[kind]}：{chinese}")


def _conjuncts(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return condition.all_ if condition.all_ is not None and condition.else_ is None else (condition,)


def _homes(sop: Sop) -> _Homes:
    return {step.key: (i, step, stage.key if stage else None) for i, (stage, step) in enumerate(sop.steps())}


def _moved(old: list[str], new: list[str]) -> frozenset[str]:
    """The keys that are not in the order in which they were; as few as explain the new order."""
    kept: set[str] = set()
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        kept |= set(new[block.b : block.b + block.size])
    return frozenset(new) - kept


def _changed(place: Place, kind: Kind, en: str, zh: str) -> Change:
    return Change(
        place.path, kind, say(f"{place.en}: {en}" if place.en else en, f"{place.zh}：{zh}" if place.zh else zh)
    )

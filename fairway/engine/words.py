"""Parts of a document in words, in both languages: for comparisons, and wherever a rule is shown to people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from fairway.engine.duration import Duration, Unit
from fairway.engine.facts import Vocabulary
from fairway.engine.spec import ALWAYS, Action, Auto, Condition, Due, Judge, Part, Rung, Sop, Text, Trigger

Language = Literal["en", "zh-hans"]
LANGUAGES: tuple[Language, ...] = ("en", "zh-hans")

_TESTS = {
    "is": ("is {}", "为 {}"),
    "is_not": ("is not {}", "不为 {}"),
    "in": ("is one of {}", "为 {} 之一"),
    "not_in": ("is none of {}", "不为 {}"),
    "at_least": ("is at least {}", "不低于 {}"),
    "at_most": ("is at most {}", "不超过 {}"),
    "above": ("is above {}", "高于 {}"),
    "below": ("is below {}", "低于 {}"),
    "contains": ("contains {}", "包含 {}"),
    "at_least_fact": ("is at least {}", "不低于 {}"),
    "at_most_fact": ("is at most {}", "不超过 {}"),
    "equals_fact": ("equals {}", "等于 {}"),
}
_SPANS: dict[Unit, tuple[str, str, str]] = {
    "m": ("minute", "minutes", "分钟"),
    "h": ("hour", "hours", "小时"),
    "d": ("day", "days", "天"),
    "w": ("week", "weeks", "周"),
    "mo": ("month", "months", "个月"),
    "wd": ("working day", "working days", "个工作日"),
    "wh": ("working hour", "working hours", "个工作小时"),
}
_STATES = {
    "done": ("“{}” is done", "“{}”已完成"),
    "settled": ("“{}” has nothing open", "“{}”没有未完成的"),
    "started": ("“{}” is under way", "“{}”已开始"),
}
_ANCHORS = {
    "stage": ("entering the stage", "进入阶段"),
    "start": ("the start", "开始"),
    "opened": ("opening", "打开"),
    "assigned": ("assignment", "分配"),
    "reached": ("the first contact", "联系上"),
}
_VERBS = {
    "regrade": ("grade {}", "评为 {}"), "notify": ("tell {}", "通知 {}"), "close": ("close as {}", "以“{}”结束"),
    "open": ("open {}", "打开 {}"), "cancel": ("cancel {}", "取消 {}"), "stamp": ("stamp {}", "记下 {}"),
    "assign": ("assign by the rules", "按规则分配"), "start": ("start {}", "启动 {}"), "effect": ("do {}", "执行 {}"),
    "fill": ("fill {}", "填写 {}"),
}  # fmt: skip


class Words:
    """Tells the parts of one document in one language."""

    def __init__(
        self, sop: Sop, language: Language, vocabulary: Vocabulary | None = None,
        roles: Mapping[str, Text] | None = None,
    ) -> None:  # fmt: skip
        """`roles`: what roles are called; one without a name shows by its key."""
        self.sop = sop
        self.language = language
        self._roles = roles or {}
        self._vocabulary = vocabulary or Vocabulary.of(sop)
        self._steps = {step.key: step.title for _, step in sop.steps()}

    def either(self, en: str, zh: str) -> str:
        """The one of the two that is in this language."""
        return zh if self.language == "zh-hans" else en

    def text(self, text: Text) -> str:
        """A text of the document."""
        return text.in_language(self.language)

    def fact(self, name: str) -> str:
        """A fact's title, or its name where only the domains know the title."""
        spec = self._vocabulary.get(name)
        return self.text(spec.title) if spec else name

    def stage(self, key: str) -> str:
        """A stage's title."""
        return next((self.text(stage.title) for stage in self.sop.stages if stage.key == key), key)

    def step(self, key: str) -> str:
        """A step's title."""
        return self.text(self._steps[key]) if key in self._steps else key

    def condition(self, condition: Condition) -> str:
        """A whole condition as a sentence part."""
        if condition.not_ is not None:
            return self.either("not ({})", "非（{}）").format(self.condition(condition.not_))
        if condition.step is not None:
            return self.either(*_STATES[condition.state]).format(self.step(condition.step))
        if condition.fact is not None:
            return self._test(condition, condition.fact)
        children = condition.all_ if condition.all_ is not None else (condition.any_ or ())
        if not children:
            return self.either("always", "始终") if condition.all_ is not None else self.either("never", "从不")
        joint = self.either(" and ", "，且") if condition.all_ is not None else self.either(" or ", "，或")
        return joint.join(self._grouped(child) for child in children)

    def _grouped(self, condition: Condition) -> str:
        words = self.condition(condition)
        return self.either("({})", "（{}）").format(words) if condition.all_ or condition.any_ else words

    def _test(self, condition: Condition, name: str) -> str:
        operator, operand = condition.tests()[0]
        if operator == "known":
            words = self.either("is known", "已知") if operand else self.either("is not known", "未知")
            return f"{self.fact(name)} {words}"
        shown = self.fact(operand) if operator.endswith("_fact") else self.values(name, operand)
        return f"{self.fact(name)} {self.either(*_TESTS[operator]).format(shown)}"

    def list(self, values: str | Iterable[str]) -> str:
        """Several words, or one."""
        return values if isinstance(values, str) else self.either(", ", "、").join(values)

    def role(self, key: str) -> str:
        """What a role is called."""
        return self.text(self._roles[key]) if key in self._roles else key

    def span(self, duration: Duration) -> str:
        """A span of time: `3wd` is 3 working days."""
        one, many, chinese = _SPANS[duration.unit]
        number = duration.amount
        return self.either(f"{number} {one if number == 1 else many}", f"{number}{chinese}")

    def value(self, fact: str, value: str) -> str:
        """What a value of a fact is called; here as the document writes it."""
        return value

    def values(self, fact: str, values: str | Iterable[str]) -> str:
        """One value of a fact, or several."""
        return self.list(self.value(fact, each) for each in ([values] if isinstance(values, str) else values))

    def spans(self, spans: Mapping[str, Duration], by: str = "") -> str:
        """One span, or several by the value of the fact `by`."""
        if set(spans) == {"*"}:
            return self.span(spans["*"])
        other = self.either("others", "其余")
        return self.list(
            f"{other if value == '*' else self.value(by, value)} {self.span(span)}" for value, span in spans.items()
        )

    def due(self, due: Due) -> str:
        """When something falls due."""
        if due.within is not None:
            anchor = self.fact(due.on) if due.on else self._anchor(due.of)
            return self.either("{} after {}", "{1}后 {0}").format(self.spans(due.within, due.by or ""), anchor)
        if due.on is not None:
            return self.either("on {}", "{}当日").format(self.fact(due.on))
        if due.item_date is not None:
            return self.either("on the entry's {}", "条目的 {}").format(due.item_date)
        return self.either("the entry's {1} after its {0}", "条目的 {0} 后 {1}").format(due.item_moment, due.item_days)

    def _anchor(self, name: str) -> str:
        if name in _ANCHORS:
            return self.either(*_ANCHORS[name])
        if name in self.sop.moments:
            return self.text(self.sop.moments[name])
        return self.either("“{}”", "“{}”").format(self.step(name))

    def action(self, action: Action) -> str:
        """One action."""
        verb = action.verbs()[0]
        value = getattr(action, verb)
        words = self.either(*_VERBS[verb]).format(self._object(verb, value))
        if action.reason or action.value:
            words += self.either(f" ({action.reason or action.value})", f"（{action.reason or action.value}）")
        return f"{words}: {self.text(action.say)}" if action.say else words

    def _object(self, verb: str, value: str | tuple[str, ...]) -> str:
        if isinstance(value, tuple):
            return self.list(map(self.role, value))
        return self.step(value) if verb in {"open", "cancel"} else value

    def rung(self, rung: Rung) -> str:
        """One rung of a ladder."""
        when = (
            self.either("{} after", "超时 {}").format(self.span(rung.after))
            if rung.after is not None
            else self.either("{} before", "提前 {}").format(self.span(rung.before) if rung.before else "")
        )
        does = [self.either("tell {}", "通知 {}").format(self.list(map(self.role, rung.to)))] if rung.to else []
        does += [self.action(action) for action in rung.do]
        words = f"{when}: {self.list(does)}"
        return f"{words}: {self.text(rung.say)}" if rung.say else words

    def judge(self, judge: Judge) -> str:
        """One judge of an approval."""
        words = self.role(judge.role)
        if judge.on:
            words += self.either(f" on {self.text(judge.on)}", f"（{self.text(judge.on)}）")
        if judge.when != ALWAYS:
            words += self.either(" when ", "，当 ") + self.condition(judge.when)
        return f"{words}, {self.due(judge.due)}" if judge.due else words

    def trigger(self, trigger: Trigger) -> str:
        """One trigger."""
        about = trigger.step or trigger.form
        words = self.either("on {}", "发生 {}").format(trigger.on + (f" ({about})" if about else ""))
        if trigger.when != ALWAYS:
            words += self.either(" when ", "，当 ") + self.condition(trigger.when)
        return f"{words}: {self.list(self.action(action) for action in trigger.do)}"

    def auto(self, auto: Auto) -> str:
        """Where an automatic value comes from."""
        name = next(iter(auto.model_fields_set))
        return f"{name} {self.list(getattr(auto, name))}" if name != "value" else str(auto.value)

    def show(self, value: Any) -> str:
        """Any value of a document."""
        telling: dict[type, Callable[[Any], str]] = {
            Text: self._quoted, Condition: self.condition, Due: self.due, Action: self.action, Rung: self.rung,
            Judge: self.judge, Trigger: self.trigger, Auto: self.auto,
        }  # fmt: skip
        if type(value) in telling:
            return telling[type(value)](value)
        if isinstance(value, Duration):
            return self.span(value)
        if value is None or value in ((), {}):
            return self.either("none", "无")
        if isinstance(value, bool):
            return self.either("yes", "是") if value else self.either("no", "否")
        if isinstance(value, Part):
            names = (field.alias or name for name, field in type(value).model_fields.items())
            written = (getattr(value, name) for name in type(value).model_fields)
            return self.list(f"{name} {self.show(each)}" for name, each in zip(names, written, strict=True) if each)
        if isinstance(value, tuple):
            return self.list(self.show(each) for each in value)
        if isinstance(value, dict):
            return self.list(f"{key} {self.show(each)}" for key, each in value.items())
        return str(value)

    def _quoted(self, text: Text) -> str:
        return f"“{self.text(text)}”"

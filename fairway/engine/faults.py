"""What the types refuse, in the words of somebody who writes a document, in both languages."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from fairway.engine.findings import Finding, Path, say
from fairway.engine.reader import Document
from fairway.engine.shape import keys_of, nearest, part_at
from fairway.engine.spec import Sop

Message = dict[str, str]

_PATTERNS = {
    r"^[a-z][a-z0-9_]{0,49}$": (
        "“{input}” is no key here: a small letter first, then small letters, digits and _, 50 at most.",
        "“{input}”不能作键：须以小写字母开头，只含小写字母、数字和下划线，最长 50 个字符。",
    ),
    r"^[a-z][a-z0-9-]{0,49}$": (
        "“{input}” cannot be the key of a procedure: a small letter first, then small letters, digits and -.",
        "“{input}”不能作流程的标识：须以小写字母开头，只含小写字母、数字和连字符。",
    ),
    r"^[A-Z]$": (
        "A grade is one capital letter, such as A; “{input}” is none.",
        "等级是一个大写字母，如 A；“{input}”不是。",
    ),
    r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$": (
        "“{input}” names no fact: a fact is written with a dot, such as deal.amount.",
        "“{input}”不是数据项的名称：数据项要带点号，如 deal.amount。",
    ),
    r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,49}$": (
        "“{input}” is no key here: letters, digits, _ . and - only, 50 at most.",
        "“{input}”不能作键：只能用字母、数字、_ . -，最长 50 个字符。",
    ),
    r"^[A-Z]{1,6}$": (
        "The prefix of run numbers is one to six capital letters; “{input}” is not.",
        "编号前缀是 1 到 6 个大写字母；“{input}”不符合。",
    ),
}

# What the types say by themselves when parts do not fit together; the English is their own.
_RULES = {
    "a condition is exactly one of: all, any, not, step, fact": "一个条件只能是 all、any、not、step、fact 中的一种。",
    "a fact needs exactly one test, such as is, in, at_least, known": (
        "一个 fact 要有且只有一个判断，如 is、in、at_least、known。"
    ),
    "tests such as is and at_least belong to a fact": "is、at_least 这类判断要和 fact 写在一起。",
    "an automatic value has exactly one source": "自动取值有且只有一个来源。",
    "an enum names its choices or a list": "单选或多选字段要写 choices，或用 list 引用一个列表。",
    "a group has fields": "group 字段要写明其中的 fields。",
    "a list says what it is a list of, or has fields": "list 字段要用 of 写明内容，或写明其中的 fields。",
    "only a list or a group has fields": "只有 list 和 group 字段可以有 fields。",
    "what is confidential is not for the customer": "保密字段不能给客户看（confidential 与 customer 只能选一个）。",
    "nothing of a confidential form is for the customer": "保密表单里的字段都不能给客户看。",
    "only a list starts with the rows of a table": "只有 list 字段可以用 default_table 从表格取初始条目。",
    "a due time is one of: within, on (or both), item_moment with item_days, item_date": (
        "时限只能是 within、on（两者可同写）、item_moment 加 item_days、item_date 中的一种。"
    ),
    "spans by value need `by`, the fact that chooses": "按取值给出多个时长时，要用 by 写明依据哪个数据项。",
    "item_moment and item_days belong together": "item_moment 和 item_days 要一起写。",
    "an action has exactly one verb": "一个动作有且只有一个动词，如 notify、close、open。",
    "close and reason belong together": "close 和 reason 要一起写。",
    "a rung is either before or after the due time": "升级的每一级要么写 before，要么写 after。",
    "a rung tells somebody or does something": "升级的每一级要通知某人（to）或做某事（do）。",
    "an approval names its judges": "审批要写明审批人（judges）。",
    "only an approval has judges": "只有审批（approve）可以写 judges。",
    "a time is written as 2026-03-02T09:00:00+08:00": "时间请写成 2026-03-02T09:00:00+08:00 的形式。",
    "a step of a scenario does exactly one thing": "场景的每一步只做一件事。",
    "a step of a scenario has either do or wait": "场景的每一步要么写 do，要么写 wait。",
}
_NEEDS_FORM = re.compile(r"a step of kind (\w+) names its form")
_LANGUAGES = {"zh-hans": ("Chinese", "中文"), "en": ("English", "英文")}
_TAG = re.compile(r"[a-z-]*\[.*\]")  # the end of a loc that is no place: a refused key, or one way to read a value
_SHOWN = 60  # characters of a wrong value that are worth repeating


def finding_of(error: Mapping[str, Any], document: Document, whole: type[BaseModel] = Sop) -> Finding | None:
    """The finding for one entry of pydantic's `ValidationError.errors()`; None where it only follows from others."""
    loc: Path = error["loc"]
    kind: str = error["type"]
    if kind == "too_short" and len(error["input"] or ()) >= error["ctx"]["min_length"]:
        return None  # the entries are there, and refused for themselves
    if kind == "is_instance_of":
        return None  # a type that may also be given as a Python object; what is wrong with the text comes beside it
    if kind == "extra_forbidden":
        return document.finding(loc, "unknown-key", _unknown_key(loc, whole))
    if kind == "missing":
        return document.finding(loc, "missing", _missing(loc))
    if loc and _TAG.fullmatch(str(loc[-1])):
        loc = loc[:-1]
    if error["input"] is None and kind != "value_error":
        return document.finding(loc, "empty", say("A value is missing here.", "此处缺少内容。"))
    code, message = _message(kind, error)
    return document.finding(loc, code, message)


def _unknown_key(loc: Path, whole: type[BaseModel]) -> Message:
    key = str(loc[-1])
    part = part_at(loc[:-1], whole)
    like = nearest(key, keys_of(part)) if part else None
    shown = _shown(key)
    if like is None:
        return say(f"“{shown}” is not known here.", f"此处没有“{shown}”这个键。")
    return say(f"“{shown}” is not known here. Did you mean “{like}”?", f"此处没有“{shown}”这个键，是不是“{like}”？")


def _missing(loc: Path) -> Message:
    key = loc[-1]
    if key in _LANGUAGES:
        english, chinese = _LANGUAGES[str(key)]
        return say(f"The {english} text ({key}) is missing.", f"缺少{chinese}文字（{key}）。")
    if isinstance(key, int):
        return say(f"Entry {key + 1} is missing.", f"缺少第 {key + 1} 项。")
    return say(f"“{key}” is missing.", f"缺少“{key}”。")


def _message(kind: str, error: Mapping[str, Any]) -> tuple[str, Message]:
    context: Mapping[str, Any] = error.get("ctx") or {}
    value = _shown(error["input"])
    if kind == "string_pattern_mismatch" and context["pattern"] in _PATTERNS:
        return "spelling", say(*(text.format(input=value) for text in _PATTERNS[context["pattern"]]))
    if kind == "literal_error":
        return "choice", _choice(value, context["expected"])
    if kind == "value_error":
        return "does-not-fit", _rule(str(context["error"]))
    if kind == "model_type" and (belongs := _BELONGS.get(context["class_name"])):
        return "not-a-mapping", belongs
    if kind in _TYPES:
        code, en, zh = _TYPES[kind]
        values = {**context, "input": value}
        return code, say(en.format(**values), zh.format(**values))
    # A type of a later version of the language: better in one tongue than not at all.
    return kind.replace("_", "-"), say(
        f"“{value}” does not fit: {error['msg']}.", f"“{value}”不符合要求：{error['msg']}。"
    )


_NUMBER = ("number", "“{input}” is no whole number.", "“{input}”不是整数。")
_YES_NO = ("yes-no", "Write true or false, not “{input}”.", "请写 true 或 false，不是“{input}”。")
_TYPES = {
    "duration": (
        "duration",
        "“{input}” is no duration up to ten years: a number and m, h, d, w, mo, wd or wh, such as 24h, 14d, 3wd.",
        "“{input}”不是十年以内的时长：请写数字加单位 m、h、d、w、mo、wd、wh，如 24h、14d、3wd。",
    ),
    "int_parsing": _NUMBER,
    "int_type": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": _NUMBER,
    "bool_parsing": _YES_NO,
    "bool_type": _YES_NO,
    "greater_than_equal": ("range", "“{input}” is too small: {ge} at least.", "“{input}”太小，至少为 {ge}。"),
    "less_than_equal": ("range", "“{input}” is too large: {le} at most.", "“{input}”太大，最多为 {le}。"),
    "string_too_short": ("empty", "The text is empty.", "文字为空。"),
    "string_too_long": (
        "text-too-long", "The text is longer than {max_length} characters.", "文字超过 {max_length} 个字符。",
    ),
    "too_short": ("empty", "At least {min_length} entry is needed.", "至少要有 {min_length} 项。"),
    "too_long": ("too-many", "{max_length} entries at most.", "最多 {max_length} 项。"),
    "string_type": ("not-text", "A single text belongs here.", "此处应为一段文字。"),
    "tuple_type": ("not-a-list", "A list belongs here: [one, two].", "此处应为列表：[甲, 乙]。"),
    "dict_type": ("not-a-mapping", "Keys with values belong here: {{key: value}}.", "此处应为“键: 值”：{{键: 值}}。"),
    "model_type": ("not-a-mapping", "Keys with values belong here: {{key: value}}.", "此处应为“键: 值”：{{键: 值}}。"),
}  # fmt: skip

_BELONGS = {
    "Text": say(
        "A text in both languages belongs here: {zh-hans: …, en: …}.", "此处应为中英文两种文字：{zh-hans: …, en: …}。"
    ),
    "Condition": say(
        "A condition belongs here, such as {fact: deal.amount, at_least: 1000} or {all: […]}.",
        "此处应为条件，如 {fact: deal.amount, at_least: 1000} 或 {all: […]}。",
    ),
}


def _choice(value: str, expected: str) -> Message:
    choices = re.findall(r"'([^']*)'", expected)
    like = nearest(value, choices)
    hint_en, hint_zh = (f" Did you mean “{like}”?", f"是不是“{like}”？") if like else ("", "")
    return say(
        f"“{value}” is not one of: {', '.join(choices)}.{hint_en}",
        f"“{value}”不在可选值之中：{'、'.join(choices)}。{hint_zh}",
    )


def _rule(text: str) -> Message:
    if match := _NEEDS_FORM.fullmatch(text):
        return say(f"A step of kind {match[1]} names its form.", f"{match[1]} 类步骤要用 form 写明表单。")
    return say(f"It does not fit together: {text}.", _RULES.get(text, f"内容不匹配：{text}。"))


def _shown(value: Any) -> str:
    """A wrong value as it is repeated to its author: short, and nothing of a whole part."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list | tuple):
        return "[…]"
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

"""From what was typed, sent or imported to the values of a record, or every reason why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from fairway.engine.findings import say
from fairway.engine.forms.choices import MoreChoices, choice_of, choices_of
from fairway.engine.forms.numbers import decimal_of, int_of, money_of, money_range_of, number_of, percent_of
from fairway.engine.forms.reach import email_of, phone_of, url_of
from fairway.engine.forms.refusals import FieldError, Wrong, repeated
from fairway.engine.forms.texts import LONGTEXT_LIMIT, TEXT_LIMIT, alike, is_blank, narrow, text_of
from fairway.engine.forms.times import date_of, datetime_of
from fairway.engine.spec import ALWAYS, NEVER, Condition, Form, FormField, Sop, Text

ENTRIES_LIMIT = 200
SIZE_LIMIT = 256 * 1024  # bytes of all keys and texts together
DEPTH_LIMIT = 8
ERRORS_LIMIT = 200

Values = dict[str, Any]
# Whether a condition holds, given the values that were just typed (stored form; facts of this form go before others).
ConditionHolds = Callable[[Condition, Mapping[str, Any]], bool]
# Those of the ids that exist and may be named, for a kind: user, contact, account or file.
Exists = Callable[[str, Collection[int]], Collection[int]]

REFERENCES = {
    "user": "user", "users": "user", "contact": "contact", "contacts": "contact", "account": "account",
    "file": "file", "files": "file",
}  # fmt: skip
_MANY = {"users", "contacts", "files", "enums"}
_LARGEST_ID = 2**63 - 1
_YES = frozenset({"true", "yes", "y", "on", "1", "是", "有", "对", "√", "真"})
_NO = frozenset({"false", "no", "n", "off", "0", "否", "无", "不", "没有", "×", "假"})
_SEPARATORS = re.compile(r"[,，、;；|\n]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """`values` as a record keeps them (blank fields left out), and `errors` in the order of the form; none: good."""

    values: Values
    errors: list[FieldError]


@dataclass
class _Reading:
    """What is gathered while one form is read."""

    sop: Sop
    currency: str
    zone: tzinfo
    more: MoreChoices | None
    lenient: bool
    errors: list[FieldError] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    named: dict[str, list[_Reference]] = field(default_factory=dict)
    # Where an entry of a list stood before blank ones were dropped, by the list's path and the place it has now.
    places: dict[tuple[str, int], int] = field(default_factory=dict)

    def refuse(self, path: str, label: Text | None, code: str, message: dict[str, str]) -> None:
        """Note what is wrong with the value at `path`."""
        self.failed.add(path)
        if len(self.errors) < ERRORS_LIMIT:
            self.errors.append(FieldError(path, code, message, label))


@dataclass(frozen=True, slots=True)
class _Reference:
    id: int
    path: str
    label: Text


def parse(
    sop: Sop,
    form: Form,
    raw: Any,
    *,
    condition_holds: ConditionHolds,
    zone: tzinfo = UTC,
    currency: str = "CNY",
    exists: Exists | None = None,
    more_choices: MoreChoices | None = None,
    lenient: bool = False,
) -> Parsed:
    """Read `raw` (a mapping: nested texts from a page or an import, or typed JSON) as a filling of `form`.

    `zone` is where a time without an offset was typed, `currency` that of every amount. `condition_holds` is asked for
    the fields that are required under a condition. `exists` is asked once per kind for the ids that were named.
    Automatic fields are not read. Unknown keys are refused unless `lenient`. Never raises on any JSON.
    """
    reading = _Reading(sop, currency, zone, more_choices, lenient)
    if not isinstance(raw, Mapping):
        reading.refuse("", None, "not_a_form", say("Fields with values belong here.", "此处应为各字段的值。"))
    elif (too_much := _too_much(raw)) is not None:
        reading.refuse("", None, "too_much", too_much)
    else:
        values = _fields(reading, form.fields, raw, "", None)
        _check_references(reading, exists)
        _require(reading, form.fields, values, "", None, lambda condition: _holds(condition, values, condition_holds))
        return Parsed(values, _in_order(form.fields, reading.errors))
    return Parsed({}, reading.errors)


def parse_value(sop: Sop, form_field: FormField, raw: Any, *, zone: tzinfo = UTC, currency: str = "CNY") -> Any:
    """One value of a field as a record keeps it, None where it is blank or cannot be read (defaults of a document)."""
    if is_blank(raw):
        return None
    reading = _Reading(sop, currency, zone, None, lenient=False)
    value = _value(reading, form_field, raw, form_field.key, form_field.label)
    return None if reading.errors else value


# -- the size of what came ---------------------------------------------------------------------------------------------


def _too_much(raw: Mapping[str, Any]) -> dict[str, str] | None:
    """Measured before anything is read; without recursion, since depth is what is measured."""
    size = 0
    stack: list[tuple[Any, int]] = [(raw, 0)]
    while stack:
        value, depth = stack.pop()
        if depth > DEPTH_LIMIT:
            return say("The form is nested too deeply.", "表单内容嵌套过深。")
        if isinstance(value, str):
            size += len(value.encode("utf-8", "surrogatepass"))
        elif isinstance(value, Mapping):
            stack.extend((key, depth) for key in value)
            stack.extend((child, depth + 1) for child in value.values())
        elif isinstance(value, list | tuple):
            stack.extend((child, depth + 1) for child in value)
        elif isinstance(value, int):
            size += value.bit_length() // 3
        size += 1
        if size > SIZE_LIMIT:
            limit = SIZE_LIMIT // 1024
            return say(f"The form holds more than {limit} KB of text.", f"表单内容超过 {limit} KB。")
    return None


# -- fields ------------------------------------------------------------------------------------------------------------


def _fields(
    reading: _Reading, fields: Iterable[FormField], raw: Mapping[str, Any], path: str, above: Text | None
) -> Values:
    values: Values = {}
    known = set()
    for one in fields:
        known.add(one.key)
        if one.auto is not None or is_blank(raw.get(one.key)):
            continue
        value = _value(reading, one, raw[one.key], path + one.key, _label(above, one))
        if value is not None and value != [] and value != {}:
            values[one.key] = value
    if not reading.lenient:
        for key in raw:
            if key not in known:
                shown = repeated(key)
                message = say(f"This form has no field “{shown}”.", f"此表单没有“{shown}”这个字段。")
                reading.refuse(path + shown, above, "unknown_field", message)
    return values


def _value(reading: _Reading, one: FormField, raw: Any, path: str, label: Text) -> Any:
    if one.type == "group":
        return _group(reading, one, raw, path, label)
    if one.type == "list" or one.type in _MANY:
        return _entries(reading, one, raw, path, label)
    return _single(reading, one, one.type, raw, path, label)


def _single(reading: _Reading, one: FormField, type_: str, raw: Any, path: str, label: Text) -> Any:
    try:
        value = _read(reading, one, type_, raw)
        _check_bounds(one, type_, value)
    except Wrong as wrong:
        reading.refuse(path + wrong.at, label, wrong.code, wrong.message)
        return None
    if type_ in REFERENCES:
        reading.named.setdefault(REFERENCES[type_], []).append(_Reference(value, path, label))
    return value


def _read(reading: _Reading, one: FormField, type_: str, raw: Any) -> Any:
    match type_:
        case "money":
            return money_of(raw, reading.currency)
        case "money_range":
            return money_range_of(raw, reading.currency)
        case "datetime":
            return datetime_of(raw, reading.zone)
        case "enum":
            return choice_of(choices_of(reading.sop, one, reading.more), raw)
        case "longtext":
            return text_of(raw, LONGTEXT_LIMIT)
        case _:
            return _READERS[type_](raw)


def bool_of(raw: Any) -> bool:
    """Yes or no, also as typed in either language. Raises Wrong otherwise."""
    if isinstance(raw, bool):
        return raw
    word = alike(raw[:TEXT_LIMIT]) if isinstance(raw, str) else str(raw) if raw in (0, 1) else ""
    if word in _YES or word in _NO:
        return word in _YES
    raise Wrong("not_yes_or_no", "Say yes or no.", "请填“是”或“否”。")


def id_of(raw: Any) -> int:
    """The id of a person, contact, company or file. Raises Wrong when it can be none."""
    if isinstance(raw, str):
        text = narrow(raw[:TEXT_LIMIT]).strip()
        raw = int(text) if re.fullmatch(r"[0-9]{1,19}", text) else None
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 < raw <= _LARGEST_ID:
        raise Wrong("not_a_reference", "Choose one from the list.", "请从列表中选择。")
    return raw


_READERS: dict[str, Callable[[Any], Any]] = {
    "text": text_of, "region": text_of, "int": int_of, "decimal": decimal_of, "percent": percent_of, "bool": bool_of,
    "date": date_of, "phone": phone_of, "email": email_of, "url": url_of, "user": id_of, "contact": id_of,
    "account": id_of, "file": id_of,
}  # fmt: skip


def _check_bounds(one: FormField, type_: str, value: Any) -> None:
    """Bounds of numbers; those of amounts are written in major units, and are zero at least unless they say less."""
    if type_ not in {"int", "decimal", "percent", "money"} or value is None:
        return
    number = number_of(value) / (100 if type_ == "money" else 1)
    low = 0 if type_ == "money" and one.at_least is None else one.at_least
    if low is not None and number < low:
        raise Wrong("too_small", f"At least {low:,}.", f"不能小于 {low:,}。")
    if one.at_most is not None and number > one.at_most:
        raise Wrong("too_large", f"At most {one.at_most:,}.", f"不能大于 {one.at_most:,}。")


# -- groups and lists --------------------------------------------------------------------------------------------------


def _group(reading: _Reading, one: FormField, raw: Any, path: str, label: Text) -> Values | None:
    if not isinstance(raw, Mapping):
        reading.refuse(path, label, "not_a_group", say("Fields with values belong here.", "此处应为各字段的值。"))
        return None
    return _fields(reading, one.fields, raw, f"{path}.", label)


def _entries(reading: _Reading, one: FormField, raw: Any, path: str, label: Text) -> list[Any] | None:
    entries = _listed(one, raw)
    if entries is None:
        reading.refuse(path, label, "not_a_list", say("A list belongs here.", "此处应为列表。"))
        return None
    given = [(index, entry) for index, entry in enumerate(entries) if not is_blank(entry)]
    if len(given) > ENTRIES_LIMIT:
        message = say(f"{ENTRIES_LIMIT} entries at most.", f"最多 {ENTRIES_LIMIT} 项。")
        reading.refuse(path, label, "too_many", message)
        return None
    values: list[Any] = []
    before = len(reading.errors)
    for index, entry in given:
        value = _entry(reading, one, entry, f"{path}.{index}", _nth(label, index))
        is_repeated = one.type in _MANY or one.of in {"user", "contact", "file"}
        if value is not None and value != {} and not (is_repeated and value in values):
            reading.places[path, len(values)] = index
            values.append(value)
    if len(reading.errors) == before and values:
        _check_count(reading, one, len(values), path, label)
    return values


def _entry(reading: _Reading, one: FormField, raw: Any, path: str, label: Text) -> Any:
    if one.type == "list" and one.fields:
        return _group(reading, one, raw, path, label)
    type_ = {"users": "user", "contacts": "contact", "files": "file", "enums": "enum"}.get(one.type, one.of or "text")
    plain_field = one.model_copy(update={"at_least": None, "at_most": None})
    return _single(reading, plain_field, type_, raw, path, label)


def _listed(one: FormField, raw: Any) -> list[Any] | None:
    """The entries: a list, a mapping by position (as a page sends it), or one text with a line or item for each."""
    if isinstance(raw, list | tuple):
        return list(raw)
    if isinstance(raw, Mapping):
        if all(isinstance(key, str) and re.fullmatch(r"[0-9]{1,6}", key) for key in raw):
            return [raw[key] for key in sorted(raw, key=int)]
        return [raw] if one.fields else None
    if one.fields:
        return None
    if isinstance(raw, str):
        is_free = one.type == "list" and one.of == "text"
        return raw.split("\n") if is_free else _SEPARATORS.split(raw)
    return [raw]


def _check_count(reading: _Reading, one: FormField, count: int, path: str, label: Text) -> None:
    if one.at_least is not None and count < one.at_least:
        message = say(
            f"At least {one.at_least} entries are needed; there are {count}.",
            f"至少要 {one.at_least} 项，现有 {count} 项。",
        )
        reading.refuse(path, label, "too_few", message)
    elif one.at_most is not None and count > one.at_most:
        message = say(f"At most {one.at_most} entries; there are {count}.", f"最多 {one.at_most} 项，现有 {count} 项。")
        reading.refuse(path, label, "too_many", message)


# -- what must be there ------------------------------------------------------------------------------------------------


def _require(
    reading: _Reading,
    fields: Iterable[FormField],
    values: Mapping[str, Any],
    path: str,
    above: Text | None,
    holds: Callable[[Condition], bool],
) -> None:
    """Refuse what is missing. Inside a group and an entry of a list only where something of it was given."""
    for one in fields:
        here = path + one.key
        if one.auto is not None:
            continue
        value = values.get(one.key)
        if value is None:
            is_wrong = any(failed == here or failed.startswith(f"{here}.") for failed in reading.failed)
            if not is_wrong and holds(one.required):
                reading.refuse(here, _label(above, one), "required", say("This is needed.", "此项必填。"))
        elif one.type == "group":
            _require(reading, one.fields, value, f"{here}.", _label(above, one), holds)
        elif one.type == "list" and one.fields:
            _require_entries(reading, one, value, here, _label(above, one), holds)


def _holds(condition: Condition, values: Mapping[str, Any], condition_holds: ConditionHolds) -> bool:
    """Most fields are needed always or never: those are not asked about."""
    if condition in (ALWAYS, NEVER):
        return condition == ALWAYS
    return condition_holds(condition, values)


def _require_entries(
    reading: _Reading, one: FormField, entries: list[Values], path: str, label: Text, holds: Callable[[Condition], bool]
) -> None:
    for position, entry in enumerate(entries):
        index = reading.places.get((path, position), position)
        _require(reading, one.fields, entry, f"{path}.{index}.", _nth(label, index), holds)


def _check_references(reading: _Reading, exists: Exists | None) -> None:
    if exists is None:
        return
    for kind, references in reading.named.items():
        found = set(exists(kind, {reference.id for reference in references}))
        for reference in references:
            if reference.id not in found:
                message = say(
                    "It is not there any more, or you may not see it. Choose another one.",
                    "所选内容已不存在，或您无权查看，请重新选择。",
                )
                reading.refuse(reference.path, reference.label, "not_found", message)


# -- labels and order --------------------------------------------------------------------------------------------------


def _label(above: Text | None, one: FormField) -> Text:
    if above is None:
        return one.label
    return Text(zh_hans=f"{above.zh_hans} · {one.label.zh_hans}", en=f"{above.en} · {one.label.en}")


def _nth(label: Text, index: int) -> Text:
    return Text(zh_hans=f"{label.zh_hans} {index + 1}", en=f"{label.en} {index + 1}")


def _in_order(fields: Iterable[FormField], errors: list[FieldError]) -> list[FieldError]:
    """The errors in the order in which the fields stand on the form, unknown keys last."""
    places = {one.key: place for place, one in enumerate(fields)}

    def rank(error: FieldError) -> tuple[Any, ...]:
        first, *rest = error.path.split(".")
        return places.get(first, len(places)), [(int(r), "") if r.isdigit() else (-1, "") for r in rest[:1]]

    return sorted(errors, key=rank)

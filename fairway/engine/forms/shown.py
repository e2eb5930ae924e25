"""A filled form as people read it: on the timeline, on a page, in an export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from fairway.engine.facts import MINOR_UNITS
from fairway.engine.forms.choices import MoreChoices, choices_of, title_of
from fairway.engine.forms.numbers import SYMBOLS
from fairway.engine.forms.parse import REFERENCES
from fairway.engine.spec import Form, FormField, Sop

# The name of a person, contact, company or file by kind and id.
Resolve = Callable[[str, int], str]

_CENT = Decimal("0.01")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Shown(NamedTuple):
    """One readable row: the label, the text (a line for each entry of a list), and the field with its stored value."""

    label: str
    text: str
    field: FormField
    value: Any


@dataclass(frozen=True, slots=True)
class _Reader:
    sop: Sop
    is_chinese: bool
    language: str
    resolve: Resolve
    currency: str
    zone: tzinfo
    more: MoreChoices | None


def shown(
    sop: Sop,
    form: Form,
    values: Mapping[str, Any],
    language: str,
    resolve: Resolve,
    *,
    currency: str = "CNY",
    zone: tzinfo = UTC,
    more_choices: MoreChoices | None = None,
) -> list[Shown]:
    """The rows of a filled form in the order of its fields, those that are blank left out.

    Pass only what the reader may see (`visible_values`). Times are shown in `zone`.
    """
    reader = _Reader(sop, language.lower().startswith("zh"), language, resolve, currency, zone, more_choices)
    return list(_rows(reader, form.fields, values))


def _rows(reader: _Reader, fields: Iterable[FormField], values: Mapping[str, Any]) -> Iterator[Shown]:
    for one in fields:
        value = values.get(one.key)
        if value is not None:
            yield Shown(one.label.in_language(reader.language), _text(reader, one, value), one, value)


def _text(reader: _Reader, one: FormField, value: Any) -> str:
    if one.type == "group":
        return _inner(reader, one, value)
    if one.type == "list":
        if one.fields:
            return "\n".join(_inner(reader, one, entry) for entry in value)
        kind = one.of or "text"
        return "\n".join(_single(reader, one, kind, entry) for entry in value)
    if isinstance(value, list):
        single = {"users": "user", "contacts": "contact", "files": "file", "enums": "enum"}[one.type]
        return ("、" if reader.is_chinese else ", ").join(_single(reader, one, single, entry) for entry in value)
    return _single(reader, one, one.type, value)


def _inner(reader: _Reader, one: FormField, values: Mapping[str, Any]) -> str:
    colon, between = ("：", "；") if reader.is_chinese else (": ", "; ")
    return between.join(f"{row.label}{colon}{row.text}" for row in _rows(reader, one.fields, values))


def _rounded(one: FormField, value: Any) -> str:
    """A reckoned number is kept exact and read with two decimals; a typed one is read as it was typed."""
    if one.auto is None:
        return str(value)
    return format(Decimal(str(value)).quantize(_CENT, ROUND_HALF_UP), "f")


def _single(reader: _Reader, one: FormField, type_: str, value: Any) -> str:
    if type_ in REFERENCES:
        return reader.resolve(REFERENCES[type_], value)
    match type_:
        case "money":
            return money_text(value, reader.currency)
        case "money_range":
            return range_text(value, reader.currency, is_chinese=reader.is_chinese)
        case "percent" | "decimal":
            return _rounded(one, value) + ("%" if type_ == "percent" else "")
        case "int":
            return f"{value:,}"
        case "bool":
            return ("是" if value else "否") if reader.is_chinese else ("Yes" if value else "No")
        case "date":
            return date_text(date.fromisoformat(value), is_chinese=reader.is_chinese)
        case "datetime":
            moment = datetime.fromisoformat(value).astimezone(reader.zone)
            return f"{date_text(moment.date(), is_chinese=reader.is_chinese)} {moment:%H:%M}"
        case "enum":
            return title_of(choices_of(reader.sop, one, reader.more), value, reader.language)
    return str(value)


def money_text(minor: int, currency: str) -> str:
    """An amount in minor units, grouped, with its currency: `¥12,000.50`; a whole one without decimals."""
    whole, part = divmod(abs(minor), MINOR_UNITS)
    number = f"{whole:,}.{part:02d}" if part else f"{whole:,}"
    sign = "-" if minor < 0 else ""
    symbol = SYMBOLS.get(currency)
    return f"{sign}{symbol}{number}" if symbol and currency != "JPY" else f"{sign}{number} {currency}"


def range_text(value: Mapping[str, int | None], currency: str, *, is_chinese: bool) -> str:
    """A money_range, either end of which may be open."""
    low, high = value.get("from"), value.get("to")
    if low is not None and high is not None:
        start, end = money_text(low, currency), money_text(high, currency)
        return start if low == high else f"{start} – {end}"
    if low is not None:
        return f"{money_text(low, currency)} 以上" if is_chinese else f"from {money_text(low, currency)}"
    if high is not None:
        return f"{money_text(high, currency)} 以内" if is_chinese else f"up to {money_text(high, currency)}"
    return ""


def date_text(day: date, *, is_chinese: bool) -> str:
    """A day as it is read: `2026年3月2日`, `2 Mar 2026`."""
    if is_chinese:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

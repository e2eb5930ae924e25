"""Values between a record, a page and the facts: what a form starts from, and how a stored value is typed again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from fairway.engine.facts import MINOR_UNITS
from fairway.engine.forms.numbers import plain
from fairway.engine.forms.parse import Values, parse_value
from fairway.engine.spec import Form, FormField, Sop


def initial(
    sop: Sop,
    form: Form,
    facts: Mapping[str, Any],
    previous: Mapping[str, Any] | None = None,
    *,
    zone: tzinfo = UTC,
    currency: str = "CNY",
    language: str = "zh-hans",
) -> Values:
    """What a form starts from, as a record would keep it: the record before (a correction, another round), else what is
    known (`default_fact`, typed facts), else the default written in the document (`default`, `default_table`, its
    titles in `language`). Automatic fields are left out.
    """
    found: Values = {}
    for one in form.fields:
        if one.auto is not None:
            continue
        value = (previous or {}).get(one.key)
        if value is None and one.default_fact is not None:
            value = stored(one, facts.get(one.default_fact), zone)
        if value is None and one.default is not None:
            value = parse_value(sop, one, one.default, zone=zone, currency=currency)
        if value is None and one.default_table is not None:
            value = _rows_of_table(sop, one, zone, currency, language)
        if value is not None:
            found[one.key] = value
    return found


def _rows_of_table(sop: Sop, one: FormField, zone: tzinfo, currency: str, language: str) -> list[Values] | None:
    """An entry for each row of the field's table: its key and title where the entry has such fields, and its values."""
    table = sop.tables.get(one.default_table or "")
    if table is None:
        return None
    entries = []
    for row in table.rows:
        texts = {"key": row.key, "title": row.title.in_language(language) if row.title else row.key, **row.values}
        read = {
            inner.key: parse_value(sop, inner, texts.get(inner.key, inner.default), zone=zone, currency=currency)
            for inner in one.fields
        }
        entries.append({key: value for key, value in read.items() if value is not None})
    return entries


def stored(one: FormField, value: Any, zone: tzinfo = UTC) -> Any:
    """A typed fact as a record keeps it in this field; None where it cannot be kept there."""
    if value is None:
        return None
    match one.type:
        case "date" if isinstance(value, datetime):
            return value.astimezone(zone).date().isoformat()
        case "date":
            return value.isoformat() if isinstance(value, date) else None
        case "datetime":
            return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else None
        case "money":
            # A table writes money in major units.
            return int(value * MINOR_UNITS) if isinstance(value, Decimal) else value if isinstance(value, int) else None
        case "int":
            return int(value) if isinstance(value, int | Decimal) else None
        case "decimal" | "percent":
            return plain(Decimal(value)) if isinstance(value, int | Decimal) else None
        case "users" | "contacts" | "files" | "enums" | "list":
            return value if isinstance(value, list) else [value]
        case "text" | "longtext" | "region" | "phone" | "email" | "url" | "enum":
            return str(value)
    return value


def as_input(form: Form, values: Mapping[str, Any], zone: tzinfo = UTC) -> Values:
    """Stored values as they would be typed again or sent as JSON: amounts in major units as text (`12000.50`), times in
    `zone` with their offset. What `parse` reads from it is `values` again.
    """
    return _typed_again(form.fields, values, zone)


def _typed_again(fields: tuple[FormField, ...], values: Mapping[str, Any], zone: tzinfo) -> Values:
    return {one.key: _again(one, values[one.key], zone) for one in fields if values.get(one.key) is not None}


def _again(one: FormField, value: Any, zone: tzinfo) -> Any:
    match one.type:
        case "money":
            return major(value)
        case "money_range":
            return {end: None if value.get(end) is None else major(value[end]) for end in ("from", "to")}
        case "datetime":
            return datetime.fromisoformat(value).astimezone(zone).isoformat()
        case "group":
            return _typed_again(one.fields, value, zone)
        case "list" if one.fields:
            return [_typed_again(one.fields, entry, zone) for entry in value]
    return value


def major(minor: int) -> str:
    """An amount in minor units as plain text in major units: `12000.50`, whole ones as `12000`."""
    whole, part = divmod(abs(minor), MINOR_UNITS)
    return f"{'-' if minor < 0 else ''}{whole}{f'.{part:02d}' if part else ''}"

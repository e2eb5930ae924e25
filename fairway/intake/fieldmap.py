"""Which column becomes which field: read from a document or from pairs, guessed from names and content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from fairway.engine.findings import DocumentRefused
from fairway.engine.forms.texts import alike
from fairway.engine.reader import read
from fairway.intake import words
from fairway.intake.errors import BadFieldMap
from fairway.intake.fields import EXTERNAL, Target, Targets
from fairway.intake.reading import Table

MATCH = ("phone", "email", "company", EXTERNAL)
_PARTS = ("columns", "defaults", "values", "match")
_PLACE = re.compile(r"\{([^{}]+)\}")
_SAMPLE = 200
_MOST = 0.5  # of the cells that are filled
_SURE = 0.8
_WORD = re.compile(r"[^\w\u4e00-\u9fff]+")

_SURELY = {
    "phone": re.compile(r"(?:\+|00)[\d\s()\-]{8,20}|(?:86)?1[3-9](?:[\s-]?\d){9}|0\d{2,3}[\s-]?\d{7,8}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
}
"""By which a column is known whatever its heading; a number or a day could be anything."""

_LOOKS = {
    "phone": re.compile(r"[\s\d０-９+\-()（）.＋－　]{7,25}"),
    "email": re.compile(r"\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*"),
    "points": re.compile(r"\s*[0-9０-９]{1,2}\s*"),
    "date": re.compile(r"\s*\d{2,4}\s*[-/.年].*"),
}


@dataclass(frozen=True, slots=True)
class FieldMap:
    """`columns`: field → column, or a text with `{columns}` in it. `defaults`: field → what stands for a blank.

    `values`: field → {what the file says: what is meant}. `match`: by what a duplicate is known.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    match: tuple[str, ...] = MATCH

    def as_json(self) -> dict[str, Any]:
        """For keeping; `from_json` reads it back."""
        return {
            "columns": dict(self.columns),
            "defaults": dict(self.defaults),
            "values": {name: dict(one) for name, one in self.values.items()},
            "match": list(self.match),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> FieldMap:
        """What `as_json` gave."""
        return cls(kept["columns"], kept["defaults"], kept["values"], tuple(kept["match"]))

    def over(self, other: FieldMap) -> FieldMap:
        """This mapping where it says something, else `other`: what a person wrote goes before what was guessed.

        A column that this one uses is not used a second time by a guess.
        """
        used = {name for text in self.columns.values() for name in columns_in(text)}
        guessed = {key: text for key, text in other.columns.items() if key not in self.columns and text not in used}
        values = {**other.values, **{key: {**other.values.get(key, {}), **one} for key, one in self.values.items()}}
        return FieldMap({**guessed, **self.columns}, {**other.defaults, **self.defaults}, values, self.match)


def columns_in(text: str) -> list[str]:
    """The columns that a value of `FieldMap.columns` names."""
    return _PLACE.findall(text) or [text]


def is_composed(text: str) -> bool:
    """Whether it is a text with columns in it, and not the name of one."""
    return bool(_PLACE.search(text))


# -- written by people -------------------------------------------------------------------------------------------------


def read_document(text: str | bytes, targets: Targets, *, name: str = "") -> FieldMap:
    """A mapping written as YAML or JSON, with `columns`, `defaults`, `values` and `match`. Raises BadFieldMap."""
    try:
        data = read(text, name=name).data
    except DocumentRefused as refused:
        raise BadFieldMap([f"{one.line}: {one.text()}" for one in refused.findings]) from refused
    return build(data, targets)


def from_pairs(pairs: Iterable[str], targets: Targets) -> FieldMap:
    """A mapping from `field=column` pairs. Raises BadFieldMap."""
    return build({"columns": dict(pair.split("=", 1) for pair in pairs)}, targets)


def build(data: Mapping[str, Any], targets: Targets) -> FieldMap:
    """A mapping from plain data, its fields by short name or by the form's key. Raises BadFieldMap with all faults."""
    problems = [
        _("“%(part)s” is no part of a mapping; there are: %(parts)s.") % {"part": part, "parts": ", ".join(_PARTS)}
        for part in data
        if part not in _PARTS
    ]
    parts = {part: _named(data.get(part), part, targets, problems) for part in _PARTS[:3]}
    for part in ("columns", "defaults"):
        problems += [
            _("%(part)s.%(field)s is not a text.") % {"part": part, "field": key}
            for key, value in parts[part].items()
            if not isinstance(value, str)
        ]
    values = {key: _value_map(key, one, problems) for key, one in parts["values"].items()}
    match = data.get("match")
    if match is None:
        match = list(MATCH)
    if not isinstance(match, list) or not set(match) <= set(MATCH):
        problems.append(_("“match” is a list of: %(keys)s.") % {"keys": ", ".join(MATCH)})
    if problems:
        raise BadFieldMap(problems)
    return FieldMap(parts["columns"], parts["defaults"], values, tuple(match))


def _named(found: Any, part: str, targets: Targets, problems: list[str]) -> dict[str, Any]:
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        problems.append(_("“%(part)s” gives something to each field.") % {"part": part})
        return {}
    named: dict[str, Any] = {}
    for name, value in found.items():
        target = targets.find(str(name))
        if target is None:
            known = ", ".join(targets.by_key)
            problems.append(_("There is no field “%(name)s”; there are: %(known)s.") % {"name": name, "known": known})
        elif value not in (None, ""):
            named[target.key] = value
    return named


def _value_map(key: str, found: Any, problems: list[str]) -> dict[str, str]:
    if not isinstance(found, Mapping) or not all(isinstance(one, str | None) for one in found.values()):
        problems.append(_("values.%(field)s gives a word for each word of the file.") % {"field": key})
        return {}
    return {str(word): str(meant or "") for word, meant in found.items()}


def check_columns(fieldmap: FieldMap, columns: Sequence[str]) -> FieldMap:
    """The mapping with the columns as the file spells them. Raises BadFieldMap naming those that are not there."""
    known = {alike(name): name for name in columns}
    problems: list[str] = []
    spelled = {key: _spelled(text, known, problems) for key, text in fieldmap.columns.items()}
    if problems:
        problems.append(_("The columns of the file are: %(columns)s.") % {"columns": ", ".join(columns)})
        raise BadFieldMap(problems)
    return replace(fieldmap, columns=spelled)


def _spelled(text: str, known: Mapping[str, str], problems: list[str]) -> str:
    def one(name: str) -> str:
        found = known.get(alike(name))
        if found is None:
            problems.append(_("The file has no column “%(name)s”.") % {"name": name})
        return found or name

    if not is_composed(text) or alike(text) in known:
        return one(text)
    return _PLACE.sub(lambda match: "{" + one(match[1]) + "}", text)


# -- guessed -----------------------------------------------------------------------------------------------------------


def guess(table: Table, targets: Targets) -> FieldMap:
    """What the columns probably are, by their names in both languages and by what stands in them."""
    samples = {name: _sample(table.frame.get_column(name)) for name in table.columns}
    rated = sorted(
        (
            (-points, index, order, name, target.key)
            for index, name in enumerate(table.columns)
            for order, target in enumerate(targets.by_key.values())
            if (points := _points(name, samples[name], target))
        ),
    )
    columns: dict[str, str] = {}
    for _rank, _index, _order, name, key in rated:
        if key not in columns and name not in columns.values():
            columns[key] = name
    return FieldMap(columns={key: columns[key] for key in targets.by_key if key in columns})


def _sample(column: pl.Series) -> list[str]:
    return [cell for cell in column.head(_SAMPLE * 5).drop_nulls().to_list() if cell.strip()][:_SAMPLE]


def _points(name: str, sample: Sequence[str], target: Target) -> float:
    """How well a column fits a field: 0 not at all, 100 and more by its very name, less by a part or by content."""
    look = _LOOKS.get(target.kind)
    if look and sample and _share(look, sample) < _MOST:
        return 0
    heading = _plain(name)
    called = [_plain(one) for one in _called(target)]
    if heading in called:
        return 200 - called.index(heading)
    if any(_is_part(one, heading) for one in called):
        return 50
    surely = _SURELY.get(target.key)
    return 40 if surely and sample and _share(surely, sample) > _SURE else 0


def _share(look: re.Pattern[str], sample: Sequence[str]) -> float:
    return sum(1 for cell in sample if look.fullmatch(cell.strip())) / len(sample)


def _called(target: Target) -> tuple[str, ...]:
    return (*words.HEADINGS.get(target.key, ()), target.title.zh_hans, target.title.en, target.key, target.form_key)


def _plain(text: str) -> str:
    return _WORD.sub(" ", text.casefold().replace("_", " ")).strip()


def _is_part(word: str, heading: str) -> bool:
    """Whether the heading holds the word: a whole word in English, two characters at least in Chinese."""
    if not word or word.isdigit():
        return False
    if word.isascii():
        return len(word) > 3 and f" {word} " in f" {heading} "
    return len(word) > 1 and word in heading

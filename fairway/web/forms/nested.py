"""From the flat names of an HTML form (`values.payment_nodes.0.percent`) to nested input, and rows added or removed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from fairway.engine.forms.parse import ENTRIES_LIMIT
from fairway.engine.forms.texts import is_blank
from fairway.engine.spec import Form, FormField

PREFIX = "values"
# The button that adds or removes a row: name, and `add:payment_nodes` or `remove:payment_nodes:2`.
ROWS = "rows"

DEPTH_LIMIT = 8
NAMES_LIMIT = 5000
FILES_LIMIT = 50

_POSITION = re.compile(r"[0-9]{1,4}")
_BUTTON = re.compile(r"(?:(add):([a-z0-9_.]{1,300})|(remove):([a-z0-9_.]{1,300}):([0-9]{1,4}))")


def nested(post: QueryDict, prefix: str = PREFIX) -> dict[str, Any]:
    """The values below `prefix` as mappings, lists (by position, without gaps) and texts; many of one name as a list.

    A name that is no path, or contradicts one before, is left out. Raises SuspiciousOperation where there are too many.
    """
    tree: dict[str, Any] = {}
    names = [name for name in post if name.startswith(f"{prefix}.")]
    if len(names) > NAMES_LIMIT:
        raise SuspiciousOperation("too many fields")
    for name in names:
        values = [value.replace("\r\n", "\n") for value in post.getlist(name)]
        path = name.split(".")[1:]
        if len(path) <= DEPTH_LIMIT and all(path) and values:
            _put(tree, path, values[0] if len(values) == 1 else values)
    return {key: _listed(value) for key, value in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        below = tree.setdefault(part, {})
        if not isinstance(below, dict):
            return
        tree = below
    tree.setdefault(path[-1], value)


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    below = {key: _listed(child) for key, child in value.items()}
    if below and all(_POSITION.fullmatch(key) for key in below):
        return [below[key] for key in sorted(below, key=int)]
    return below


def typed(form: Form, post: QueryDict, prefix: str = PREFIX) -> dict[str, Any]:
    """What was typed into the page of a form, ready for `engine.forms.parse` and for showing it again.

    A tick box sends its last value; a row in which nothing but defaults stands counts as blank.
    """
    return _shaped(form.fields, nested(post, prefix))


def uploaded(files: MultiValueDict[str, UploadedFile[Any]], prefix: str = PREFIX) -> dict[str, list[UploadedFile[Any]]]:
    """The files that came with a form, by the path of their field (`evidence`, `phases.1.report`).

    Raises SuspiciousOperation for more than FILES_LIMIT.
    """
    found = {name.removeprefix(f"{prefix}."): files.getlist(name) for name in files if name.startswith(f"{prefix}.")}
    if sum(map(len, found.values())) > FILES_LIMIT:
        raise SuspiciousOperation("too many files")
    return found


def with_files(form: Form, raw: dict[str, Any], ids: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """The input with the ids of files that were just kept, by path: beside those there, or instead of a single one."""
    for path, new in ids.items():
        parts = path.split(".")
        one = _field_at(form.fields, parts)
        if one is not None and new:
            raw = _filed(raw, parts, [str(id_) for id_ in new], is_single=one.type == "file")
    return raw


def _filed(raw: Any, path: list[str], new: list[str], *, is_single: bool) -> Any:
    if not path:
        before = raw if isinstance(raw, list) else [] if is_blank(raw) else [raw]
        return new[-1] if is_single else [*before, *new]
    first, *rest = path
    if isinstance(raw, list):
        return [
            _filed(row, rest, new, is_single=is_single) if str(place) == first else row for place, row in enumerate(raw)
        ]
    below = raw if isinstance(raw, dict) else {}
    return {**below, first: _filed(below.get(first), rest, new, is_single=is_single)}


def _shaped(fields: Iterable[FormField], raw: dict[str, Any]) -> dict[str, Any]:
    shaped = dict(raw)
    for one in fields:
        value = raw.get(one.key)
        if value is None:
            continue
        if one.type == "bool" and isinstance(value, list):
            shaped[one.key] = value[-1]
        elif one.type == "group" and isinstance(value, dict):
            shaped[one.key] = _shaped(one.fields, value)
        elif one.type == "list" and one.fields and isinstance(value, list):
            rows = [_shaped(one.fields, row) if isinstance(row, dict) else row for row in value]
            shaped[one.key] = [{} if _is_untouched(one.fields, row) else row for row in rows]
    return shaped


def _is_untouched(fields: Iterable[FormField], row: Any) -> bool:
    if not isinstance(row, dict):
        return False
    defaults = {one.key: one.default for one in fields}
    return all(is_blank(value) or value == defaults.get(key) for key, value in row.items())


def rows_changed(form: Form, raw: dict[str, Any], post: QueryDict) -> dict[str, Any] | None:
    """The input after a press of "add" or "remove" on a list; None where something else was pressed.

    The page is then shown again with what was typed, and nothing is saved.
    """
    match = _BUTTON.fullmatch(post.get(ROWS, ""))
    if match is None:
        return None
    path = (match[2] or match[4]).split(".")
    one = _field_at(form.fields, path)
    if one is None:
        return raw
    position = None if match[5] is None else int(match[5])
    changed: dict[str, Any] = _changed(raw, path, position)
    return changed


def _field_at(fields: Iterable[FormField], path: list[str]) -> FormField | None:
    first, *rest = path
    one = next((one for one in fields if one.key == first), None)
    if one is None or not rest:
        return one
    return _field_at(one.fields, rest[1:] if one.type == "list" and len(rest) > 1 else rest)


def _changed(raw: Any, path: list[str], position: int | None) -> Any:
    """A copy of `raw` in which the list at `path` has one row more (None) or has lost the one at `position`."""
    if not path:
        rows = list(raw) if isinstance(raw, list) else [] if is_blank(raw) else [raw]
        if position is None:
            return [*rows, ""][:ENTRIES_LIMIT]
        return rows[:position] + rows[position + 1 :]
    first, *rest = path
    if isinstance(raw, list):
        place = int(first) if _POSITION.fullmatch(first) else len(raw)
        return [_changed(row, rest, position) if index == place else row for index, row in enumerate(raw)]
    below = raw if isinstance(raw, dict) else {}
    return {**below, first: _changed(below.get(first), rest, position)}

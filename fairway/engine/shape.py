"""What the language allows at a place of a document: its keys, its choices, its pattern."""

import difflib
import types
from collections.abc import Iterable
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from fairway.engine.findings import Path
from fairway.engine.spec import Sop


def keys_of(model: type[BaseModel]) -> dict[str, Any]:
    """The keys that may be written in this part, each with the annotation of its value."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def part_at(path: Path, whole: type[BaseModel] = Sop) -> type[BaseModel] | None:
    """The type of the part at `path` of the `whole` (written keys and positions), or None for anything else."""
    found = _annotation(path, whole)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, or None when none is like it."""
    if len(word) > 100:  # no key is so long, and likeness costs by length
        return None
    found = difflib.get_close_matches(word.replace("-", "_").lower(), sorted(known), n=1, cutoff=0.6)
    return found[0] if found else None


def _annotation(path: Path, whole: type[BaseModel]) -> Any:
    found: Any = whole
    for part in path:
        found = _child(found, part)
        if found is None:
            return None
    return found


def _child(annotation: Any, part: str | int) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _bare(keys_of(annotation).get(str(part)))
    arguments = get_args(annotation)
    if get_origin(annotation) is tuple and isinstance(part, int):
        return _bare(arguments[0])
    if get_origin(annotation) is dict and isinstance(part, str):
        return _bare(arguments[1])
    return None


def _bare(annotation: Any) -> Any:
    """The annotation without what pydantic hangs on it and without `| None`."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        chosen = [option for option in get_args(annotation) if option is not type(None)]
        return _bare(chosen[0])
    return annotation

"""The choices of a field, and which of them was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fairway.engine.forms.refusals import Wrong, repeated
from fairway.engine.forms.texts import alike, text_of
from fairway.engine.spec import Choice, FormField, Sop

# Entries that a firm added to a list of the document, by the key of the list (such as its own lead sources).
MoreChoices = Mapping[str, Sequence[Choice]]

_NAMED = 12  # choices that a refusal names


def choices_of(sop: Sop, field: FormField, more: MoreChoices | None = None) -> tuple[Choice, ...]:
    """What may be chosen in an `enum` or `enums` field: its own choices, or its list with what was added to it."""
    if field.choices or field.list_ is None:
        return field.choices
    written = sop.lists.get(field.list_, ())
    keys = {choice.key for choice in written}
    return (*written, *(choice for choice in (more or {}).get(field.list_, ()) if choice.key not in keys))


def choice_of(choices: Sequence[Choice], raw: Any) -> str:
    """The key of the choice that was meant: its key, or its title in either language whatever case, width and space.

    Raises Wrong naming the choices.
    """
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise _unknown(choices, raw)
    text = text_of(raw)
    if any(choice.key == text for choice in choices):
        return text
    meant = alike(text)
    for choice in choices:
        if meant in {alike(choice.key), alike(choice.title.zh_hans), alike(choice.title.en)}:
            return choice.key
    raise _unknown(choices, text)


def title_of(choices: Sequence[Choice], key: str, language: str) -> str:
    """The title of a stored choice; the key itself where the choice is gone."""
    return next((choice.title.in_language(language) for choice in choices if choice.key == key), key)


def _unknown(choices: Sequence[Choice], raw: Any) -> Wrong:
    shown = repeated(raw) if isinstance(raw, str | int | float) else "…"
    rest = len(choices) - _NAMED
    en = ", ".join(choice.title.en for choice in choices[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
    zh = "、".join(choice.title.zh_hans for choice in choices[:_NAMED]) + (f"等 {len(choices)} 项" if rest > 0 else "")
    return Wrong("not_a_choice", f"“{shown}” is not one of: {en}.", f"“{shown}”不在可选项之中：{zh}。")

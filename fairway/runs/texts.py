"""Texts of a document in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, override

from fairway.engine.program import Program
from fairway.engine.spec import Text
from fairway.people.roles import ROLES


def say(text: Text | None) -> str:
    """A text of a document in the language of the page; empty for none."""
    return text.in_language(get_language() or "zh-hans") if text else ""


def stage_title(program: Program, key: str) -> str:
    """The title of a stage; its key where a version does not know it."""
    stage = program.stages.get(key)
    return say(stage.title) if stage else key


def step_title(program: Program, key: str, item: Mapping[str, Any] | None = None) -> str:
    """The title of a step, with the item it is about."""
    step = program.steps.get(key)
    title = say(step.title) if step else key
    about = (item or {}).get("title") or (item or {}).get("name") or (item or {}).get("text")
    return f"{title} · {about}" if about else title


def step_help(program: Program, key: str) -> str:
    """What a newcomer should know about the step."""
    step = program.steps.get(key)
    return say(step.help) if step else ""


def outcome_title(program: Program, key: str) -> str:
    """The title of an outcome."""
    outcome = program.sop.outcomes.get(key)
    return say(outcome.title) if outcome else key


def reason_title(program: Program, outcome: str, key: str) -> str:
    """The title of a reason of an outcome."""
    known = program.sop.outcomes.get(outcome)
    return next((say(choice.title) for choice in known.reasons if choice.key == key), key) if known else key


_OTHERS = {
    "owner": Text(zh_hans="负责人", en="Owner"),
    "above": Text(zh_hans="上级经理", en="Manager above"),
    "customer": Text(zh_hans="客户", en="Customer"),
}


def role_texts() -> dict[str, Text]:
    """The names of roles in both languages, for what is said in both at once."""
    names: dict[str, dict[str, str]] = {}
    for language in ("zh-hans", "en"):
        with override(language):
            names[language] = {key: role_title(key) for key in (*ROLES, *_OTHERS)}
    return {key: Text(zh_hans=name, en=names["en"][key]) for key, name in names["zh-hans"].items()}


def role_title(key: str) -> str:
    """The name of a role, the document's own words among them."""
    if key in _OTHERS:
        return say(_OTHERS[key])
    return str(ROLES[key].name) if key in ROLES else key

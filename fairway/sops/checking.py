"""Checking a document against what this installation knows: the words of its domains, its roles, its calendars."""

from collections.abc import Iterator
from typing import Any

from fairway.engine.checker import check
from fairway.engine.checks.parts import actions
from fairway.engine.facts import Vocabulary
from fairway.engine.findings import DocumentRefused, Finding, Path, say
from fairway.engine.load import Loaded, load
from fairway.people.roles import ROLES
from fairway.sops import shipped
from fairway.sops.calendars import calendar_of
from fairway.sops.models import SopVersion
from fairway.sops.vocabulary import declared_facts, effects, fillable


def check_text(text: str | bytes, *, key: str | None = None) -> tuple[Loaded | None, list[Finding]]:
    """Read and check a document. Returns it (None when it could not be read) and every finding in order of lines.

    `key`: the SOP that it is meant for, so that one SOP is not published as another by mistake.
    """
    try:
        loaded = load(text, key or "")
    except DocumentRefused as refused:
        return None, list(refused.findings)
    found = check(
        loaded, Vocabulary.of(loaded.sop, declared_facts()), effects=effects(), fillable=fillable()
    )  # fmt: skip
    found += _house(loaded, key)
    return loaded, sorted(found, key=lambda finding: (finding.line, finding.column))


def _house(loaded: Loaded, key: str | None) -> Iterator[Finding]:
    """What only this installation can say."""
    sop = loaded.sop
    for index, role in enumerate(sop.roles):
        if role not in ROLES:
            known = ", ".join(ROLES)
            yield _finding(
                loaded, ("roles", index), "unknown-role",
                f"There is no role “{role}”. Roles are: {known}.", f"没有角色“{role}”。角色有：{known}。",
            )  # fmt: skip
    if not _is_known(sop.calendar):
        yield _finding(
            loaded, ("calendar",), "unknown-calendar",
            f"There is no calendar “{sop.calendar}”.", f"没有日历“{sop.calendar}”。",
        )  # fmt: skip
    if key is not None and sop.sop != key:
        yield _finding(
            loaded, ("sop",), "other-key", f"This is the draft of “{key}”, not of “{sop.sop}”.",
            f"这是“{key}”的草稿，不是“{sop.sop}”的。",
        )  # fmt: skip
    yield from _kept(loaded)
    yield from _started(loaded)


def _kept(loaded: Loaded) -> Iterator[Finding]:
    """What must stay from version to version, because runs of both stand side by side in one list."""
    subjects = SopVersion.objects.filter(key=loaded.sop.sop).order_by("-number").values_list("subject", flat=True)
    before = subjects.first()
    if before is not None and before != loaded.sop.subject:
        yield _finding(
            loaded, ("subject",), "other-subject", f"Earlier versions are about “{before}”: the subject cannot change.",
            f"以前的版本对象是“{before}”，对象不能更改。",
        )  # fmt: skip


def _started(loaded: Loaded) -> Iterator[Finding]:
    """The procedures that are started from this one."""
    starts = [(path, action.start) for path, action in actions(loaded.sop) if action.start is not None]
    if not starts:
        return
    known = {loaded.sop.sop, *shipped.keys(), *SopVersion.objects.values_list("key", flat=True).distinct()}
    for path, start in starts:
        if start not in known:
            yield _finding(
                loaded, (*path, "start"), "unknown-sop", f"There is no procedure “{start}”.", f"没有流程“{start}”。"
            )  # fmt: skip


def _is_known(calendar: str) -> bool:
    try:
        calendar_of(calendar)
    except KeyError:
        return False
    return True


def _finding(loaded: Loaded, path: Path, code: str, en: str, zh: str) -> Finding:
    return loaded.document.finding(path, code, say(en, zh))


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding for programs: both languages, line and column from 1."""
    return {
        "line": finding.line,
        "column": finding.column,
        "path": finding.path,
        "code": finding.code,
        "level": finding.level,
        "message": dict(finding.message),
    }

"""Events in words: what happened, in the reader's language, with the titles of the SOP version it happened under."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from fairway.engine.program import Program
from fairway.people.models import User
from fairway.runs.queries import Entry
from fairway.runs.texts import outcome_title, reason_title, say, stage_title, step_title
from fairway.sops.models import SopVersion
from fairway.sops.programs import program_of
from fairway.web import formats

Data = Mapping[str, Any]
SHOWN_CHANGES = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One change that came with an event: what, and to what."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Worded:
    """One event as the timeline shows it. `version` is the number of the SOP version it happened under."""

    entry: Entry
    text: str
    note: str
    icon: str
    tone: str
    who: str
    version: int | None
    lines: tuple[Line, ...]


def worded(
    entries: Sequence[Entry],
    numbers: Mapping[int, int] | None = None,
    titles: Mapping[tuple[str, str], str] | None = None,
) -> list[Worded]:
    """Events in words, in the order given; at most two queries.

    `numbers` of versions that are known already; `titles` of steps that are about one item, by step and item.
    """
    named = titles or {}
    entries = [replace(entry, data={**entry.data, "title": _titled(entry, named)}) for entry in entries]
    numbers = _versions(entries, numbers or {})
    names = _Names(entries)
    return [_word(entry, numbers, names) for entry in entries]


def in_short(entry: Entry) -> str:
    """One event in one sentence, without names of people in it."""
    return _sentence(entry, _program(entry), lambda id_: "")[0]


def _nobody(entry: Entry) -> str:
    """Who it was where no colleague did it."""
    return _("the customer") if entry.data.get("by_link") else _("the system")


def _titled(entry: Entry, titles: Mapping[tuple[str, str], str]) -> str:
    return titles.get((str(entry.data.get("step")), str(entry.data.get("item"))), "")


def _word(entry: Entry, numbers: Mapping[int, int], names: Callable[[int], str]) -> Worded:
    program = _program(entry)
    text, icon, tone = _sentence(entry, program, names)
    return Worded(
        entry=entry, text=text, note=str(entry.data.get("note") or entry.data.get("why") or ""), icon=icon, tone=tone,
        who=entry.by or _nobody(entry), version=numbers.get(entry.data.get("version") or 0),
        lines=tuple(_lines(entry.data, program)),
    )  # fmt: skip


def _program(entry: Entry) -> Program | None:
    version = entry.data.get("version")
    return program_of(version) if isinstance(version, int) else None


def _versions(entries: Iterable[Entry], known: Mapping[int, int]) -> dict[int, int]:
    ids = {one for entry in entries if isinstance(one := entry.data.get("version"), int)} - known.keys()
    return (
        dict(known)
        if not ids
        else dict(known) | dict(SopVersion.objects.filter(pk__in=ids).order_by().values_list("pk", "number"))
    )


class _Names:
    """Names of people whom events mention, read at once when one is asked for."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        ids = {entry.data.get(key) for entry in entries if entry.kind in PEOPLE_KINDS for key in ("from", "to")}
        self._ids = {one for one in ids if isinstance(one, int)}
        self._names: dict[int, str] | None = None

    def __call__(self, id_: int) -> str:
        if self._names is None:
            rows = User.objects.filter(pk__in=self._ids).order_by().values_list("pk", "display_name")
            self._names = dict(rows)
        return self._names.get(id_, "")


PEOPLE_KINDS = frozenset({"claimed", "reassigned", "task_taken", "task_handed_over", "judge_added"})

# -- sentences ---------------------------------------------------------------------------------------------------------

Sentence = tuple[str, str, str]


def _sentence(entry: Entry, program: Program | None, names: Callable[[int], str]) -> Sentence:
    maker = _MAKERS.get(entry.kind)
    if maker is None or program is None:
        return _("Noted in the log: %(kind)s") % {"kind": entry.kind}, "point", "neutral"
    return maker(entry, program, names)


def _step(entry: Entry, program: Program) -> str:
    return str(entry.data.get("title") or "") or step_title(program, str(entry.data.get("step") or ""))


def _started(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    return _("Started: %(sop)s") % {"sop": say(program.sop.title)}, "player-play", "accent"


def _registered(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    ways = {"page": "", "api": _("through the API"), "form": _("by the web form"), "mail": _("by e-mail"),
            "import": _("by import")}  # fmt: skip
    way = ways.get(str(entry.data.get("through") or ""), "")
    text = _("Lead registered") if entry.kind != "complaint_registered" else _("Complaint taken in")
    return (f"{text} ({way})" if way else text), "plus", "accent"


def _done(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    return _("Done: %(step)s") % {"step": _step(entry, program)}, "circle-check", "good"


def _recorded(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    return _("Recorded: %(step)s") % {"step": _step(entry, program)}, "pencil", "neutral"


def _judged(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    step = {"step": _step(entry, program)}
    match entry.data.get("verdict"):
        case "approve":
            return _("Approved: %(step)s") % step, "thumb-up", "good"
        case "send_back":
            return _("Sent back: %(step)s") % step, "arrow-back-up", "warn"
    return _("Rejected: %(step)s") % step, "thumb-down", "bad"


def _one_more(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    step, to = _step(entry, program), names(entry.data.get("to") or 0)
    return _("%(to)s is asked to judge as well: %(step)s") % {"to": to, "step": step}, "user-plus", "neutral"


def _withdrawn(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    return _("Taken back before it was judged: %(step)s") % {"step": _step(entry, program)}, "arrow-back-up", "warn"


def _advanced(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    closed = next((c for c in entry.data.get("changes") or [] if c.get("what") == "closed"), None)
    if closed is not None:
        return _closed_text(program, closed), "flag", "good"
    stages = {key: stage_title(program, str(entry.data.get(key) or "")) for key in ("from", "to")}
    return _("Moved on: %(from)s → %(to)s") % stages, "arrow-right", "accent"


def _went_back(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    stages = {key: stage_title(program, str(entry.data.get(key) or "")) for key in ("from", "to")}
    return _("Went back: %(from)s → %(to)s") % stages, "arrow-back-up", "warn"


def _closed(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    outcome = program.sop.outcomes.get(str(entry.data.get("outcome")))
    tone = {"won": "good", "lost": "bad"}.get(outcome.kind if outcome else "", "neutral")
    return _closed_text(program, entry.data), "flag", tone


def _closed_text(program: Program, data: Data) -> str:
    outcome, reason = str(data.get("outcome") or ""), data.get("reason")
    title = outcome_title(program, outcome)
    if reason:
        title = f"{title} · {reason_title(program, outcome, str(reason))}"
    return _("Closed: %(outcome)s") % {"outcome": title}


def _reopened(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    return _("Opened again"), "refresh", "warn"


def _added(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    return _("Added: %(step)s") % {"step": _step(entry, program)}, "plus", "neutral"


def _heard(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    event = str(entry.data.get("event") or "")
    title = _moment_title(program, event) or event
    return _("Happened: %(event)s") % {"event": title}, "bolt", "accent"


def _tagged(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    """Tags that came, and tags that went."""
    parts = []
    if entry.data.get("added"):
        parts.append(_("Tagged: %(tags)s") % {"tags": ", ".join(entry.data["added"])})
    if entry.data.get("removed"):
        parts.append(_("Tag taken off: %(tags)s") % {"tags": ", ".join(entry.data["removed"])})
    return " · ".join(parts), "tag", "neutral"


def _merged(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    name, to = entry.data.get("name") or "", entry.data.get("to") or ""
    said = {
        "company_merged": _("The company %(name)s was merged into %(to)s"),
        "company_merge_undone": _("The merge with %(name)s was undone: the company is %(to)s again"),
        "lead_merged": _("The lead %(name)s was merged into this one"),
        "lead_merge_undone": _("The merge with the lead %(name)s was undone"),
    }
    return said[entry.kind] % {"name": name, "to": to}, "git-branch", "accent"


def _reassigned(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    to, from_ = names(entry.data.get("to") or 0), names(entry.data.get("from") or 0)
    if from_:
        return _("Owner changed: %(from)s → %(to)s") % {"from": from_, "to": to}, "user-check", "accent"
    return _("Given to %(to)s") % {"to": to or pgettext("owner", "nobody")}, "user-check", "accent"


def _claimed(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    return _("Claimed from the pool by %(to)s") % {"to": names(entry.data.get("to") or 0)}, "user-check", "accent"


def _woken(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    return _("Woken from the pool"), "player-play", "accent"


def _taken(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    return _("Task taken: %(step)s") % {"step": _step(entry, program)}, "user-check", "neutral"


def _handed_over(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    step, to = _step(entry, program), names(entry.data.get("to") or 0)
    return _("Task handed to %(to)s: %(step)s") % {"to": to, "step": step}, "users", "neutral"


def outcome_words() -> dict[str, str]:
    """What may come of trying to reach somebody."""
    return {
        "reached": _("Reached"),
        "no_answer": _("No answer"),
        "refused": _("Declined to talk"),
        "wrong_number": _("Wrong number"),
    }


def _snoozed(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    until = _moment(entry.data.get("until"))
    told = {"step": _step(entry, program), "time": formats.exact(until) if until else ""}
    return _("Put off until %(time)s: %(step)s") % told, "alarm", "neutral"


def _taken_up(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    return _("Taken up again: %(step)s") % {"step": _step(entry, program)}, "alarm", "neutral"


def _contacted(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    outcome = str(entry.data.get("outcome") or "")
    channel = next(
        (say(one.title) for one in program.sop.lists.get("channel", ()) if one.key == entry.data.get("channel")), ""
    )
    word = outcome_words().get(outcome, outcome)
    text = _("Contact: %(outcome)s") % {"outcome": f"{word} · {channel}" if channel else word}
    return text, "phone-call", "good" if outcome == "reached" else "warn"


def _answered(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    step = {"step": _step(entry, program)}
    if entry.data.get("agrees"):
        text, tone = _("The customer confirmed: %(step)s") % step, "good"
    else:
        text, tone = _("The customer corrected: %(step)s") % step, "warn"
    return (text if entry.data.get("by_link") else _("%(text)s (written down)") % {"text": text}), "signature", tone


def _waiver(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    words = {
        "waiver_asked": (_("Waiver asked for"), "warn"),
        "waiver_granted": (_("Waiver granted"), "good"),
        "waiver_refused": (_("Waiver refused"), "bad"),
        "waiver_withdrawn": (_("Waiver withdrawn"), "neutral"),
    }
    text, tone = words[entry.kind]
    return text, "shield-check", tone


def _clock(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    key = entry.data.get("step")
    what = step_title(program, str(key)) if key else _("stay in the stage")
    due = _moment(entry.data.get("due"))
    if due is not None and due > entry.at:
        return _("Reminder: %(step)s") % {"step": what}, "bell", "neutral"
    return _("Clock missed: %(step)s") % {"step": what}, "clock-exclamation", "bad"


def _reckoned(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    return _("Due times reckoned anew by the changed calendar"), "calendar-time", "neutral"


def _facts(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    return _("Facts changed"), "pencil", "neutral"


def _filed(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    name = entry.data.get("name") or _("confidential file")
    return _("File added: %(name)s") % {"name": name}, "paperclip", "neutral"


def _unfiled(entry: Entry, program: Program, names: Callable[[int], str]) -> Sentence:
    name = entry.data.get("name") or _("confidential file")
    return _("File removed: %(name)s") % {"name": name}, "trash", "neutral"


_MAKERS: dict[str, Callable[[Entry, Program, Callable[[int], str]], Sentence]] = {
    "run_started": _started, "lead_registered": _registered, "lead_imported": _registered,
    "complaint_registered": _registered, "step_done": _done, "record_added": _recorded, "approval_decided": _judged,
    "judge_added": _one_more, "approval_withdrawn": _withdrawn,
    "advanced": _advanced, "went_back": _went_back, "closed": _closed, "reopened": _reopened, "step_added": _added,
    "heard": _heard, "reassigned": _reassigned, "claimed": _claimed, "woken": _woken, "task_taken": _taken,
    "task_handed_over": _handed_over, "task_snoozed": _snoozed, "task_woken": _taken_up,
    "contact_logged": _contacted, "customer_answered": _answered, "waiver_asked": _waiver, "waiver_granted": _waiver,
    "waiver_refused": _waiver, "waiver_withdrawn": _waiver, "clock_fired": _clock, "clocks_reckoned": _reckoned,
    "company_merged": _merged, "company_merge_undone": _merged, "lead_merged": _merged, "lead_merge_undone": _merged,
    "facts_changed": _facts, "file_added": _filed, "file_removed": _unfiled, "tagged": _tagged,
}  # fmt: skip

# -- what followed -----------------------------------------------------------------------------------------------------


def _lines(data: Data, program: Program | None) -> list[Line]:
    if program is None:
        return []
    found = [line for change in data.get("changes") or [] if (line := _change(change, program))]
    merged: dict[str, list[str]] = {}
    for label, text in found:
        merged.setdefault(label, []).append(text)
    comma = pgettext("between names", ", ")
    lines = [Line(label, comma.join(dict.fromkeys(texts))) for label, texts in merged.items()]
    for group in ("filled", "confidential"):
        for name, pair in (data.get(group) or {}).items():
            lines.append(_filled(name, pair, program))
    return lines[:SHOWN_CHANGES]


def changed_facts(entry: Entry) -> Iterator[tuple[str, str, str, str, bool]]:
    """Each fact that an event changed: its name and title, the values before and after, whether it is confidential."""
    program = _program(entry)
    for group in ("filled", "confidential"):
        for name, pair in (entry.data.get(group) or {}).items():
            spec = program.vocabulary.specs.get(name) if program else None
            before, after = (_value(spec.type if spec else "text", one) for one in (*pair, None, None)[:2])
            yield name, say(spec.title) if spec else name, before, after, group == "confidential"


def version_numbers(entries: Iterable[Entry]) -> dict[int, int]:
    """The numbers of the SOP versions under which events happened, by id; one query."""
    return _versions(entries, {})


def _change(change: Data, program: Program) -> tuple[str, str] | None:
    step = step_title(program, str(change.get("step") or ""))
    match change.get("what"):
        case "entered":
            return _("Stage"), stage_title(program, str(change.get("stage")))
        case "opened":
            return _("Opened"), step
        case "voided":
            return _("No longer needed"), step
        case "stamped":
            moment = _moment_title(program, str(change.get("moment")))
            return (_("Happened"), moment) if moment else None
        case "regraded":
            before = change.get("before")
            return _("Grade"), f"{before} → {change.get('grade')}" if before else str(change.get("grade"))
        case "done" if change.get("by_system"):
            return _("Done by the system"), step
    return None


def _moment_title(program: Program, key: str) -> str:
    """The title of a moment of the document, or of one that every SOP has; empty for those of the engine alone."""
    moment = program.sop.moments.get(key)
    return say(moment) if moment else {"assigned": _("Assigned"), "reached": _("Reached")}.get(key, "")


def _filled(name: str, pair: Sequence[Any], program: Program) -> Line:
    spec = program.vocabulary.specs.get(name)
    label = say(spec.title) if spec else name
    type_ = spec.type if spec else "text"
    before, after = (_value(type_, one) for one in (*pair, None, None)[:2])
    return Line(label, f"{before} → {after or '–'}" if before else after)


def _value(type_: str, value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, list):
        return pgettext("between names", ", ").join(_entry(one) for one in value)
    match type_:
        case "money" if isinstance(value, int):
            return formats.money(value)
        case "bool":
            return _("Yes") if value in (True, "true", "True") else _("No")
        case "date":
            return formats.day(date.fromisoformat(str(value)[:10]))
        case "percent":
            return f"{Decimal(str(value)).normalize():f}%"
    return str(value)


def _entry(value: Any) -> str:
    """One entry of a list: what it is called, or itself."""
    if isinstance(value, Mapping):
        return str(next((value[key] for key in ("title", "name", "text") if value.get(key)), "…"))
    return str(value)


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None

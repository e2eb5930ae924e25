"""The timeline of a page: events in words and comments between them, filtered and by pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from fairway.people.models import User
from fairway.runs.models import Run
from fairway.runs.queries import timeline
from fairway.runs.queries.timeline import Entry, Narrowed
from fairway.teamwork.queries import Said, comments
from fairway.teamwork.subjects import Subject
from fairway.web.words import Worded

SHOWN = 20
COMMENTS = "comments"
KINDS: Mapping[str, frozenset[str]] = {
    "moves": frozenset({
        "run_started", "lead_registered", "lead_imported", "complaint_registered", "advanced", "went_back", "closed",
        "reopened", "reassigned", "claimed", "woken", "heard",
    }),
    "work": frozenset({"step_done", "record_added", "step_added", "task_taken", "task_handed_over", "facts_changed"}),
    "approvals": frozenset({
        "approval_decided", "waiver_asked", "waiver_granted", "waiver_refused", "waiver_withdrawn",
    }),
    "contacts": frozenset({"contact_logged", "customer_answered"}),
    "files": frozenset({"file_added", "file_removed"}),
    "clocks": frozenset({"clock_fired", "clocks_reckoned"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the timeline is narrowed to, and from where on: below an event and a comment."""

    kind: str = ""
    who: str = ""
    stage: str = ""
    seq: int | None = None
    comment: int | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        """Read the query of an address; what cannot be meant is left out."""
        seq, _dot, comment = query.get("before", "").partition(".")
        kind = query.get("kind", "")
        return cls(
            kind=kind if kind in KINDS or kind == COMMENTS else "", who=query.get("who", ""),
            stage=query.get("in", ""), seq=_number(seq), comment=_number(comment),
        )  # fmt: skip

    @property
    def is_narrowed(self) -> bool:
        """Whether not everything is asked for."""
        return bool(self.kind or self.who or self.stage)

    def query(self, before: str = "") -> str:
        """The query of an address that asks for the same, further back."""
        pairs = {"kind": self.kind, "who": self.who, "in": self.stage, "before": before}
        return urlencode({key: value for key, value in pairs.items() if value})


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the timeline before it is put in words; `older` is the query for what came before."""

    entries: tuple[Entry, ...]
    said: tuple[Said, ...]
    older: str


def found(
    asked: Asked, run: Run, subject: Subject, user: User, *, now: datetime, confidential: bool
) -> Found:  # fmt: skip
    """The events and comments of one page, newest first; at most two queries beside the run's visits."""
    spans = _spans(run, asked.stage) if asked.stage else ()
    by_id = _number(asked.who)
    entries: tuple[Entry, ...] = ()
    said: list[Said] = []
    if asked.kind != COMMENTS:
        narrowed = Narrowed(KINDS.get(asked.kind, frozenset()), by_id, by_system=asked.who == "system", spans=spans)
        entries = timeline(
            run, confidential=confidential, before=asked.seq, shown=SHOWN + 1, narrowed=narrowed, now=now
        )
    if asked.kind in {"", COMMENTS} and asked.who != "system":
        said = comments(
            subject, user, now=now, by_id=by_id, below=asked.comment, stage=asked.stage, shown=SHOWN + 1,
        )  # fmt: skip
    return _cut(asked, entries, said)


def _cut(asked: Asked, entries: Sequence[Entry], said: Sequence[Said]) -> Found:
    """The newest twenty of both together, and where the next page begins."""
    stamped: list[tuple[datetime, int, Any]] = [(one.at, 0, one) for one in entries]
    stamped += [(one.comment.at, 1, one) for one in said]
    stamped.sort(key=lambda one: (one[0], one[1]), reverse=True)
    top = [one for _at, _order, one in stamped[:SHOWN]]
    events = tuple(one for one in top if isinstance(one, Entry))
    words = tuple(one for one in top if isinstance(one, Said))
    if len(stamped) <= SHOWN:
        return Found(events, words, "")
    seq = events[-1].seq if events else asked.seq
    comment = words[-1].comment.pk if words else asked.comment
    return Found(events, words, asked.query(f"{seq or ''}.{comment or ''}"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline: an event in words, or a comment."""

    at: datetime
    event: Worded | None = None
    said: Said | None = None


def merged(worded: Sequence[Worded], said: Sequence[Said]) -> list[Line]:
    """Events and comments in the order of their times, newest first."""
    lines = [Line(one.entry.at, event=one) for one in worded] + [Line(one.comment.at, said=one) for one in said]
    return sorted(lines, key=lambda line: (line.at, line.said is not None), reverse=True)


def kinds() -> list[tuple[str, str]]:
    """What the timeline may be narrowed to."""
    return [
        (COMMENTS, _("Comments")), ("moves", _("Stages and owners")), ("work", _("Steps and facts")),
        ("approvals", _("Approvals and waivers")), ("contacts", _("Contacts and answers")), ("files", _("Files")),
        ("clocks", _("Clocks")),
    ]  # fmt: skip


def _spans(run: Run, stage: str) -> tuple[tuple[datetime, datetime | None], ...]:
    return tuple((one.entered_at, one.left_at) for one in run.visits.all() if one.stage == stage)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

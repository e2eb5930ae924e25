"""Starting a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fairway.engine.commands import Start
from fairway.people.models import User
from fairway.prepared import Prepared, columns_of, made
from fairway.runs.actions.retry import action
from fairway.runs.models import Run
from fairway.runs.turn import Turn
from fairway.sops.models import SopRetired, SopVersion


class NoVersion(LookupError):
    """No version of that SOP is published, or the firm does not work by it."""


def current_version(sop: str) -> SopVersion:
    """The version that new runs of an SOP take: the highest number. Raises NoVersion."""
    row = _CURRENT.first(sop)
    if row is None:
        raise NoVersion(sop)
    return made(SopVersion, row, _LIGHT)


_LIGHT = tuple(name for name in columns_of(SopVersion) if name != "text")  # the text is long, and kept as a program
_CURRENT = Prepared(
    lambda sop: (
        SopVersion.objects.filter(key=sop)
        .exclude(key__in=SopRetired.objects.values("key"))
        .order_by("-number")
        .values_list(*_LIGHT)[:1]
    )
)


@action
def start(
    sop: str, *, face: str, title: str, owner: User | None, team_id: int | None, by: User | None, now: datetime,
    started_at: datetime | None = None, by_import: bool = False, facts: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> Run:  # fmt: skip
    """Start a run on the first stage of the current version.

    `facts` are typed facts of rows that the caller is about to store (they point to the run, so they come after it).
    `started_at`: when the subject came in, if that was before `now` (a complaint's clocks run from receipt).
    """
    turn = Turn.new(
        current_version(sop), face=face, title=title, owner=owner, team_id=team_id, by=by, now=now,
        started_at=started_at,
    )  # fmt: skip
    turn.facts.overlay(facts or {})
    turn.decide(Start(by_import=by_import))
    turn.commit("run_started", {"sop": sop, **(data or {})})
    return turn.run

"""Changing what is known about the subject of a run, outside the forms of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from fairway.engine.refused import refuse
from fairway.people.models import User
from fairway.runs import kinds
from fairway.runs.actions.retry import action
from fairway.runs.errors import Forbidden
from fairway.runs.models import Run
from fairway.runs.permissions import check_leads, reads_confidential
from fairway.runs.turn import Turn


@action
def change_facts(
    run_id: int, values: Mapping[str, Any], *, by: User | None, now: datetime, title: str | None = None,
    revision: int | None = None,
) -> Run:  # fmt: skip
    """Write typed facts such as `deal.expected_close` to the columns they live in; the SOP hears of the change.

    `title` is what the run is called from now on. Forbidden for whoever does not act for the owner, and for
    confidential facts outside the deal's team. What is the same already changes nothing.
    """
    turn = Turn.begin(run_id, by=by, now=now, revision=revision)
    check_leads(by, turn.run, now)
    unknown = sorted(name for name in values if not _is_fillable(name))
    if unknown:
        raise ValueError(f"no fact that may be filled: {', '.join(unknown)}")
    if not turn.run.is_open:
        raise refuse("run.closed")
    if by is not None and kinds.confidential_facts() & values.keys() and not reads_confidential(by, turn.run):
        raise Forbidden(_("Only the owner of this run, or a manager over them, may do this."))
    turn.fill(values)
    renamed = bool(title) and title != turn.run.title
    if not turn.filled and not renamed:
        return turn.run
    if title and renamed:
        turn.run.title = title[:200]
    turn.settle()
    turn.commit("facts_changed")
    return turn.run


def _is_fillable(name: str) -> bool:
    room = kinds.rooms().get(name.partition(".")[0])
    return room is not None and name in room.fillable

"""Why runs ended: the reasons of each SOP with how often each was given."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from fairway.runs.models import Run
from fairway.runs.texts import say
from fairway.sops.programs import program_of
from fairway.sops.queries import current_versions


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One reason of one outcome: how many runs ended so. `listed`: the current version offers it still."""

    sop: str
    sop_title: str
    outcome: str
    outcome_title: str
    reason: str
    title: str
    count: int
    listed: bool


def reasons_used() -> list[ReasonRow]:
    """Every outcome and reason of the current versions with its use, then those used that are listed no more.

    Counts all runs: for administrators. Three queries.
    """
    counted = {
        (sop, outcome, reason): count
        for sop, outcome, reason, count in Run.objects.exclude(outcome="")
        .order_by()
        .values_list("sop", "outcome", "reason")
        .annotate(Count("pk"))
    }
    rows = []
    for version in current_versions():
        for key, outcome in program_of(version.pk).sop.outcomes.items():
            known = [(reason.key, say(reason.title)) for reason in outcome.reasons] or [("", "")]
            for reason, title in known:
                count = counted.pop((version.key, key, reason), 0)
                rows.append(ReasonRow(version.key, version.title, key, say(outcome.title), reason, title, count, True))
        left = [one for one in counted if one[0] == version.key]
        for sop, key, reason in sorted(left):
            count = counted.pop((sop, key, reason))
            rows.append(ReasonRow(sop, version.title, key, key, reason, reason, count, False))
    return rows

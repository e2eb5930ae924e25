"""One way into merging for page and API, whatever the kind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fairway.duplicates import leads, merging
from fairway.duplicates.merging import Choice
from fairway.duplicates.models import Merge
from fairway.duplicates.rows import model_named
from fairway.people.models import User

LEAD = "lead"
Names = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Both:
    """Two records side by side: their fields, what hangs on each, and whether this person may merge them."""

    kept: Any
    gone: Any
    choices: list[Choice]
    on_kept: Names
    on_gone: Names
    may: bool


def both(kind: str, kept_id: int, gone_id: int, *, by: User, now: datetime) -> Both:
    """Both records. Raises ObjectDoesNotExist where the person does not see one of them."""
    if kind == LEAD:
        kept, gone = leads.load(kept_id, by=by), leads.load(gone_id, by=by)
        may = leads.may_merge(by, kept, now) and leads.may_merge(by, gone, now)
        return Both(
            kept, gone, leads.side_by_side(kept, gone), leads.hanging_on(kept), leads.hanging_on(gone), may
        )  # fmt: skip
    one, two = merging.load(kind, kept_id, by=by), merging.load(kind, gone_id, by=by)
    may = merging.may_merge(by, one) and merging.may_merge(by, two)
    return Both(
        one, two, merging.side_by_side(kind, one, two), merging.hanging_on(one), merging.hanging_on(two), may
    )  # fmt: skip


def merge(
    kind: str, kept_id: int, gone_id: int, *, by: User, now: datetime, take: Collection[str] | None = None
) -> Merge:  # fmt: skip
    """Take `gone` into `kept`. Raises ObjectDoesNotExist, Forbidden, Refused."""
    if kind == LEAD:
        return leads.merge(kept_id, gone_id, by=by, now=now, take=take)
    return merging.merge(kind, kept_id, gone_id, by=by, now=now, take=take)


def undo(merge_id: int, *, by: User, now: datetime) -> Merge:
    """Take them apart. Raises ObjectDoesNotExist, Forbidden, Refused."""
    kind = Merge.objects.values_list("kind", flat=True).get(pk=merge_id)
    return leads.undo(merge_id, by=by, now=now) if kind == LEAD else merging.undo(merge_id, by=by, now=now)


def seen(merge_id: int, *, by: User) -> Merge:
    """A merge whose kept record the person sees; one that was itself merged since is seen by who merged it."""
    done = Merge.objects.select_related("by", "undone_by").get(pk=merge_id)
    if done.by_id != by.pk:
        if done.kind == LEAD:
            leads.load(done.kept_id, by=by)
        else:
            merging.load(done.kind, done.kept_id, by=by)
    return done


def name_of(label: str) -> str:
    """What the rows of a model are called."""
    return str(model_named(label)._meta.verbose_name_plural)  # noqa: SLF001 - documented by Django

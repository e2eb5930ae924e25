"""Reads of comments and followers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fairway.people.models import User
from fairway.prepared import Prepared, columns_of, made
from fairway.teamwork.actions import may_edit, may_remove
from fairway.teamwork.models import Comment, Follower
from fairway.teamwork.subjects import Subject


@dataclass(frozen=True, slots=True)
class Said:
    """One comment with what this reader may do with it."""

    comment: Comment
    who: str
    may_edit: bool
    may_remove: bool
    is_removed: bool


@dataclass(frozen=True, slots=True)
class Following:
    """Who follows a record, and whether the reader does."""

    names: tuple[str, ...]
    mine: bool


def comments(
    subject: Subject, user: User, *, now: datetime, by_id: int | None = None, below: int | None = None,
    stage: str = "", shown: int = 50,
) -> list[Said]:  # fmt: skip
    """Up to `shown` comments, newest first, those written before number `below`; one query."""
    if by_id is None and below is None and not stage:
        found = _newest(subject, shown)
    else:
        rows = Comment.objects.filter(**subject.columns).select_related("by").order_by("-id")
        if by_id is not None:
            rows = rows.filter(by_id=by_id)
        if below is not None:
            rows = rows.filter(id__lt=below)
        if stage:
            rows = rows.filter(stage=stage)
        found = list(rows[:shown])
    for one in found:
        setattr(one, subject.kind, subject.row)
    return [
        Said(
            one, one.by.display_name, may_edit(one, user, now),
            one.removed_at is None and may_remove(one, user, now), one.removed_at is not None,
        )
        for one in found
    ]  # fmt: skip


_FOLLOWERS = Prepared(
    lambda id_, *, kind: (
        Follower.objects.filter(**{f"{kind}_id": id_}).order_by("id").values_list("user_id", "user__display_name")
    )
)
_NEWEST = Prepared(
    lambda id_, *, kind, shown: (
        Comment.objects.filter(**{f"{kind}_id": id_})
        .order_by("-id")
        .values_list(*columns_of(Comment), "by__display_name")[:shown]
    )
)


def _newest(subject: Subject, shown: int) -> list[Comment]:
    found = []
    for row in _NEWEST.rows(subject.id, kind=subject.kind, shown=shown):
        one = made(Comment, row[:-1])
        one.by = made(User, (one.by_id, row[-1]), ("id", "display_name"))
        found.append(one)
    return found


def following(subject: Subject, user: User) -> Following:
    """Who follows; one query."""
    rows = list(Follower.objects.filter(**subject.columns).order_by("id").values_list("user_id", "user__display_name"))
    return Following(tuple(name for _id, name in rows), any(id_ == user.pk for id_, _name in rows))

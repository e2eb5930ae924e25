"""Writing, editing and removing comments; following and no longer following."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairway.people.errors import Forbidden, Reason, Refused
from fairway.people.models import User
from fairway.people.roles import ADMIN
from fairway.runs.jobs import owe
from fairway.runs.people import directory
from fairway.runs.permissions import leads
from fairway.teamwork.mentions import mentioned, people
from fairway.teamwork.models import MOST, Comment, CommentChange, Follower, Mention
from fairway.teamwork.subjects import Subject, of_row

EDITABLE_FOR = timedelta(days=1)
"""So long one's own words may be changed or taken back; who leads the record may take away any at any time."""


@transaction.atomic
def comment(subject: Subject, text: str, *, by: User, now: datetime, anyway: bool = False) -> Comment:
    """Say something on a record. People named with `@` are told; the author follows the record from then on.

    Raises Refused for an empty text, and, unless `anyway`, for one that names somebody who may not see the record: with
    `anyway` it is kept, and they are not told.
    """
    _check_sees(by, subject)
    words = _words(text)
    told = _whom(subject, words, by, anyway=anyway)
    run = subject.run
    made = Comment.objects.create(**subject.columns, text=words, by=by, at=now, stage=run.stage if run else "")
    Mention.objects.bulk_create([Mention(comment=made, user_id=id_) for id_ in told])
    _tell(made, subject, "mentioned", told, by=by, now=now)
    others = [id_ for id_ in followers_of(subject) if id_ not in {*told, by.pk}]
    _tell(made, subject, "commented", others, by=by, now=now)
    follow(subject, by=by, now=now)
    return made


@transaction.atomic
def edit(comment_id: int, text: str, *, by: User, now: datetime, anyway: bool = False) -> Comment:
    """Change one's own words within a day; what they were is kept. Who is named anew is told."""
    found = _own(comment_id, by, now)
    words = _words(text)
    if words == found.text:
        return found
    subject = of_row(found)
    _check_sees(by, subject)
    before = set(found.mentions.values_list("user_id", flat=True))
    told = _whom(subject, words, by, anyway=anyway)
    CommentChange.objects.create(comment=found, kind=CommentChange.EDITED, before=found.text, by=by, at=now)
    found.text, found.edited_at, found.revision = words, now, found.revision + 1
    found.save(update_fields=["text", "edited_at", "revision"])
    found.mentions.exclude(user_id__in=told).delete()
    fresh = [id_ for id_ in told if id_ not in before]
    Mention.objects.bulk_create([Mention(comment=found, user_id=id_) for id_ in fresh])
    _tell(found, subject, "mentioned", fresh, by=by, now=now)
    return found


@transaction.atomic
def remove(comment_id: int, *, by: User, now: datetime) -> Comment:
    """Take a comment away: one's own within a day; who leads the record, or an administrator, any. Twice: no change."""
    found = Comment.objects.select_for_update(of=("self",)).select_related("run", "account", "contact__account")
    one = found.get(pk=comment_id)
    subject = of_row(one)
    if not may_remove(one, by, now):
        _check_sees(by, subject)
        raise Forbidden(_("Only who wrote it within a day, or who leads the record, may take this away."))
    if one.removed_at is None:
        CommentChange.objects.create(comment=one, kind=CommentChange.REMOVED, before=one.text, by=by, at=now)
        one.text, one.removed_at, one.revision = "", now, one.revision + 1
        one.save(update_fields=["text", "removed_at", "revision"])
        one.mentions.all().delete()
    return one


def may_edit(found: Comment, by: User, now: datetime) -> bool:
    """Whether the words are one's own, fresh, and still there."""
    return found.by_id == by.pk and found.removed_at is None and now - found.at <= EDITABLE_FOR


def may_remove(found: Comment, by: User, now: datetime) -> bool:
    """Whether the person may take the comment away."""
    if found.by_id == by.pk and now - found.at <= EDITABLE_FOR:
        return True
    subject = of_row(found)
    if ADMIN in by.role_keys:
        return True
    run = subject.run
    if run is not None:
        return subject.is_seen_by(by) and leads(by, run, directory(now), now)
    owner = subject.row.owner_id if subject.kind == "account" else subject.row.account.owner_id
    return bool(owner == by.pk)


@transaction.atomic
def follow(subject: Subject, *, by: User, now: datetime) -> Follower:
    """Be told from now on what becomes of a record; already so: no change."""
    _check_sees(by, subject)
    known = Follower.objects.filter(**subject.columns, user=by).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return Follower.objects.create(**subject.columns, user=by, since=now)
    except IntegrityError:  # from another tab at the same moment
        return Follower.objects.get(**subject.columns, user=by)


@transaction.atomic
def unfollow(subject: Subject, *, by: User) -> bool:
    """No longer be told; False where one was not."""
    return bool(Follower.objects.filter(**subject.columns, user=by).delete()[0])


def followers_of(subject: Subject) -> list[int]:
    """The ids of active people who follow and still see the record."""
    rows = Follower.objects.filter(**subject.columns, user__is_active=True).select_related("user")
    users = {one.pk: one for one in User.objects.with_roles().filter(pk__in=[row.user_id for row in rows])}
    return [id_ for id_, user in users.items() if subject.is_seen_by(user)]


def _own(comment_id: int, by: User, now: datetime) -> Comment:
    rows = Comment.objects.select_for_update(of=("self",)).select_related("run", "account", "contact__account")
    found = rows.get(pk=comment_id)
    if not may_edit(found, by, now):
        _check_sees(by, of_row(found))
        raise Forbidden(_("Only your own comment may be changed, within a day."))
    return found


def _words(text: str) -> str:
    words = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not words:
        raise Refused(Reason("required", _("Write something first."), "text"))
    if len(words) > MOST:
        raise Refused(Reason("too_long", _("A comment has at most %(most)d characters.") % {"most": MOST}, "text"))
    return words


def _whom(subject: Subject, text: str, by: User, *, anyway: bool) -> list[int]:
    """Whom a text names and who may be told. Raises Refused where somebody may not see the record."""
    names = mentioned(text, people())
    wanted = {id_ for ids in names.values() for id_ in ids}
    users = {one.pk: one for one in User.objects.with_roles().filter(pk__in=wanted)}
    seeing = {id_ for id_, user in users.items() if subject.is_seen_by(user)}
    blind = [name for name, ids in names.items() if not seeing & set(ids)]
    if blind and not anyway:
        said = ngettext(
            "%(names)s may not see this record and would not be told.",
            "%(names)s may not see this record and would not be told.", len(blind),
        )  # fmt: skip
        raise Refused(Reason("mention_unseen", said % {"names": "、".join(blind)}, "text"))
    return sorted(seeing - {by.pk})


def _tell(
    made: Comment, subject: Subject, code: str, users: Iterable[int], *, by: User, now: datetime
) -> None:  # fmt: skip
    whom = list(users)
    if not whom:
        return
    payload = {
        "users": whom, "code": code, "who": by.display_name, "title": subject.title, "text": made.text[:200],
        "place": [subject.kind, subject.id, f"comment-{made.pk}"],
    }  # fmt: skip
    owe("tell", f"comment:{made.pk}:{made.revision}:{code}", payload, now=now, run=subject.run)


def _check_sees(by: User, subject: Subject) -> None:
    if not subject.is_seen_by(by):
        raise Forbidden(_("This record is not open to you."))

"""Putting tags on records, and taking them off."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fairway.customers.actions import check_may_write, note_tags
from fairway.customers.models import Account, Contact
from fairway.lists.models import Tag, Tagging
from fairway.people.errors import Reason, Refused
from fairway.people.models import User
from fairway.runs.actions.retry import action
from fairway.runs.models import Run
from fairway.runs.permissions import check_leads
from fairway.runs.turn import Turn

MOST = 20
LONGEST = 30
_BETWEEN = re.compile(r"[,，、;；\n]+")


def names_in(text: str) -> list[str]:
    """The tags in a text with commas between them, each once. Raises Refused for too many, or a longer one."""
    return named(_BETWEEN.split(text))


def named(given: Iterable[str]) -> list[str]:
    """Tags as they are kept: without space around them, each once. Raises Refused for too many, or a longer one."""
    parts = (" ".join(_BETWEEN.sub(" ", part.replace("\x00", "")).split()) for part in given)
    found = list(dict.fromkeys(part for part in parts if part))
    if len(found) > MOST or any(len(name) > LONGEST for name in found):
        message = _("At most %(most)s tags, each of at most %(longest)s characters.") % {
            "most": MOST,
            "longest": LONGEST,
        }
        raise Refused(Reason("tags", message, "tags"))
    return found


@action
def tag_run(
    run_id: int, *, add: Iterable[str] = (), remove: Iterable[str] = (), by: User | None, now: datetime
) -> Run:  # fmt: skip
    """Put tags (by name) on a run and take others off, with an event. Forbidden for whoever does not act for its owner.

    What is there already, or is not there, changes nothing.
    """
    turn = Turn.begin(run_id, by=by, now=now)
    check_leads(by, turn.run, now)
    added, removed = _put(Tagging(run_id=run_id), add, remove, by=by, now=now)
    if added or removed:
        turn.commit("tagged", {"added": added, "removed": removed})
    return turn.run


@transaction.atomic
def tag_account(
    account_id: int, *, add: Iterable[str] = (), remove: Iterable[str] = (), by: User | None, now: datetime
) -> Account:  # fmt: skip
    """Put tags on a company and take others off, as its change says. Forbidden for whoever may not write it."""
    account = Account.objects.select_for_update().get(pk=account_id)
    check_may_write(by, account)
    added, removed = _put(Tagging(account_id=account_id), add, remove, by=by, now=now)
    if added or removed:
        note_tags(account, None, added, removed, by=by, now=now)
    return account


@transaction.atomic
def tag_contact(
    contact_id: int, *, add: Iterable[str] = (), remove: Iterable[str] = (), by: User | None, now: datetime
) -> Contact:  # fmt: skip
    """Put tags on a contact and take others off, as its change says. Forbidden for who may not write its company."""
    contact = Contact.objects.select_for_update(of=("self",)).select_related("account").get(pk=contact_id)
    check_may_write(by, contact.account)
    added, removed = _put(Tagging(contact_id=contact_id), add, remove, by=by, now=now)
    if added or removed:
        note_tags(contact.account, contact, added, removed, by=by, now=now)
    return contact


def _put(
    on: Tagging, add: Iterable[str], remove: Iterable[str], *, by: User | None, now: datetime
) -> tuple[list[str], list[str]]:  # fmt: skip
    """The names that came and went."""
    where = {"run_id": on.run_id, "account_id": on.account_id, "contact_id": on.contact_id}
    there = {one.tag.name.lower(): one for one in Tagging.objects.filter(**where).select_related("tag")}
    added = []
    for name in add:
        if name.lower() not in there:
            tag = Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(
                name=name, created_at=now, created_by=by
            )
            Tagging.objects.create(tag=tag, at=now, by=by, **where)
            added.append(tag.name)
    gone = [there[name.lower()] for name in remove if name.lower() in there]
    Tagging.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return added, [one.tag.name for one in gone]

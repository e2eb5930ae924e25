"""Where a notice leads: the record, and the place on its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from fairway.customers.models import Account, Contact
from fairway.people.models import User
from fairway.runs.models import Run
from fairway.teamwork.subjects import ACCOUNT, CONTACT, RUN, Subject, load

_MODELS: Mapping[str, Any] = {RUN: Run, ACCOUNT: Account, CONTACT: Contact}


def seeing(place: Sequence[Any], users: Iterable[int]) -> list[int]:
    """Those of the people who may still see the record at the place."""
    kind, id_ = str(place[0]), int(place[1])
    row = _MODELS[kind].objects.filter(pk=id_).first()
    if row is None:
        return []
    subject = Subject(kind, row)
    people = User.objects.with_roles().filter(pk__in=list(users), is_active=True)
    return [one.pk for one in people if subject.is_seen_by(one)]


def address(data: Mapping[str, Any], user: User) -> str:
    """The address of the place that a notice names, empty where it is not open to the person (any more)."""
    kind, id_, anchor = data["place"]
    try:
        return f"{load(str(kind), int(id_), user).page}#{anchor}"
    except ObjectDoesNotExist:
        return ""

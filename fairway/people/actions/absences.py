"""Noting who is away and who stands in."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from fairway.people import audit
from fairway.people.actions.access import require_self_or_over
from fairway.people.actions.checked import one_change
from fairway.people.errors import Reason, Refused
from fairway.people.models import Absence, User


def set_absence(
    user: User, *, stand_in: User | None, starts_at: datetime, ends_at: datetime, by: User | None, now: datetime
) -> Absence:
    """Note that `user` is away from `starts_at` until `ends_at`; `stand_in` judges meanwhile.

    The person themselves, a manager over them or an administrator may. The same absence twice is one. Raises Forbidden,
    Refused (ends before it starts, is over, crosses another, stand-in is oneself or deactivated).
    """
    require_self_or_over(user, by)
    with one_change():
        User.objects.select_for_update(no_key=True).get(
            pk=user.pk
        )  # so that two requests cannot both find no other absence
        crossing = list(Absence.objects.filter(user=user, starts_at__lt=ends_at, ends_at__gt=starts_at))
        wanted = (stand_in.pk if stand_in else None, starts_at, ends_at)
        for one in crossing:
            if (one.stand_in_id, one.starts_at, one.ends_at) == wanted:
                return one
        if reasons := _reasons(user, stand_in, starts_at, ends_at, now, crossing):
            raise Refused(*reasons)
        absence = Absence.objects.create(user=user, stand_in=stand_in, starts_at=starts_at, ends_at=ends_at)
        _note("absence.set", absence, by, now, {}, _values(absence))
    return absence


def end_absence(absence: Absence, *, by: User | None, now: datetime) -> None:
    """Take back an absence: one to come is dropped, one under way ends now, one that is over stays as it was.

    Raises Forbidden.
    """
    require_self_or_over(absence.user, by)
    with one_change():
        stored = (
            Absence.objects.select_for_update(of=("self",), no_key=True)
            .select_related("user")
            .filter(pk=absence.pk)
            .first()
        )
        if stored is None or stored.ends_at <= now:
            return
        before = _values(stored)
        if stored.starts_at >= now:
            _note("absence.dropped", stored, by, now, before, {})
            stored.delete()
        else:
            stored.ends_at = now
            stored.save(update_fields=["ends_at"])
            _note("absence.ended", stored, by, now, before, _values(stored))


def _reasons(
    user: User,
    stand_in: User | None,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    crossing: list[Absence],
) -> list[Reason]:
    reasons = []
    if ends_at <= starts_at:
        reasons.append(Reason("order", _("The end must come after the start."), "ends_at"))
    elif ends_at <= now:
        reasons.append(Reason("over", _("This absence would already be over."), "ends_at"))
    if crossing:
        reasons.append(Reason("crossing", _("Another absence falls into the same time."), "starts_at"))
    if stand_in is not None and stand_in.pk == user.pk:
        reasons.append(Reason("self", _("Nobody stands in for themselves."), "stand_in"))
    elif stand_in is not None and not stand_in.is_active:
        reasons.append(Reason("inactive", _("This person is deactivated."), "stand_in"))
    return reasons


def _values(absence: Absence) -> dict[str, Any]:
    return {
        "user": absence.user_id,
        "stand_in": absence.stand_in_id,
        "starts_at": absence.starts_at,
        "ends_at": absence.ends_at,
    }


def _note(
    action: str, absence: Absence, by: User | None, now: datetime, before: dict[str, Any], after: dict[str, Any]
) -> None:
    name = str(absence.user)
    audit.record(action, by=by, now=now, kind="absence", subject_id=absence.pk, name=name, before=before, after=after)

"""Taking the demo company away again: what the demo made goes, what people made of it or on it stays, with the reason.

A run on which somebody worked since stays whole, with its company and the people and teams it names. Events of runs
that go leave the log; the seals over all events are made anew, and the change is on record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from fairway.customers.models import Account
from fairway.demo.making import here
from fairway.demo.models import Demo
from fairway.people import audit
from fairway.people.actions.access import require_admin
from fairway.people.errors import Reason, Refused
from fairway.people.models import RoleGrant, Team, User
from fairway.people.roles import ADMIN
from fairway.runs import anchors
from fairway.runs.models import Event, Job, Run


@dataclass(frozen=True, slots=True)
class Stays:
    """One thing that is not taken away: what kind, its name, and why."""

    kind: str
    name: str
    why: str


@dataclass
class Removed:
    """How many rows of each kind went, and what stays."""

    runs: int = 0
    companies: int = 0
    users: int = 0
    teams: int = 0
    stays: list[Stays] = field(default_factory=list)


def preview(*, by: User | None, now: datetime) -> Removed:
    """What removing would do; nothing is changed. Raises Forbidden, Refused where there is no demo."""
    require_admin(by)
    with transaction.atomic():
        removed = _remove(_demo(), by)
        transaction.set_rollback(True)
    return removed


def remove(*, by: User | None, now: datetime) -> Removed:
    """Take the demo company away. Raises Forbidden, Refused where there is none, or the log was tampered with."""
    require_admin(by)
    with transaction.atomic():
        demo = _demo()
        if next(anchors.broken_anchors(), None) is not None:
            raise Refused(Reason("broken", _("The event log is not as it was sealed. “fairway verify” says where.")))
        removed = _remove(demo, by)
        before, after = anchors.seal_anew()
        counts = {"runs": removed.runs, "companies": removed.companies, "users": removed.users, "teams": removed.teams}
        demo.delete()
        who = by if by is None or User.objects.filter(pk=by.pk).exists() else None
        audit.record("demo.removed", by=who, now=now, kind="demo", before={"seal": before},
                     after={**counts, "stays": len(removed.stays), "seal": after})  # fmt: skip
    return removed


def _demo() -> Demo:
    demo = here()
    if demo is None:
        raise Refused(Reason("not_here", _("There is no demo company here.")))
    if demo.state == Demo.MAKING:
        raise Refused(Reason("making", _("The demo company is being made. Wait until it is here.")))
    return demo


def _remove(demo: Demo, by: User | None) -> Removed:
    removed = Removed()
    runs = _runs_to_go(demo, removed)
    Job.objects.filter(run__in=runs).delete()
    Event.objects.filter(run__in=runs)._raw_delete(DEFAULT_DB_ALIAS)  # noqa: SLF001 - the log refuses its own delete()
    removed.runs = len(runs)
    Run.objects.filter(pk__in=runs).delete()
    removed.companies = _drop(Account.objects.filter(pk__in=demo.companies), _("company"), removed, set(demo.users))
    removed.users = _people(demo, by, removed)
    removed.teams = _drop(Team.objects.filter(pk__in=demo.teams).order_by("-path"), _("team"), removed, set(demo.users))
    return removed


def _runs_to_go(demo: Demo, removed: Removed) -> list[int]:
    """The runs of the demo on which nobody worked since; the others are noted."""
    stays: dict[int, str] = {}
    since = Event.objects.filter(run__in=demo.runs, pk__gt=demo.last_event, by__isnull=False).order_by("-pk")
    for run_id, who in since.values_list("run_id", "by__display_name"):
        stays[run_id] = _("%(who)s worked on it since") % {"who": who}
    for run_id in _touched(Run, demo.runs, set(demo.users)):
        stays.setdefault(run_id, _("a colleague is on it"))
    titles = dict(Run.objects.filter(pk__in=stays).values_list("pk", "title"))
    removed.stays += [Stays(_("record"), titles[pk], why) for pk, why in stays.items() if pk in titles]
    return [pk for pk in demo.runs if pk not in stays]


def _touched(model: type[models.Model], ids: Collection[int], demo_users: set[int]) -> set[int]:
    """Those of the rows to which something belongs that names a person outside the demo."""
    found: set[int] = set()
    for relation in model._meta.related_objects:  # noqa: SLF001 - documented by Django
        other: Any = relation.related_model
        if relation.many_to_many:
            continue
        names = [each.name for each in other._meta.concrete_fields if each.related_model is User]  # noqa: SLF001
        back = relation.field.name
        for name in names:
            rows = other._default_manager.filter(**{f"{back}__in": ids, f"{name}__isnull": False})  # noqa: SLF001
            rows = rows.exclude(**{f"{name}__in": demo_users})
            found |= set(rows.order_by().values_list(f"{back}_id", flat=True).distinct())
    return found


def _drop(rows: models.QuerySet[models.Model], kind: str, removed: Removed, demo_users: set[int]) -> int:
    """Delete each row that nothing left refers to and nobody else wrote on; the others stay with their reason."""
    count = 0
    touched = _touched(rows.model, list(rows.values_list("pk", flat=True)), demo_users)
    for row in rows:
        if row.pk in touched:
            removed.stays.append(Stays(kind, str(row), _("a colleague added to it")))
        elif (why := _delete(row)) is None:
            count += 1
        else:
            removed.stays.append(Stays(kind, str(row), why))
    return count


def _people(demo: Demo, by: User | None, removed: Removed) -> int:
    admins = set(RoleGrant.objects.filter(role=ADMIN, user__is_active=True).values_list("user_id", flat=True))
    keep: dict[int, str] = {by.pk: _("you are signed in as this person")} if by is not None else {}
    if admins and not admins - set(demo.users):
        keep |= dict.fromkeys(admins, _("nobody else could administer"))
    Job.objects.filter(kind__in=("mail", "tell"), status=Job.DONE, payload__user__in=demo.users).delete()
    count = 0
    for user in User.objects.filter(pk__in=demo.users):
        why = keep[user.pk] if user.pk in keep else _delete(user)
        if why is None:
            count += 1
        else:
            removed.stays.append(Stays(_("person"), str(user), why))
    return count


def _delete(row: models.Model) -> str | None:
    """Delete the row; why it stays where something refers to it."""
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, RestrictedError) as refused:
        held = refused.protected_objects if isinstance(refused, ProtectedError) else refused.restricted_objects
        return _named(held)
    return None


def _named(held: Iterable[models.Model]) -> str:
    counted: dict[str, int] = defaultdict(int)
    for one in held:
        counted[str(one._meta.verbose_name)] += 1  # noqa: SLF001 - documented by Django
    words = ", ".join(f"{name} ({number})" for name, number in sorted(counted.items()))
    return _("still named in: %(what)s") % {"what": words}

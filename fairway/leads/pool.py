"""The public pool (L12): leads that nobody owns, and recycled ones that may be woken; who may take how many of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairway.engine.commands import Complete, Start
from fairway.engine.conditions import Unmet
from fairway.engine.duration import after
from fairway.engine.forms.stored import stored
from fairway.engine.refused import Refused, refuse
from fairway.engine.spec import Pool
from fairway.leads.actions import SOP, first_form
from fairway.leads.models import Lead
from fairway.people.models import User
from fairway.people.roles import MANAGER, REP
from fairway.people.scope import scope_of
from fairway.runs.actions.retry import action
from fairway.runs.actions.starting import current_version
from fairway.runs.actions.submitting import add_record
from fairway.runs.errors import Forbidden
from fairway.runs.models import Event, Run
from fairway.runs.permissions import check_leads
from fairway.runs.turn import Turn
from fairway.sops.calendars import calendar_of
from fairway.sops.programs import program_of

CLAIMERS = frozenset({REP, MANAGER})
CLAIMED, WOKEN = "claimed", "woken"
RECYCLED = "recycled"
DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Quota:
    """What a person took today and holds, and the most that the SOP allows (None: no limit)."""

    claimed: int
    held: int
    claims_per_day: int | None
    most_held: int | None


def unowned(*, by: User) -> QuerySet[Lead]:
    """Open leads that the person sees and nobody owns, those due first."""
    rows: QuerySet[Lead] = Lead.objects.visible_to(scope_of(by)).filter(run__owner=None, run__outcome="")
    return rows.filter(run__face="lead").select_related("run__team").order_by("run__next_due", "id")


def recycled(*, by: User) -> QuerySet[Lead]:
    """Recycled leads that nobody has woken yet, of every team, newest first; none for who does not see the pool."""
    if not scope_of(by).sees_pool:
        return Lead.objects.none()
    # A duplicate lives on in the lead that it repeats: nobody is to call the same people for it again.
    rows = Lead.objects.filter(run__outcome_kind=RECYCLED, woken_as=None).exclude(run__reason=DUPLICATE)
    return rows.select_related("run__team").order_by("-run__closed_at", "-id")


def quota(user: User, now: datetime) -> Quota:
    """How much of the pool's limits the person has used. Three queries."""
    rules = _rules()
    midnight = datetime.combine(now.astimezone(ZoneInfo(user.timezone)).date(), time(), ZoneInfo(user.timezone))
    claimed = Event.objects.filter(by=user, kind__in=(CLAIMED, WOKEN), at__gte=midnight.astimezone(UTC)).count()
    held = Run.objects.open().filter(owner=user, face="lead").count()
    return Quota(claimed, held, rules.claims_per_day if rules else None, rules.held if rules else None)


@action
def claim(run_id: int, *, by: User, now: datetime) -> Run:
    """Take an open lead that nobody owns. One's own already: nothing changes.

    Raises Forbidden, and Refused when somebody has it or one of the pool's limits is reached.
    """
    turn = Turn.begin(run_id, by=by, now=now)
    _check_may(by)
    if turn.run.owner_id == by.pk:
        return turn.run
    check_leads(by, turn.run, now)
    if turn.run.owner_id is not None or not turn.run.is_open:
        raise refuse("pool.taken")
    _check_quota(by, now)
    turn.assign(by)
    turn.commit(CLAIMED, {"to": by.pk})
    return turn.run


def wake(lead_id: int, *, by: User, now: datetime) -> Lead:
    """Take a recycled lead out of the pool: a new run begins with what is known, and the old one keeps its end.

    Raises Forbidden, and Refused when somebody was first, a limit is reached, or one gave it up too short a while ago.
    """
    try:
        return _wake(lead_id, by=by, now=now)
    except IntegrityError:
        raise refuse("pool.taken") from None


@action
def _wake(lead_id: int, *, by: User, now: datetime) -> Lead:
    _check_may(by)
    old = Lead.objects.select_related("run").get(pk=lead_id)
    done = Lead.objects.filter(woken_from=old).first()
    if done is not None and done.created_by_id == by.pk:
        return done
    if done is not None or old.run.outcome_kind != RECYCLED:
        raise refuse("pool.taken")
    _check_quota(by, now)
    _check_wait(old.run, by, now)
    turn = Turn.new(current_version(SOP), face="lead", title=old.company, owner=by, team_id=by.team_id, by=by, now=now)
    key, step = first_form(turn)
    form = turn.program.sop.forms[key]
    values = {
        field.key: stored(field, getattr(old, field.fills.partition(".")[2]) or None)
        for field in form.fields
        if field.fills and field.fills.startswith("lead.")
    }
    turn.decide(Start())
    add_record(turn, step, key, form, {name: value for name, value in values.items() if value is not None}, None)
    turn.decide(Complete(step))
    turn.commit(WOKEN, {"from": old.run_id})
    return Lead.objects.create(run=turn.run, woken_from=old, created_at=now, created_by=by, **_columns(old))


def _columns(old: Lead) -> dict[str, object]:
    """What is known of who may buy; what was found out about this purchase is asked again."""
    kept = (
        "company", "contact_name", "contact_title", "phone", "email", "wechat", "industry", "company_size", "region",
        "source", "campaign", "keyword", "referrer", "need", "lawful_basis",
    )  # fmt: skip
    return {name: getattr(old, name) for name in kept}


def _rules() -> Pool | None:
    return program_of(current_version(SOP).pk).sop.pool


def _check_may(by: User) -> None:
    if not CLAIMERS & by.role_keys:
        raise Forbidden(_("Your roles do not claim leads."))


def _check_quota(by: User, now: datetime) -> None:
    used = quota(by, now)
    reasons: list[Unmet] = []
    if used.claims_per_day is not None and used.claimed >= used.claims_per_day:
        reasons.extend(refuse("pool.claims", str(used.claimed)).reasons)
    if used.most_held is not None and used.held >= used.most_held:
        reasons.extend(refuse("pool.held", str(used.held)).reasons)
    if reasons:
        raise Refused(reasons)


def _check_wait(run: Run, by: User, now: datetime) -> None:
    rules = _rules()
    if rules is None or run.owner_id != by.pk or run.closed_at is None:
        return
    until = after(run.closed_at, rules.previous_owner_waits, calendar_of(program_of(run.version_id).sop.calendar)).at
    if now < until:
        raise refuse("pool.waits", f"{until.astimezone(ZoneInfo(by.timezone)):%Y-%m-%d %H:%M}")

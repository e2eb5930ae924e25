"""Taking in complaints, and taking won customers into care."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from fairway.care import kind
from fairway.care.models import Complaint
from fairway.customers.models import Account
from fairway.engine.commands import Complete, Start
from fairway.engine.forms import fills
from fairway.people.models import User
from fairway.people.roles import MANAGER, REP, SERVICE
from fairway.people.scope import scope_of
from fairway.runs.actions.retry import swapping
from fairway.runs.actions.starting import current_version
from fairway.runs.actions.submitting import add_record, parse_form
from fairway.runs.errors import Forbidden
from fairway.runs.models import Run
from fairway.runs.turn import Turn

COMPLAINT_SOP, CARE_SOP = "complaint", "customer-care"
TAKERS = frozenset({REP, MANAGER, SERVICE})


@swapping
def register_complaint(
    raw: Mapping[str, Any], *, by: User | None, now: datetime, zone: tzinfo | None = None, through: str = "page"
) -> Complaint:
    """Take in a complaint by the SOP's first form (F24) and start its run; its clocks run from receipt (S3).

    `received_at` in the form says when it came in, if that was before now. Raises Invalid with every field at fault.
    """
    if by is not None and not TAKERS & by.role_keys:
        raise Forbidden(_("Your roles do not take in complaints."))
    zone = zone or ZoneInfo("UTC")
    received = _received(raw, now, zone)
    account = _account(raw, by)
    turn = Turn.new(
        current_version(COMPLAINT_SOP), face="complaint", title=account.name if account else "", owner=None,
        team_id=by.team_id if by else None, by=by, now=now, started_at=received,
    )  # fmt: skip
    turn.run.account = account
    # Who took it in, and whose customer it is, see it to its end, whoever works on it.
    for interested in (by.pk if by else None, account.owner_id if account else None):
        if interested is not None:
            turn.rows.participants.setdefault(interested, REP)
    step = next(step for step in turn.program.sop.stages[0].steps if step.form)
    key = str(step.form)
    form = turn.program.sop.forms[key]
    values = parse_form(turn, key, form, raw, zone)
    columns = kind.complaint_values(fills(form, values))
    turn.facts.overlay(fills(form, values))
    turn.decide(Start())
    add_record(turn, step.key, key, form, values, None)
    turn.run.title = turn.run.title or columns.get("complainant", "") or columns.get("content", "")[:80]
    turn.decide(Complete(step.key))
    turn.commit("complaint_registered", {"through": through})
    complaint = Complaint.objects.create(
        run=turn.run, account=account, received_at=received, created_at=now, created_by=by, **columns
    )
    _let_care_know(account, now)
    return complaint


def _received(raw: Mapping[str, Any], now: datetime, zone: tzinfo) -> datetime:
    """When it came in: what the form says, never later than now."""
    typed = raw.get("received_at")
    if not isinstance(typed, str) or not typed.strip():
        return now
    try:
        at = datetime.fromisoformat(typed.strip())
    except ValueError:
        return now  # the form itself refuses it, naming the field
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    return min(at.astimezone(UTC), now)


def _account(raw: Mapping[str, Any], by: User | None) -> Account | None:
    typed = str(raw.get("account") or "")
    if not typed.isdigit():
        return None
    seen = Account.objects.visible_to(scope_of(by)) if by is not None else Account.objects.all()
    return seen.filter(pk=int(typed)).first()


def take_into_care(
    account: Account, *, owner: User | None, by: User | None, now: datetime, team_id: int | None = None
) -> Run:  # fmt: skip
    """Start the care of a won customer; a company that is in care already stays in it (one open run)."""
    found = Run.objects.open().filter(account=account, sop=CARE_SOP).first()
    if found is not None:
        return found
    turn = Turn.new(
        current_version(CARE_SOP), face="account", title=account.name, owner=owner, team_id=team_id, by=by, now=now
    )
    turn.run.account = account
    turn.decide(Start(by_import=True))
    turn.commit("run_started", {"sop": CARE_SOP})
    return turn.run


def complaint_closed(turn: Turn) -> None:
    """A complaint ended: the care of its company has one open complaint less."""
    if turn.run.face == "complaint":
        _let_care_know(turn.run.account, turn.now)


def _let_care_know(account: Account | None, now: datetime) -> None:
    """The facts of the company changed: its care opens or drops the steps that depend on them."""
    if account is None:
        return
    for run_id in Run.objects.open().filter(account=account, sop=CARE_SOP).values_list("pk", flat=True):
        turn = Turn.begin(run_id, by=None, now=now)
        turn.settle()
        if turn.rows.changes:
            turn.commit("facts_changed")


def start_care(turn: Turn, *, argument: str | None = None, value: str | None = None) -> None:
    """`start: customer-care` out of another run: the same company, the same owner."""
    account = turn.run.account
    if account is None:
        turn.rows.tell(("owner", "manager"), "cannot_start", {"sop": argument})
        return
    take_into_care(account, owner=turn.run.owner, by=turn.by, now=turn.now, team_id=turn.run.team_id)

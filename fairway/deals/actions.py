"""Starting deals that were not born as leads: repurchase and key-account projects."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from fairway.customers.models import Account, Contact
from fairway.deals.models import Deal
from fairway.engine.commands import Start
from fairway.people.models import User
from fairway.people.roles import MANAGER, REP
from fairway.runs.actions.retry import action
from fairway.runs.actions.starting import current_version
from fairway.runs.errors import Forbidden
from fairway.runs.models import Run
from fairway.runs.turn import Turn

SELLERS = frozenset({REP, MANAGER})


@action
def start_deal(
    sop: str, *, account: Account, name: str, owner: User, by: User | None, now: datetime,
    contact: Contact | None = None,
) -> Deal:  # fmt: skip
    """Start a deal with a company that is known, on an SOP about deals.

    One of the same name under way for the same company and SOP is given back instead of a second one.
    """
    if by is not None and not SELLERS & by.role_keys:
        raise Forbidden(_("Your roles do not start deals."))
    found = Deal.objects.filter(run__sop=sop, run__account=account, run__outcome="", name=name[:200]).first()
    if found is not None:
        return found
    turn = Turn.new(current_version(sop), face="deal", title=name, owner=owner, team_id=owner.team_id, by=by, now=now)
    turn.run.account = account
    turn.decide(Start())
    turn.commit("run_started", {"sop": sop})
    return Deal.objects.create(
        run=turn.run, name=name[:200], account=account, contact=contact, created_at=now, created_by=by
    )


def start_from(turn: Turn, *, argument: str | None = None, value: str | None = None) -> None:
    """`start: repurchase` out of the care of a company: the same company, the same owner."""
    account, owner = turn.run.account, turn.run.owner
    if account is None or owner is None or argument is None:
        turn.rows.tell(("owner", "manager"), "cannot_start", {"sop": argument})
        return
    if Run.objects.open().filter(sop=argument, account=account).exists():
        return
    start_deal(argument, account=account, name=account.name, owner=owner, by=None, now=turn.now)

"""What a document may ask of deals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fairway.customers.actions import find_account, find_contact
from fairway.customers.models import Account, Contact
from fairway.deals.models import Deal
from fairway.people.models import User
from fairway.prepared import Prepared
from fairway.runs.turn import Turn

_OF_RUN = Prepared(lambda run_id: Deal.objects.filter(run_id=run_id).order_by().values_list("id")[:1])


def make_deal(turn: Turn, *, argument: str | None = None, value: str | None = None) -> None:
    """Make the deal on the lead's own run, its company and contact found or made: nobody types anything twice.

    A run that has its deal already is left as it is.
    """
    if _OF_RUN.first(turn.run.pk or 0) is not None:
        return
    fact = turn.facts.get
    owner = turn.run.owner
    company = str(fact("lead.company") or turn.run.title)
    account = find_account(company) or Account.objects.create(
        name=company[:200], industry=fact("lead.industry") or "", size=fact("lead.company_size") or "",
        region=fact("lead.region") or "", owner=owner, team_id=turn.run.team_id, created_at=turn.now,
        created_by=turn.by,
    )  # fmt: skip
    contact = _contact(turn, account)
    start_on(turn, account, contact, name=company)


def start_on(turn: Turn, account: Account, contact: Contact | None, *, name: str) -> Deal:
    """Make a deal of a run: the run shows as a deal of that company from now on."""
    turn.run.account, turn.run.face, turn.run.title = account, "deal", name[:200]
    deal = Deal.objects.create(
        run=turn.run, name=name[:200], account=account, contact=contact, created_at=turn.now, created_by=turn.by
    )
    turn.facts.forget("deal")
    return deal


def _contact(turn: Turn, account: Account) -> Contact | None:
    values = contact_values(turn)
    if not values["name"]:
        return None
    found = find_contact(account, name=values["name"], phone=values["phone"], email=values["email"])
    return found or make_contact(account, values, by=turn.by, now=turn.now)


def contact_values(turn: Turn) -> dict[str, str]:
    """The contact as the lead named it."""
    names = {"name": "contact_name", "title": "contact_title", "phone": "phone", "email": "email", "wechat": "wechat"}
    return {column: str(turn.facts.get(f"lead.{name}") or "") for column, name in names.items()}


def make_contact(account: Account, values: dict[str, Any], *, by: User | None, now: datetime) -> Contact:
    """A new contact at the company."""
    return Contact.objects.create(account=account, **values, created_at=now, created_by=by)

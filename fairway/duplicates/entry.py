"""What is there already while somebody types it in: exact keys first, then what is near (L16). For page and API."""

from __future__ import annotations

from fairway.customers.models import Account
from fairway.customers.normal import email_key, phone_key
from fairway.duplicates.finding import like
from fairway.leads.actions import SHOWN, Duplicate, duplicates_of
from fairway.leads.models import Lead
from fairway.people.models import User

BY = {"core": "name"}
"""Evidence that is called otherwise where the exact key has the name."""


def leads_like(*, company: str, phone: str, email: str, viewer: User) -> list[Duplicate]:
    """Leads with the same phone, mailbox or company, and those of a near-same company; also outside one's sight.

    At most ten; seven queries.
    """
    exact = duplicates_of(company=company, phone=phone, email=email, viewer=viewer)
    row = {
        "pk": 0, "company": company, "contact_name": "", "phone_key": phone_key(phone), "email_key": email_key(email)
    }  # fmt: skip
    known = {one.lead.pk for one in exact}
    near = [one for one in like("lead", row, by=viewer) if one.id not in known][: SHOWN - len(exact)]
    leads = Lead.objects.select_related("run__owner", "run__team").in_bulk([one.id for one in near])
    return exact + [
        Duplicate(leads[one.id], tuple(BY.get(name, name) for name in one.reasons), one.hit is not None)
        for one in near
        if one.id in leads
    ]


def accounts_like(
    *, name: str, phone: str = "", website: str = "", uscc: str = "", by: User, besides: int = 0
) -> tuple[list[Account], int]:  # fmt: skip
    """Companies that may be the same: those one sees, at most ten, and how many one does not. Five queries."""
    row = {"pk": besides, "name": name, "phone": phone, "website": website, "uscc": uscc, "region": ""}
    found = like("account", row, by=by)
    seen = [one.id for one in found if one.hit is not None][:SHOWN]
    accounts = Account.objects.select_related("owner").in_bulk(seen)
    there = Account.objects.filter(pk__in=[one.id for one in found if one.hit is None], archived_at=None).count()
    return [accounts[number] for number in seen if number in accounts], there

"""Telling followers what became of a record: heard from runs and from companies, owed in their transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fairway.customers.models import Account, Contact
from fairway.people.models import User
from fairway.prepared import Prepared
from fairway.runs.jobs import owe
from fairway.runs.models import Event, Job, Run
from fairway.runs.statements import add
from fairway.teamwork.models import Follower

TELLING = frozenset({
    "advanced", "went_back", "closed", "reopened", "reassigned", "claimed", "woken", "approval_decided",
    "customer_answered", "waiver_granted", "waiver_refused", "file_added", "file_removed", "facts_changed", "step_done",
})  # fmt: skip
"""The events that followers are told of; clocks tell those whom the SOP names."""

_OF_RUN = Prepared(
    lambda run_id: (
        Follower.objects.filter(run_id=run_id, user__is_active=True).order_by("user_id").values_list("user_id")
    )
)


def watch_run(run: Run, event: Event, *, by: User | None, now: datetime) -> None:
    """Owe followers of the run a notice of the event; whoever did it needs none. One query."""
    if event.kind not in TELLING:
        return
    users = [row[0] for row in _OF_RUN.rows(run.pk) if by is None or row[0] != by.pk]
    if not users:
        return
    who = by.display_name if by else ""
    payload = {
        "users": users, "code": "followed", "event": event.pk, "kind": event.kind, "who": who,
        "place": ["run", run.pk, "timeline"], "seen": True,
    }  # fmt: skip
    key = f"{run.key}:{event.seq}:followed"
    add([Job(kind="tell", key=key, run=run, created_at=now, due_at=now, payload=payload)])


def watch_customer(
    account: Account, contact: Contact | None, change_id: int, fields: Mapping[str, Any], *, by: User | None,
    now: datetime,
) -> None:  # fmt: skip
    """Owe followers of the company, or of the contact, a notice of a change."""
    rows = Follower.objects.filter(contact=contact) if contact is not None else Follower.objects.filter(account=account)
    rows = rows.filter(user__is_active=True).exclude(user=by) if by is not None else rows.filter(user__is_active=True)
    users = list(rows.values_list("user_id", flat=True))
    if not users:
        return
    row = contact or account
    place = ["contact" if contact is not None else "account", row.pk, "history"]
    payload = {
        "users": users, "code": "followed", "kind": "changed", "who": by.display_name if by else "",
        "title": str(row), "place": place, "seen": True,
    }  # fmt: skip
    owe("tell", f"customer:{change_id}:followed", payload, now=now)

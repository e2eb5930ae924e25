"""Registering leads and knowing them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from fairway.customers.normal import company_key, email_key, phone_key
from fairway.engine.commands import Complete, Start
from fairway.engine.forms import fills
from fairway.leads import kind
from fairway.leads.models import Lead
from fairway.people.models import User
from fairway.people.roles import MANAGER, REP, SERVICE
from fairway.people.scope import scope_of
from fairway.runs.actions.retry import swapping
from fairway.runs.actions.starting import current_version
from fairway.runs.actions.submitting import add_record, parse_form
from fairway.runs.errors import Forbidden
from fairway.runs.models.run import run_filter
from fairway.runs.statements import add
from fairway.runs.turn import Turn
from fairway.search import index

SOP = "new-business"
REGISTERERS = frozenset({REP, MANAGER, SERVICE})
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A lead that is there already: by which keys it is the same, and whether the person may see it."""

    lead: Lead
    by: tuple[str, ...]
    visible: bool


@swapping
def register_lead(
    raw: Mapping[str, Any], *, by: User | None, now: datetime, owner: User | None = None, team_id: int | None = None,
    zone: tzinfo | None = None, through: str = "page", started_at: datetime | None = None,
) -> Lead:  # fmt: skip
    """Register a lead by the SOP's first form (F01) and start its run (L1).

    `through` is page, api, form or mail; all of them fill the same form. Without `owner` the lead waits in the team's
    queue until the rules assign it. Raises Invalid with every field at fault: nothing is saved without a source and
    one way to reach the contact.
    """
    if by is not None and not REGISTERERS & by.role_keys:
        raise Forbidden(_("Your roles do not register leads."))
    team = team_id if team_id is not None else (by.team_id if by else None)
    turn = Turn.new(
        current_version(SOP), face="lead", title="", owner=owner, team_id=team, by=by, now=now, started_at=started_at
    )
    key, step = first_form(turn)
    turn.decide(Start())
    form = turn.program.sop.forms[key]
    values = parse_form(turn, key, form, raw, zone or ZoneInfo("UTC"))
    add_record(turn, step, key, form, values, None)
    columns = kind.values_for(fills(form, values))
    turn.run.title = columns.get("company", "")[:200]
    turn.decide(Complete(step))
    turn.commit("lead_registered", {"through": through})
    lead = Lead(run=turn.run, created_at=now, created_by=by, **columns)
    lead.reckon_keys()
    add([lead])
    index.add(lead)
    return lead


def first_form(turn: Turn) -> tuple[str, str]:
    """The form and step by which a lead is registered: the first step of the first stage that has a form."""
    step = next(step for step in turn.program.sop.stages[0].steps if step.form)
    return str(step.form), step.key


def duplicates_of(
    *, company: str = "", phone: str = "", email: str = "", viewer: User, besides: int | None = None
) -> list[Duplicate]:  # fmt: skip
    """Leads with the same phone, mailbox or company, also outside the viewer's sight ("exists, another team's"; L16).

    At most ten, newest first; two queries.
    """
    keys = {"phone_key": phone_key(phone), "email_key": email_key(email), "company_key": company_key(company)}
    wanted = Q(pk__in=())
    for column, value in keys.items():
        if value:
            wanted |= Q(**{column: value})
    same = Lead.objects.filter(wanted).select_related("run__owner", "run__team").order_by("-id")
    found = [lead for lead in same[: SHOWN + 1] if lead.pk != besides][:SHOWN]
    if not found:
        return []
    seen = set(
        Lead.objects.filter(run_filter(scope_of(viewer), "run__"), pk__in=[lead.pk for lead in found])
        .order_by()
        .values_list("pk", flat=True)
    )
    return [Duplicate(lead, _same_by(lead, keys), lead.pk in seen) for lead in found]


def _same_by(lead: Lead, keys: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(column.removesuffix("_key") for column, key in keys.items() if key and getattr(lead, column) == key)

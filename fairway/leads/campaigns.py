"""What the firm does to get leads, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from fairway.leads.models import Campaign, Lead
from fairway.people import audit
from fairway.people.actions.access import require_admin
from fairway.people.actions.checked import check_fields, one_change
from fairway.people.models import User

FIELDS = ("name", "source", "cost", "currency", "starts_on", "ends_on", "active")


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign with its leads, how many of them became deals, and the cost of one lead in minor units."""

    campaign: Campaign
    leads: int
    deals: int

    @property
    def each(self) -> int | None:
        """What one lead cost; None without cost or leads."""
        cost = self.campaign.cost
        return None if cost is None or not self.leads else (cost + self.leads // 2) // self.leads


def campaign_rows() -> list[CampaignRow]:
    """Every campaign, newest first, with what came of it. Leads name theirs on their form. Two queries."""
    became = Count("pk", filter=~Q(run__face="lead"))
    counted = (
        Lead.objects.exclude(campaign="").order_by().values_list("campaign").annotate(leads=Count("pk"), deals=became)
    )
    by_name = {name: (leads, deals) for name, leads, deals in counted}
    found = Campaign.objects.order_by("-active", "-starts_on", "-id")
    return [CampaignRow(one, *by_name.get(one.name, (0, 0))) for one in found]


def add_campaign(*, by: User | None, now: datetime, **fields: Any) -> Campaign:
    """Add a campaign; FIELDS, `cost` in minor units or None. Raises Forbidden, Refused."""
    require_admin(by)
    campaign = Campaign(**_plain(fields))
    with one_change():
        check_fields(campaign, FIELDS)
        campaign.save()
        audit.record("campaign.added", by=by, now=now, kind="campaign", subject_id=campaign.pk, name=campaign.name,
                     after=_plain(fields))  # fmt: skip
    return campaign


def change_campaign(campaign_id: int, *, by: User | None, now: datetime, **fields: Any) -> Campaign:
    """Change FIELDS of a campaign; the same again writes nothing. Raises Forbidden, Refused, Campaign.DoesNotExist."""
    require_admin(by)
    wanted = _plain(fields)
    with one_change():
        campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
        before = {name: getattr(campaign, name) for name, value in wanted.items() if getattr(campaign, name) != value}
        if before:
            for name in before:
                setattr(campaign, name, wanted[name])
            check_fields(campaign, FIELDS)
            campaign.save(update_fields=list(before))
            audit.record("campaign.changed", by=by, now=now, kind="campaign", subject_id=campaign.pk,
                         name=campaign.name, before=before, after={name: wanted[name] for name in before})  # fmt: skip
    return campaign


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"No such field: {', '.join(sorted(unknown))}")
    return {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}

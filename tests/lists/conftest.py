"""Lists asked as somebody: what they give, by the name of each row."""

from datetime import timedelta

import pytest

from fairway.leads.actions import register_lead
from fairway.leads.models import Lead
from fairway.lists.asking import Asker
from fairway.lists.listing import listing_of
from fairway.lists.reading import Reading
from fairway.lists.view import View
from fairway.people.models import User
from fairway.runs.models import Run
from tests.fixtures_runs import LEAD, NOW


def asker(user, now=NOW):
    return Asker.of(User.objects.with_roles().get(pk=user.pk), now)


def reading(key, user, now=NOW, **query):
    listing = listing_of(key)
    return Reading(listing, View.of(listing, query), asker(user, now))


def names(key, user, now=NOW, **query):
    found = reading(key, user, now, **query)
    return [row[found.listing.columns[found.listing.main].path] for row in found.page().rows]


@pytest.fixture
def twelve(sops, people):
    """Twelve leads of a rep, a team-mate and an outsider, and one in the pool; with grades, scores and due times."""
    owners = [people.rep] * 5 + [people.mate] * 4 + [people.outsider] * 3
    leads = []
    for index, owner in enumerate(owners):
        values = {**LEAD, "company_name": f"公司{index:02d}", "contact_phone": f"1380000{index:04d}"}
        values["source"] = ("offline.fair", "online.website")[index % 2]
        lead = register_lead(values, by=owner, now=NOW + timedelta(hours=index), owner=owner)
        due = None if index % 5 == 4 else NOW + timedelta(days=index - 3)
        Run.objects.filter(pk=lead.run_id).update(grade=("A", "B", "C", "")[index % 4], next_due=due)
        Lead.objects.filter(pk=lead.pk).update(
            score=index if index % 3 else None, region=("华东", "华南", "")[index % 3]
        )
        leads.append(lead)
    pool = register_lead(
        {**LEAD, "company_name": "公海公司", "contact_phone": "13999990000"}, by=people.manager, now=NOW
    )
    Run.objects.filter(pk=pool.run_id).update(owner=None, team=None)
    return leads

"""Two leads become one: the other is closed as a duplicate, and opens again when it is taken apart."""

from datetime import timedelta

import pytest

from fairway.duplicates.leads import merge, side_by_side, undo
from fairway.leads.actions import register_lead
from fairway.leads.models import Lead
from fairway.leads.pool import recycled
from fairway.people.errors import Refused
from fairway.runs import actions
from fairway.runs.errors import Forbidden
from fairway.runs.models import Event, Run
from fairway.runs.verify import verify
from fairway.teamwork.models import Comment, Follower
from tests.fixtures_runs import LEAD, NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def two(lead, people):
    other = register_lead({**LEAD, "contact_email": "w@qiming.cn"}, by=people.rep, now=NOW)
    Run.objects.update(owner=people.rep, team=people.east)
    for one in (lead, other):
        Comment.objects.create(run=one.run, text=str(one.pk), by=people.rep, at=NOW)
        Follower.objects.get_or_create(run=one.run, user=people.mate, defaults={"since": NOW})
    return Lead.objects.get(pk=lead.pk), Lead.objects.get(pk=other.pk)


def test_a_lead_is_taken_into_another_and_comes_back(people, two):
    kept, gone = two
    assert {one.name for one in side_by_side(kept, gone) if one.taken == "gone"} == {"email"}
    done = merge(kept.pk, gone.pk, by=people.rep, now=LATER)
    kept.refresh_from_db()
    gone.run.refresh_from_db()
    assert kept.email == "w@qiming.cn"
    assert (gone.run.outcome_kind, gone.run.reason) == ("recycled", "duplicate")
    assert not recycled(by=people.rep).exists()
    assert Comment.objects.filter(run=kept.run).count() == 2
    assert Follower.objects.filter(run=kept.run, user=people.mate).count() == 1
    assert Event.objects.filter(run=kept.run, kind="lead_merged").exists()
    assert not list(verify(LATER))
    with pytest.raises(Refused):
        merge(kept.pk, gone.pk, by=people.rep, now=LATER)
    undone = undo(done.pk, by=people.rep, now=LATER)
    kept.refresh_from_db()
    assert (undone.left, kept.email, Run.objects.get(pk=gone.run_id).outcome) == ([], "", "")
    assert Comment.objects.get(run=gone.run).text == str(gone.pk)
    assert Follower.objects.filter(run=gone.run, user=people.mate).count() == 1
    assert not list(verify(LATER))
    assert undo(done.pk, by=people.rep, now=LATER).undone_at == LATER


def test_what_was_touched_since_stays_and_is_listed(people, two):
    kept, gone = two
    done = merge(kept.pk, gone.pk, by=people.rep, now=LATER)
    actions.change_facts(kept.run_id, {"lead.email": "x@qiming.cn"}, by=people.rep, now=LATER)
    Comment.objects.filter(text=str(gone.pk)).delete()
    assert len(undo(done.pk, by=people.rep, now=LATER).left) == 2
    kept.refresh_from_db()
    assert kept.email == "x@qiming.cn"


@pytest.mark.parametrize("who", ["mate", "outsider", "admin"])
def test_only_who_acts_for_both_owners_merges(people, two, who):
    with pytest.raises((Forbidden, Lead.DoesNotExist)):
        merge(two[0].pk, two[1].pk, by=getattr(people, who), now=LATER)
    assert Run.objects.open().count() == 2
    assert merge(two[0].pk, two[1].pk, by=people.manager, now=LATER).pk

"""Changing facts and correcting records: what must stay true of the columns, what is emptied, what gates see."""

from decimal import Decimal

import pytest

from fairway.deals.kind import share
from fairway.engine.forms import as_input
from fairway.engine.refused import Refused
from fairway.leads.actions import register_lead
from fairway.leads.models import Lead
from fairway.runs import actions
from fairway.runs.models import Event, Run
from fairway.sops.programs import program_of
from tests.fixtures_runs import LEAD, NOW
from tests.runs.player import Player
from tests.runs.test_whole_way import steps_of


@pytest.mark.parametrize("value", ["", None])
def test_a_lead_keeps_one_way_to_reach_its_contact_whoever_changes_it(lead, people, value):
    before = Event.objects.count()
    with pytest.raises(Refused) as refused:
        actions.change_facts(lead.run_id, {"lead.phone": value}, by=people.rep, now=NOW)
    assert refused.value.reasons[0].code == "lead.unreachable"
    assert (Event.objects.count(), Lead.objects.get(pk=lead.pk).phone) == (before, lead.phone)
    actions.change_facts(lead.run_id, {"lead.phone": value, "lead.wechat": "wf_88"}, by=people.rep, now=NOW)
    lead.refresh_from_db()
    assert (lead.phone, lead.wechat) == ("", "wf_88")


def test_a_lead_that_could_never_be_reached_may_still_be_changed(lead, people):
    Lead.objects.filter(pk=lead.pk).update(phone="", email="", wechat="")
    actions.change_facts(lead.run_id, {"lead.phone": "", "lead.region": "杭州"}, by=people.rep, now=NOW)
    assert Lead.objects.get(pk=lead.pk).region == "杭州"


def test_a_correction_that_clears_a_field_empties_its_column(sops, people):
    player = Player(register_lead(LEAD, by=people.rep, now=NOW).run, NOW, people)
    for one in steps_of("new-business", "whole_way")[1:]:
        player.play(one)
        if player.run.records.filter(form="need_record").exists():
            break
    run = Run.objects.get(pk=player.run.pk)
    record = run.records.get(form="need_record", current=True)
    run.deal.refresh_from_db()
    assert run.deal.budget_from or run.deal.budget_to
    from_raw = {**as_input(program_of(run.version_id).sop.forms["need_record"], record.values)}
    from_raw.pop("budget_range")
    from_raw |= {"budget_unknown_reason": "客户改口,年底再定"}
    actions.submit(run.pk, step="talk", raw=from_raw, by=run.owner, now=NOW)
    run.deal.refresh_from_db()
    assert (run.deal.budget_from, run.deal.budget_to) == (None, None)


def test_gates_see_a_discount_exact():
    assert share(30_000, 26_999) == Decimal(3001) * 100 / 30_000
    assert share(300_000, 269_999) > 10
    assert share(300_000, 270_000) == 10

"""The main job through the actions, on the database: from a lead to the last payment."""

from importlib.resources import files

from fairway.engine.reader import read
from fairway.leads.actions import register_lead
from fairway.receivables.models import Node
from fairway.runs.chain import link
from fairway.runs.models import Event, Run
from fairway.runs.verify import verify
from tests.fixtures_runs import LEAD, NOW
from tests.runs.player import Player


def steps_of(sop, name):
    text = (files("fairway.sops.library") / sop / "scenarios" / f"{name}.yaml").read_bytes()
    return read(text).data["steps"]


def test_a_lead_is_carried_through_every_stage_to_won(sops, people):
    """One test for the whole way: it takes long, and each of these says the same of one run."""
    lead = register_lead(LEAD, by=people.rep, now=NOW)
    player = Player(lead.run, NOW, people)
    for step in steps_of("new-business", "whole_way")[1:]:
        player.play(step)
    won = player.run
    assert won.outcome == "won"
    assert list(won.visits.values_list("stage", flat=True)) == [
        "qualify", "needs", "proposal", "negotiation", "contract", "delivery", "collection", "close",
    ]  # fmt: skip
    the_payments_sum_to_the_contract(won)
    the_deal_has_the_company_and_contact_of_the_lead_and_the_chain_of_the_talk(won)
    assert Run.objects.get(sop="customer-care").account == won.account
    the_chain_of_events_is_whole(won)
    everything_that_must_hold_does_and_a_broken_row_is_named(won)


def the_payments_sum_to_the_contract(won):
    nodes = list(Node.objects.filter(run=won))
    assert [node.amount for node in nodes] == [25_000_000, 15_000_000, 10_000_000]
    assert all(node.outstanding == 0 and node.settled_at for node in nodes)


def the_deal_has_the_company_and_contact_of_the_lead_and_the_chain_of_the_talk(won):
    assert won.deal.account.name == LEAD["company_name"]
    assert won.deal.contact.phone == "+8613800000001"
    assert set(won.deal.account.contacts.values_list("name", flat=True)) == {"王芳", "刘总"}


def the_chain_of_events_is_whole(won):
    before = ""
    events = list(Event.objects.filter(run=won).order_by("seq"))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    for event in events:
        before = link(
            before, run_key=won.key, seq=event.seq, kind=event.kind, at=event.at, by_id=event.by_id, data=event.data
        )
        assert event.hash == before
    won.refresh_from_db()
    assert won.event_head == before


def everything_that_must_hold_does_and_a_broken_row_is_named(won):
    assert list(verify(NOW)) == []
    Run.objects.filter(pk=won.pk).update(event_head="0" * 64)
    Node.objects.filter(run=won, place=1).update(amount=1, received=1)
    assert {fault.check for fault in verify(NOW)} == {"chain of events", "milestones", "receipts"}

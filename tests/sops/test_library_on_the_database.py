"""Complaint, care and key account played through the actions on the database, by the people whose turn it is."""

from importlib.resources import files

import pytest

from fairway.care.actions import register_complaint, take_into_care
from fairway.customers.models import Account
from fairway.deals.actions import start_deal
from fairway.engine.reader import read
from fairway.runs.actions import close
from fairway.runs.models import Run
from tests.fixtures_runs import NOW
from tests.runs.player import Player

LIBRARY = files("fairway.sops") / "library"
NAMING_PEOPLE = {"our_attendees", "attendees", "participants", "solution_lead", "delivery_lead"}


def steps_of(sop, name):
    """The steps of a shipped scenario that a form does not refuse: what forms refuse is tested with the forms."""
    steps = read((LIBRARY / sop / "scenarios" / f"{name}.yaml").read_bytes()).data["steps"]
    return [step for step in steps if step.get("expect", {}).get("refused") != ["participants"]]


def with_people(steps, people):
    """The steps with people who are there: scenarios name them by numbers that mean nobody in particular."""
    for step in steps:
        values = step.get("do", {}).get("values", {})
        for key in NAMING_PEOPLE & values.keys():
            values[key] = [people.rep.pk] if isinstance(values[key], list) else people.support.pk
    return steps


@pytest.fixture
def account(people):
    company = Account.objects.create(
        name="杭州启明机电有限公司", owner=people.rep, team=people.east, created_at=NOW, created_by=people.rep
    )
    people.lead = people.add("lead", team=people.office, roles=("manager",))
    people.chief = people.add("chief", team=people.top, roles=("manager",))
    return company


def play(run, steps, people):
    player = Player(run, NOW, people)
    for step in steps:
        player.play(step)
    return Run.objects.get(pk=run.pk)


@pytest.mark.parametrize("name", ["whole_way", "compensation_over_the_table", "back_to_solve", "twice_dissatisfied"])
def test_a_complaint_is_carried_through(sops, people, account, name):
    first, *rest = steps_of("complaint", name)
    raw = {**first["do"]["values"], "account": str(account.pk)}
    complaint = register_complaint(raw, by=people.rep, now=NOW)
    assert complaint.run.owner == people.service
    run = play(complaint.run, rest, people)
    complaint.refresh_from_db()
    assert (run.outcome == "resolved") == (name == "whole_way")
    assert complaint.satisfied is {"compensation_over_the_table": None, "twice_dissatisfied": False}.get(name, True)


def test_a_complaint_received_earlier_is_due_earlier(sops, people, account):
    first = steps_of("complaint", "whole_way")[0]
    raw = {**first["do"]["values"], "received_at": "2026-03-02T08:00:00+08:00"}
    complaint = register_complaint(raw, by=people.rep, now=NOW)
    answer = complaint.run.tasks.get(step="answer")
    assert (answer.due_at - complaint.received_at).total_seconds() == 24 * 3600
    assert complaint.received_at < NOW


@pytest.mark.parametrize("name", ["visit_half_yearly_for_c", "more_need_starts_repurchase", "low_score_opens_rescue"])
def test_a_won_customer_is_kept_in_care(sops, people, account, name):
    run = take_into_care(account, owner=people.rep, by=people.rep, now=NOW)
    run = play(run, steps_of("customer-care", name), people)
    account.refresh_from_db()
    assert run.outcome == ""
    assert account.tier == {"visit_half_yearly_for_c": "A", "more_need_starts_repurchase": "A"}.get(name, "")
    assert Run.objects.filter(sop="repurchase", account=account).exists() == (name == "more_need_starts_repurchase")


def test_care_looks_after_the_relation_while_a_serious_complaint_is_open(sops, people, account):
    care = take_into_care(account, owner=people.rep, by=people.rep, now=NOW)
    first = steps_of("complaint", "major_answer_12h")[0]
    complaint = register_complaint({**first["do"]["values"], "account": str(account.pk)}, by=people.rep, now=NOW)
    assert care.tasks.get(step="complaint_care").status == "open"
    close(complaint.run.pk, outcome="withdrawn", reason="misunderstanding", by=people.service, now=NOW)
    assert care.tasks.get(step="complaint_care").status == "void"


def test_a_key_account_project_is_carried_from_filing_to_the_last_payment(sops, people, account):
    deal = start_deal("key-account", account=account, name="MES", owner=people.rep, by=people.rep, now=NOW)
    run = play(deal.run, with_people(steps_of("key-account", "whole_way"), people), people)
    assert run.outcome == "won"
    assert Run.objects.filter(sop="customer-care", account=account).exists()

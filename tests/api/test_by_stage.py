"""Sums by stage: the same sight as everywhere, in few queries, from indexes."""

import itertools

import pytest

from fairway.customers.models import Account
from fairway.deals.models import Deal
from fairway.people.scope import scope_of
from fairway.runs.models import Participant, Run
from fairway.runs.queries.by_stage import count_by_stage
from tests.fixtures_runs import NOW


@pytest.fixture
def runs(sops, people):
    """One open and one closed lead for each owner, team (and none of both) and stage, some asked of the outsider."""
    version, made = sops["new-business"], []
    owners = [None, people.rep, people.mate, people.outsider, people.manager]
    for owner, team, stage, outcome in itertools.product(
        owners, [None, people.east, people.west, people.office], ["qualify", "needs"], ["", "lost"]
    ):
        made.append(
            Run(version=version, sop="new-business", face="lead", stage=stage, owner=owner, team=team,
                outcome=outcome, started_at=NOW, entered_at=NOW)
        )  # fmt: skip
    Run.objects.bulk_create(made)
    for run in Run.objects.order_by("id")[::7]:
        Participant.objects.create(run=run, user=people.outsider, role="rep", since=NOW)
    return made


def test_the_count_is_that_of_what_each_person_sees(runs, people):
    for user in people.everyone():
        scope = scope_of(user)
        counted = count_by_stage(scope, "lead")
        for stage in ("qualify", "needs"):
            seen = Run.objects.visible_to(scope).filter(outcome="", face="lead", stage=stage).count()
            assert counted.get(stage, 0) == seen, (user.username, stage)


def test_leads_by_stage_over_the_api(call, people, runs, django_assert_max_num_queries):
    caller = call(people.manager)
    caller.get("/leads/by-stage")
    with django_assert_max_num_queries(6):
        answer = caller.get("/leads/by-stage").json()
    assert [row["stage"] for row in answer] == ["needs", "qualify"]
    assert (
        sum(row["count"] for row in answer)
        == Run.objects.visible_to(scope_of(people.manager)).filter(outcome="").count()
    )


def test_deals_by_stage_add_up_by_currency_in_major_units(call, people, sops):
    account = Account.objects.create(name="甲", created_at=NOW)
    for owner, team, currency, amount in [
        (people.rep, people.east, "CNY", 100_050), (people.rep, people.east, "CNY", None),
        (people.rep, people.east, "USD", 1), (people.outsider, people.west, "CNY", 700),
    ]:  # fmt: skip
        run = Run.objects.create(
            version=sops["repurchase"], sop="repurchase", face="deal", stage="needs", owner=owner, team=team,
            started_at=NOW, entered_at=NOW,
        )  # fmt: skip
        Deal.objects.create(run=run, name="d", account=account, currency=currency, amount=amount, created_at=NOW)
    rows = call(people.mate).get("/deals/by-stage").json()
    assert [(row["currency"], row["count"], row["amount"]) for row in rows] == [
        ("CNY", 2, "1000.50"),
        ("USD", 1, "0.01"),
    ]
    assert sum(row["count"] for row in call(people.admin).get("/deals/by-stage").json()) == 4

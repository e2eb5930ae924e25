"""The summary of open runs says what is there, whatever way runs come, change and go."""

import itertools

import pytest
from django.db import connection
from django.db.models import Sum

from fairway.runs import tally
from fairway.runs.models import Run, Tally
from fairway.runs.verify import verify
from tests.fixtures_runs import NOW


@pytest.fixture
def runs(sops, people):
    """Runs made as a set: two owners or none, two teams or none, two stages, open and closed."""
    choices = itertools.product([None, people.rep, people.mate], [None, people.east], ["qualify", "needs"], ["", "x"])
    return Run.objects.bulk_create(
        Run(version=sops["new-business"], sop="new-business", face="lead", stage=stage, owner=owner, team=team,
            outcome=outcome, started_at=NOW, entered_at=NOW)
        for owner, team, stage, outcome in choices
    )  # fmt: skip


def test_runs_that_come_in_a_set_are_counted(runs):
    assert Tally.objects.aggregate(all=Sum("count"))["all"] == 12
    assert list(tally.wrong_places()) == []


def test_runs_that_change_in_a_set_are_counted_where_they_went(runs, people):
    Run.objects.filter(stage="qualify").update(stage="needs", owner=people.mate)
    Run.objects.filter(team=None).update(outcome="lost")
    Run.objects.filter(outcome="x").update(outcome="")
    assert list(tally.wrong_places()) == []


def test_what_does_not_move_a_run_writes_nothing(runs):
    before = list(Tally.objects.order_by("id").values())
    Run.objects.update(title="another", revision=7)
    assert list(Tally.objects.order_by("id").values()) == before


def test_runs_that_go_are_counted_no_more(runs):
    Run.objects.filter(stage="needs").delete()
    assert list(tally.wrong_places()) == []
    Run.objects.all().delete()
    assert (Tally.objects.aggregate(all=Sum("count"))["all"] or 0) == 0


def test_a_summary_that_is_wrong_is_named_and_counted_anew(runs):
    Tally.objects.filter(stage="needs").update(count=40)
    assert [fault.check for fault in verify(NOW) if fault.row.startswith("tally")]
    tally.install()
    assert list(tally.wrong_places()) == []


def test_folding_changes_no_sum(runs, monkeypatch):
    monkeypatch.setattr(tally, "FOLDED_FROM", 3)
    Run.objects.filter(stage="qualify").update(stage="needs")
    tally.fold(NOW)
    assert list(tally.wrong_places()) == []
    if connection.vendor == "postgresql":
        rows = Tally.objects.count()
        assert rows == len(set(Tally.objects.values_list(*tally.PLACE)))
        Run.objects.filter(stage="needs").update(stage="qualify")
        assert Tally.objects.count() > rows


def test_a_lead_on_its_way_is_counted_where_it_stands(lead):
    assert list(tally.wrong_places()) == []
    assert Tally.objects.filter(face="lead", stage=lead.run.stage).aggregate(all=Sum("count"))["all"] == 1

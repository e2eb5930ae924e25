"""Bottom lines and costs are for the deal's team, through every door of the API."""

from datetime import UTC, datetime

import pytest

from fairway.customers.models import Account
from fairway.deals.models import Deal
from fairway.runs.models import Event, Participant, Record, Run
from tests.fixtures_runs import NOW

SECRET = 40_000_077
FORM = "bottom_lines"


@pytest.fixture
def deal(sops, people):
    """The rep's deal with a floor price, in a confidential record and in an event; legal takes part."""
    account = Account.objects.create(name="甲", owner=people.rep, team=people.east, created_at=NOW)
    run = Run.objects.create(
        version=sops["new-business"], sop="new-business", face="deal", stage="needs", owner=people.rep,
        team=people.east, account=account, title="甲", started_at=NOW, entered_at=NOW, event_seq=1,
    )  # fmt: skip
    Participant.objects.create(run=run, user=people.legal, role="legal", since=NOW)
    Record.objects.create(
        run=run, step="x", form=FORM, values={"floor_price": SECRET}, confidential=True, created_at=NOW,
        created_by=people.rep,
    )  # fmt: skip
    Event.objects.create(
        run=run, seq=1, kind="step_done", at=NOW, by=people.rep, hash="0",
        data={"confidential": {"deal.floor_price": [None, SECRET]}, "filled": {"deal.amount": [None, 1]}},
    )  # fmt: skip
    return Deal.objects.create(
        run=run, name="甲", account=account, floor_price=SECRET, cost=SECRET, min_scope=f"scope {SECRET}",
        max_payment_days=77, created_at=datetime.now(UTC),
    )  # fmt: skip


def doors(deal):
    record = Record.objects.get()
    return [
        "/deals", f"/deals/{deal.pk}", f"/deals/{deal.pk}/events", f"/deals/{deal.pk}/gate", "/deals/by-stage",
        "/records", f"/records/{record.pk}", "/events", "/tasks?mine=false", "/receivables", "/waivers",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["mate", "outsider", "admin", "product"])
def test_who_is_not_on_the_team_meets_no_secret_at_any_door(call, people, deal, who):
    caller = call(getattr(people, who))
    for path in doors(deal):
        answer = caller.get(path)
        assert answer.status_code in (200, 404), path
        text = answer.content.decode()
        assert str(SECRET) not in text, path
        assert "400000.77" not in text, path
        assert 'confidential":{' not in text, path


@pytest.mark.parametrize("who", ["rep", "legal", "manager", "director"])
def test_the_deals_team_reads_them_in_major_units(call, people, deal, who):
    caller = call(getattr(people, who))
    got = caller.get(f"/deals/{deal.pk}").json()
    assert (got["floor_price"], got["max_payment_days"]) == ("400000.77", 77)
    [event] = caller.get(f"/deals/{deal.pk}/events").json()
    assert event["data"]["confidential"]
    assert [one["form"] for one in caller.get("/records").json()["items"]] == [FORM]


def test_lists_never_hold_them(call, people, deal):
    [item] = call(people.rep).get("/deals").json()["items"]
    assert "floor_price" not in item


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 404), ("product", 404), ("mate", 403), ("admin", 403), ("legal", 403)]
)
def test_after_each_denial_nothing_has_changed(call, people, deal, who, status):
    caller, before = call(getattr(people, who)), list(Run.objects.values())
    for command, body in [
        ("advance", {}), ("back", {"to": "qualify", "why": "x"}), ("close", {"outcome": "lost", "reason": "price"}),
        ("reassign", {"owner": people.outsider.pk, "why": "x"}), ("log-contact", {"outcome": "reached"}),
    ]:  # fmt: skip
        assert caller.post(f"/deals/{deal.pk}/{command}", body).status_code == status, command
    assert list(Run.objects.values()) == before
    assert Event.objects.count() == 1

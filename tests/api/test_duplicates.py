"""Duplicates and merges over the API."""

import pytest

from fairway.customers.actions import create_account
from fairway.customers.models import Account
from fairway.duplicates.finding import sweep
from fairway.duplicates.models import Pair
from fairway.leads.actions import register_lead
from fairway.runs.models import Run
from tests.fixtures_runs import LEAD, NOW


@pytest.fixture
def two(call, people):
    found = [create_account({"name": name}, by=people.rep, now=NOW) for name in ("启明机电", "杭州启明机电有限公司")]
    while sweep(NOW):
        pass
    return found


def test_pairs_are_listed_decided_merged_and_taken_apart(call, people, two):
    caller, (kept, gone) = call(people.rep), two
    pair = caller.get("/duplicates?kind=company").json()["items"][0]
    assert (pair["first"], pair["second"], pair["reasons"]) == (kept.pk, gone.pk, ["core"])
    assert call(people.outsider).get("/duplicates?kind=company").json()["items"] == []
    done = caller.post(f"/companies/{kept.pk}/merge", {"gone": gone.pk, "take": ["name"]}).json()
    assert (done["kept"], done["gone"], done["undone_at"]) == (kept.pk, gone.pk, None)
    assert Account.objects.get().name == "杭州启明机电有限公司"
    assert caller.get(f"/merges/{done['id']}").json()["gone"] == gone.pk
    assert call(people.outsider).post(f"/merges/{done['id']}/undo").status_code == 404
    undone = caller.post(f"/merges/{done['id']}/undo").json()
    assert (undone["left"], Account.objects.count()) == ([], 2)
    Pair.objects.update(state=Pair.OPEN)
    assert caller.post(f"/duplicates/{pair['id']}/apart").json()["state"] == "apart"


def test_refused_forbidden_and_out_of_scope(call, people, two):
    kept, gone = two
    assert call(people.rep).post(f"/companies/{kept.pk}/merge", {"gone": kept.pk}).status_code == 422
    assert call(people.mate).post(f"/companies/{kept.pk}/merge", {"gone": gone.pk}).status_code == 403
    assert call(people.outsider).post(f"/companies/{kept.pk}/merge", {"gone": gone.pk}).status_code in (403, 404)
    assert (
        call(people.rep, ["companies:read"]).post(f"/companies/{kept.pk}/merge", {"gone": gone.pk}).status_code == 403
    )
    assert call(people.rep, ["duplicates:read"]).get("/duplicates?kind=company").status_code == 403
    assert Account.objects.count() == 2


def test_leads_that_are_near_show_before_one_is_registered_and_merge(call, people, lead):
    other = register_lead({**LEAD, "company_name": "启明机电", "contact_phone": "13911112222"}, by=people.rep, now=NOW)
    Run.objects.update(owner=people.rep, team=people.east)
    caller = call(people.rep)
    found = caller.get("/leads/duplicates?company=%E5%95%9F%E6%98%8E%E6%A9%9F%E9%9B%BB").json()
    assert {(one["id"], tuple(one["same"])) for one in found} == {(other.pk, ("company",)), (lead.pk, ("name",))}
    assert caller.post(f"/leads/{lead.pk}/merge", {"gone": other.pk}).status_code == 200
    assert Run.objects.get(pk=other.run_id).reason == "duplicate"

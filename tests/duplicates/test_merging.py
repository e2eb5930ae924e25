"""Two companies become one and two again: nothing that hangs on them is lost or doubled, whatever the order."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairway.care.actions import register_complaint
from fairway.customers.actions import change_account, create_account, create_contact
from fairway.customers.models import Account, Contact, CustomerChange
from fairway.deals.actions import start_deal
from fairway.deals.models import Deal
from fairway.duplicates.merging import hanging_on, merge, side_by_side, undo
from fairway.duplicates.models import Merge
from fairway.duplicates.rows import children
from fairway.people.errors import Forbidden, Refused
from fairway.runs.actions import change_facts
from fairway.runs.models import Event, Run
from fairway.runs.verify import verify
from fairway.search import queries
from fairway.teamwork.models import Comment, Follower
from tests.fixtures_runs import NOW

LATER = NOW + timedelta(days=1)


def company(people, name, **values):
    """A company with a contact, a deal, a complaint, a comment, a follower and a branch."""
    account = create_account({"name": name, **values}, by=people.rep, now=NOW)
    create_contact(account.pk, {"name": f"{name}的人", "phone": "13800000001"}, by=people.rep, now=NOW)
    start_deal("repurchase", account=account, name=f"{name}二期", owner=people.rep, by=people.rep, now=NOW)
    complaint = {
        "category": "quality",
        "severity": "normal",
        "channel": "phone",
        "content": name,
        "account": str(account.pk),
    }
    register_complaint(complaint, by=people.rep, now=NOW)
    Comment.objects.create(account=account, text=name, by=people.rep, at=NOW)
    for user in (people.rep, people.mate):
        Follower.objects.get_or_create(account=account, user=user, defaults={"since": NOW})
    Account.objects.create(name=f"{name}分公司", parent=account, owner=people.rep, team=people.east, created_at=NOW)
    return account


def state():
    """Every row that points to a company or contact, and to which; what follows by itself left out."""
    return {
        (child._meta.label, column, pk): value
        for model in (Account, Contact)
        for child, column, _unique in children(model)
        if child is not CustomerChange
        for pk, value in child._default_manager.exclude(**{column: None}).values_list("pk", column)
    }


def faults():
    return list(verify(LATER))


@pytest.fixture
def pair(sops, people):
    return company(people, "启明机电", region="浙江"), company(people, "啟明機電", region="上海", phone="0571-88886666")


def test_a_merge_keeps_the_children_of_both_and_undo_gives_them_back(people, pair):
    kept, gone = pair
    before = state()
    assert sum(count for _name, count in hanging_on(gone)) >= 8
    done = merge("account", kept.pk, gone.pk, by=people.rep, now=LATER)
    assert not Account.objects.filter(pk=gone.pk).exists()
    kept.refresh_from_db()
    assert (kept.region, kept.phone) == ("浙江", "0571-88886666")  # the gap is filled, the rest stays
    assert kept.contacts.count() == kept.deals.count() == kept.complaints.count() == kept.branches.count() == 2
    assert Run.objects.filter(account=kept).count() >= 4
    assert Comment.objects.filter(account=kept).count() == 2
    assert Follower.objects.filter(account=kept).count() == 2  # who follows both follows once
    assert set(Event.objects.filter(kind="company_merged").values_list("run__account", flat=True)) == {kept.pk}
    assert kept.changes.filter(kind="account_created").count() == 2  # both histories
    assert not faults()
    assert ("account", kept.pk) in {(hit.kind.name, hit.id) for hit in queries.find("启明", by=people.rep)}
    assert gone.pk not in {hit.id for hit in queries.find("启明", by=people.rep) if hit.kind.name == "account"}

    undone = undo(done.pk, by=people.rep, now=LATER)
    assert undone.left == []
    assert state() == before
    back = Account.objects.get(pk=gone.pk)
    assert (back.name, back.region, back.created_at) == (gone.name, "上海", gone.created_at)
    kept.refresh_from_db()
    assert kept.phone == ""
    assert not faults()
    assert undo(done.pk, by=people.rep, now=LATER).undone_at == undone.undone_at  # twice


def test_the_chosen_values_are_taken(people, pair):
    kept, gone = pair
    taken = {one.name: one.taken for one in side_by_side("account", kept, gone)}
    assert taken == {"name": "kept", "region": "kept", "phone": "gone"}
    merge("account", kept.pk, gone.pk, by=people.rep, now=LATER, take=["region"])
    kept.refresh_from_db()
    assert (kept.name, kept.region, kept.phone) == ("启明机电", "上海", "")


def test_what_was_touched_since_stays_and_is_listed(people, pair):
    kept, gone = pair
    deal = gone.deals.get()
    done = merge("account", kept.pk, gone.pk, by=people.rep, now=LATER)
    change_account(kept.pk, {"phone": "0571-1"}, by=people.rep, now=LATER)
    change_facts(deal.run_id, {"deal.name": "新名字"}, by=people.rep, now=LATER)
    Contact.objects.get(name="啟明機電的人").delete()
    third = create_account({"name": "第三家"}, by=people.rep, now=LATER)
    Comment.objects.filter(text="啟明機電").update(account=third)
    left = undo(done.pk, by=people.rep, now=LATER).left
    assert len(left) == 4, left
    kept.refresh_from_db()
    assert kept.phone == "0571-1"
    assert Deal.objects.get(pk=deal.pk).account_id == gone.pk
    assert Comment.objects.get(text="啟明機電").account == third
    assert not faults()


def test_contacts_merge_too(people, sops):
    account = company(people, "启明机电")
    one = account.contacts.get()
    two = create_contact(
        account.pk, {"name": "王方", "email": "w@x.cn", "reports_to_id": one.pk}, by=people.rep, now=NOW
    )
    deal = account.deals.get()
    Deal.objects.filter(pk=deal.pk).update(contact=two)
    before = state()
    done = merge("contact", one.pk, two.pk, by=people.rep, now=LATER)
    one.refresh_from_db()
    assert (one.email, one.reports_to_id) == ("w@x.cn", None)
    assert Deal.objects.get(pk=deal.pk).contact == one
    undo(done.pk, by=people.rep, now=LATER)
    assert state() == before
    assert Contact.objects.get(pk=two.pk).reports_to_id == one.pk
    assert not faults()


def test_a_branch_of_the_one_that_goes_takes_its_place(people, sops):
    top = create_account({"name": "集团"}, by=people.rep, now=NOW)
    group = create_account({"name": "总部", "parent_id": top.pk}, by=people.rep, now=NOW)
    branch = create_account({"name": "分部", "parent_id": group.pk}, by=people.rep, now=NOW)
    done = merge("account", branch.pk, group.pk, by=people.rep, now=LATER)
    branch.refresh_from_db()
    assert branch.parent_id == top.pk
    undo(done.pk, by=people.rep, now=LATER)
    branch.refresh_from_db()
    assert branch.parent_id == group.pk


@pytest.mark.parametrize("who", ["mate", "outsider", "legal", "admin"])
def test_only_the_owner_of_both_or_a_manager_merges(people, pair, who):
    kept, gone = pair
    with pytest.raises((Forbidden, Account.DoesNotExist)):
        merge("account", kept.pk, gone.pk, by=getattr(people, who), now=LATER)
    assert Account.objects.filter(pk=gone.pk).exists()
    assert not Merge.objects.exists()
    done = merge("account", kept.pk, gone.pk, by=people.director, now=LATER)
    with pytest.raises((Forbidden, Account.DoesNotExist)):
        undo(done.pk, by=getattr(people, who), now=LATER)
    assert Merge.objects.get().undone_at is None


def test_one_with_itself_or_with_what_is_gone_is_refused(people, pair):
    kept, gone = pair
    with pytest.raises(Refused):
        merge("account", kept.pk, kept.pk, by=people.rep, now=LATER)
    done = merge("account", kept.pk, gone.pk, by=people.rep, now=LATER)
    with pytest.raises(Account.DoesNotExist):
        merge("account", kept.pk, gone.pk, by=people.rep, now=LATER)
    third = create_account({"name": "第三家"}, by=people.rep, now=LATER)
    merge("account", third.pk, kept.pk, by=people.rep, now=LATER)
    with pytest.raises(Refused, match="第三家"):
        undo(done.pk, by=people.rep, now=LATER)


STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 3)), max_size=8)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_the_order_of_merges_and_undos_nothing_is_lost_or_doubled(people, sops, steps):
    Merge.objects.all().delete()
    marks = itertools.count()
    accounts = [company(people, f"公司{next(marks)}") for _ in range(4)]
    before = state()
    for merging, one, two in steps:
        try:
            if merging:
                merge("account", accounts[one].pk, accounts[two].pk, by=people.rep, now=LATER)
            else:
                undo(Merge.objects.order_by("pk")[one + two].pk, by=people.rep, now=LATER)
        except (Refused, IndexError, Account.DoesNotExist):
            pass
        now = state()
        dropped = {
            (label, column, row["id"])
            for done in Merge.objects.filter(undone_at=None)
            for label, row in done.dropped
            for column in ("account_id",)
        }
        assert set(now) | dropped == set(before)
        assert set(now.values()) <= set(Account.objects.values_list("pk", flat=True)) | set(
            Contact.objects.values_list("pk", flat=True)
        )
    for done in Merge.objects.filter(undone_at=None).order_by("-pk"):
        undo(done.pk, by=people.rep, now=LATER)
    assert state() == before
    assert not faults()

"""Writing companies and contacts: who may write what, groups without circles, who reports to whom."""

import pytest

from fairway.customers.actions import change_account, change_contact, create_account, create_contact
from fairway.customers.models import CustomerChange
from fairway.people.errors import Forbidden, Refused
from tests.fixtures_runs import NOW


def company(people, name="宁波远航", **values):
    return create_account({"name": name, **values}, by=people.rep, now=NOW)


def test_only_managers_and_finance_put_orders_on_hold(people):
    account = company(people)
    with pytest.raises(Forbidden):
        change_account(account.pk, {"on_hold": True}, by=people.rep, now=NOW)
    account.refresh_from_db()
    assert not account.on_hold
    change_account(account.pk, {"on_hold": True}, by=people.manager, now=NOW)
    change_account(account.pk, {"on_hold": True, "satisfaction": 4}, by=people.rep, now=NOW)
    account.refresh_from_db()
    assert (account.on_hold, account.satisfaction) == (True, 4)


@pytest.mark.parametrize("who", ["outsider", "legal", "admin"])
def test_others_write_nothing_of_a_company(people, who):
    account = company(people)
    with pytest.raises(Forbidden):
        change_account(account.pk, {"satisfaction": 1}, by=getattr(people, who), now=NOW)
    assert CustomerChange.objects.filter(account=account).count() == 1


def test_a_group_has_no_circle_and_no_company_of_another_team(people):
    top, middle = company(people, "甲集团"), company(people, "乙分公司")
    bottom = company(people, "丙工厂", parent_id=middle.pk)
    change_account(middle.pk, {"parent_id": top.pk}, by=people.rep, now=NOW)
    for below in (top, middle, bottom):
        with pytest.raises(Refused) as refused:
            change_account(top.pk, {"parent_id": below.pk}, by=people.rep, now=NOW)
        assert refused.value.reasons[0].code == "circle"
    foreign = create_account({"name": "外队公司"}, by=people.outsider, now=NOW)
    with pytest.raises(Refused) as refused:
        change_account(bottom.pk, {"parent_id": foreign.pk}, by=people.rep, now=NOW)
    assert refused.value.reasons[0].code == "unknown"
    change_account(middle.pk, {"parent_id": None}, by=people.rep, now=NOW)
    middle.refresh_from_db()
    assert middle.parent_id is None


def test_nobody_reports_to_themselves_or_to_another_company(people):
    account, other = company(people), company(people, "别家")
    boss = create_contact(account.pk, {"name": "总"}, by=people.rep, now=NOW)
    head = create_contact(account.pk, {"name": "部长", "reports_to_id": boss.pk}, by=people.rep, now=NOW)
    stranger = create_contact(other.pk, {"name": "外"}, by=people.rep, now=NOW)
    for wrong, code in ((head, "circle"), (boss, "circle"), (stranger, "unknown")):
        with pytest.raises(Refused) as refused:
            change_contact(boss.pk, {"reports_to_id": wrong.pk}, by=people.rep, now=NOW)
        assert refused.value.reasons[0].code == code
    with pytest.raises(Refused):
        create_contact(account.pk, {"name": "丁", "reports_to_id": stranger.pk}, by=people.rep, now=NOW)

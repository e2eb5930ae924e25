"""What is there twice is found when it comes in and by the standing look, and what is told apart stays apart."""

import pytest

from fairway.customers.actions import change_account, create_account, create_contact
from fairway.customers.matching import COMPANY, PERSON, compare, matches
from fairway.customers.normal import company_cores, own_domain
from fairway.duplicates.finding import like, review, set_apart, sweep
from fairway.duplicates.models import Pair
from fairway.leads.actions import register_lead
from fairway.runs.models import Participant, Run
from fairway.search.models import Entry
from tests.fixtures_runs import LEAD, NOW

SAME = [
    ("杭州启明机电股份有限公司", "启明机电"),
    ("杭州启明机电有限公司", "杭州启明机电有限公司上海分公司"),
    ("啟明機電（集團）有限公司", "启明机电"),
    ("Ｑｉｍｉｎｇ Electric Co., Ltd.", "qiming electric"), ("亚光股份(集团)股份有限公司", "亚光股份有限公司"),
]  # fmt: skip
OTHER = [
    ("上海银行股份有限公司", "苏州银行股份有限公司"),
    ("启明机电", "启明机械"),
    ("甘肃能源科技有限公司", "深圳能源科技有限公司"),
]


def known(name, **values):
    return {"core": "\n".join(company_cores(name)), **values}


@pytest.mark.parametrize(("one", "two"), SAME)
def test_a_company_is_known_again_however_its_name_is_written(one, two):
    assert compare(known(one), known(two), COMPANY)[0] >= COMPANY.threshold


@pytest.mark.parametrize(("one", "two"), OTHER)
def test_another_company_is_another_one(one, two):
    assert compare(known(one), known(two), COMPANY)[0] < COMPANY.threshold
    assert compare(known(one, uscc="91330200MA2AAAAA1Q"), known(one, uscc="91330999MA2BBBBB2Z"), COMPANY)[0] < 8


def test_a_public_mailbox_says_nothing_about_a_company():
    assert own_domain("x@qq.com") == own_domain("") == own_domain("x") == ""
    assert own_domain("x@Haitian.cn") == own_domain("https://www.haitian.cn/zh") == "haitian.cn"


def test_people_are_known_again_with_slips_and_with_names_the_other_way_round():
    base = {"given": "lachlan", "surname": "berry", "born": "19990219", "postcode": "2567", "street": "giblin street"}
    records = {
        1: base, 2: {**base, "given": "lachlen", "postcode": "2576"},
        3: {**base, "given": "berry", "surname": "lachlan"},
        4: {**base, "given": "jacob", "surname": "lanyon", "born": "19080712"},
    }  # fmt: skip
    assert {(one.first, one.second) for one in matches(records, PERSON)} == {(1, 2), (1, 3), (2, 3)}


def test_the_standing_look_finds_pairs_once_with_score_and_reasons(people, sops):
    one = create_account({"name": "杭州启明机电有限公司", "website": "qiming.cn"}, by=people.rep, now=NOW)
    two = create_account({"name": "啟明機電", "website": "www.qiming.cn"}, by=people.rep, now=NOW)
    create_account({"name": "启明机械"}, by=people.rep, now=NOW)
    assert sweep(NOW) == 3
    assert sweep(NOW) == 0
    pair = Pair.objects.get()
    assert (pair.kind, pair.first, pair.second, pair.reasons) == ("account", one.pk, two.pk, ["core", "domain"])
    shown = review("account", by=people.rep, most=10)
    assert [(row.first.id, row.second.id) for row in shown] == [(one.pk, two.pk)]
    assert review("account", by=people.outsider, most=10) == []


def test_not_the_same_is_remembered_and_what_is_no_longer_alike_is_dropped(people, sops):
    one, two = (create_account({"name": name}, by=people.rep, now=NOW) for name in ("启明机电", "杭州启明机电有限公司"))
    sweep(NOW)
    with pytest.raises(Pair.DoesNotExist):
        set_apart(Pair.objects.get().pk, by=people.outsider, now=NOW)
    set_apart(Pair.objects.get().pk, by=people.rep, now=NOW)
    Entry.objects.update(unmatched=True)
    sweep(NOW)
    assert review("account", by=people.rep, most=10) == []
    Pair.objects.update(state=Pair.OPEN)
    change_account(two.pk, {"name": "苏州新程"}, by=people.rep, now=NOW)
    assert sweep(NOW) == 1
    assert not Pair.objects.exists()
    assert one.pk


def test_contacts_and_leads_are_looked_at_too(people, lead):
    account = create_account({"name": "海天"}, by=people.rep, now=NOW)
    for name in ("李建国", "李建 国"):
        create_contact(account.pk, {"name": name, "phone": "139 1111 2222"}, by=people.rep, now=NOW)
    register_lead({**LEAD, "company_name": "启明机电", "contact_phone": "13911112223"}, by=people.rep, now=NOW)
    while sweep(NOW):
        pass
    assert {one.kind for one in Pair.objects.all()} == {"contact", "lead"}


def test_who_types_sees_what_is_there_and_of_other_teams_only_that_it_exists(people, lead):
    Run.objects.filter(pk=lead.run_id).update(owner=people.outsider, team=people.west)
    Participant.objects.filter(run=lead.run).delete()
    row = {"pk": 0, "company": "啟明機電", "contact_name": "", "phone_key": "", "email_key": ""}
    assert [(one.id, one.hit) for one in like("lead", row, by=people.rep)] == [(lead.pk, None)]
    assert [one.hit.title for one in like("lead", row, by=people.outsider)] == ["杭州启明机电有限公司"]

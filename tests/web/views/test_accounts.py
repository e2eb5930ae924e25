import pytest

from fairway.care.actions import register_complaint
from fairway.care.models import Complaint
from fairway.contracts.models import Contract
from fairway.customers.actions import create_account, create_contact
from fairway.customers.models import Account, Contact, CustomerChange
from fairway.deals.actions import start_deal
from fairway.receivables.models import Node
from fairway.runs.models import Run
from tests.fixtures_runs import NOW

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20
COMPLAINT = {"category": "quality", "severity": "normal", "channel": "phone", "content": "交货三天后电机异响"}


@pytest.fixture
def account(people):
    return create_account({"name": "杭州启明机电有限公司", "phone": "0571-88888888"}, by=people.rep, now=NOW)


@pytest.fixture
def contact(account, people):
    values = {"name": "王芳", "phone": "13800000001", "buying_role": "decision", "attitude": "support"}
    return create_contact(account.pk, values, by=people.rep, now=NOW)


def fields(form_of, **changes):
    return {name: value for name, value in {**form_of, **changes}.items() if value is not None}


def test_companies_of_another_team_are_not_there(account, people, client):
    client.force_login(people.outsider)
    assert "启明" not in client.get("/accounts").content.decode()
    assert client.get(f"/accounts/{account.pk}").status_code == 404
    assert "启明" not in client.get("/accounts/options?company=启明").content.decode()
    client.force_login(people.rep)
    assert "启明" in client.get("/accounts?q=0571").content.decode()
    assert "启明" in client.get("/accounts/options?company=启明").content.decode()


def test_a_company_shows_its_people_runs_and_money_in_few_queries(
    sops, account, contact, people, client, django_assert_max_num_queries
):
    deal = start_deal("key-account", account=account, name="二期", owner=people.rep, by=people.rep, now=NOW)
    for place in range(5):
        create_contact(account.pk, {"name": f"李{place}"}, by=people.rep, now=NOW)
        Node.objects.create(
            run=deal.run, key=str(place), place=place, title=f"节点{place}", percent=20, amount=100, planned=100
        )
    client.force_login(people.rep)
    client.get(f"/accounts/{account.pk}")
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get(f"/accounts/{account.pk}").content.decode()
    assert {"王芳", "节点4"} <= {word for word in ("王芳", "节点4") if word in page}
    assert f"/deals/{deal.pk}" in page


def test_facts_are_changed_in_place_and_the_history_says_how(account, people, client):
    client.force_login(people.rep)
    for name, was, value in (("tier", "", "A"), ("phone", "0571-88888888", "0571-66666666")):
        answer = client.post(f"/accounts/{account.pk}/facts/{name}", {"was": was, name: value})
        assert answer.status_code == 302
    account.refresh_from_db()
    assert (account.tier, account.phone) == ("A", "0571-66666666")
    page = client.get(f"/accounts/{account.pk}/facts").content.decode()
    assert "<del>0571-88888888</del>" in page


def test_the_group_is_typed_by_its_name_and_drawn_as_a_tree(account, people, client):
    client.force_login(people.rep)
    top = create_account({"name": "启明集团"}, by=people.rep, now=NOW)
    hidden = create_account({"name": "外队子公司"}, by=people.outsider, now=NOW)
    Account.objects.filter(pk=hidden.pk).update(parent=top)

    def name_it(item, was, name):
        return client.post(f"/accounts/{item}/facts/group", {"was": was, "group": name})

    assert name_it(account.pk, "", "没有这家").status_code == 422
    assert name_it(account.pk, "", "启明集团").status_code == 302
    assert name_it(top.pk, "", account.name).status_code == 422
    page = client.get(f"/accounts/{account.pk}").content.decode()
    assert f'href="/accounts/{top.pk}"' in page
    assert "外队子公司" not in page
    assert name_it(account.pk, "", "").status_code == 409
    assert name_it(account.pk, "启明集团", "").status_code == 302
    assert Account.objects.get(pk=account.pk).parent is None


def test_who_may_puts_orders_on_hold_and_others_are_not_offered_it(account, people, client):
    client.force_login(people.rep)
    assert client.post(f"/accounts/{account.pk}/facts/on_hold", {"was": "", "on_hold": "true"}).status_code == 403
    client.force_login(people.manager)
    assert client.post(f"/accounts/{account.pk}/facts/on_hold", {"was": "", "on_hold": "true"}).status_code == 302
    assert Account.objects.get(pk=account.pk).on_hold


def test_the_decision_chain_is_drawn_with_role_stance_and_influence(account, contact, people, client):
    values = {"name": "李强", "reports_to_id": contact.pk, "attitude": "oppose", "influence": 2, "title": "采购"}
    create_contact(account.pk, values, by=people.rep, now=NOW)
    create_contact(account.pk, {"name": "走了的", "left_company": True}, by=people.rep, now=NOW)
    client.force_login(people.rep)
    answer = client.get(f"/accounts/{account.pk}")
    (top,) = answer.context["chain"]
    (below,) = top.below
    assert (top.contact.name, top.tone, below.contact.name, below.tone) == ("王芳", "good", "李强", "bad")
    assert below.dots == (True, True, False, False, False)


def test_dealings_are_shown_to_whom_may_see_each(sops, account, contact, people, client):
    seen = start_deal("key-account", account=account, name="二期", owner=people.rep, by=people.rep, now=NOW)
    other = start_deal("key-account", account=account, name="外队的", owner=people.rep, by=people.rep, now=NOW)
    Run.objects.filter(pk=other.run_id).update(owner=people.outsider, team=people.west)
    Contract.objects.create(run=seen.run, number="HT-1", name="二期合同", amount=100, created_at=NOW)
    Contract.objects.create(run=other.run, number="HT-2", name="外队合同", amount=100, created_at=NOW)
    client.force_login(people.rep)
    page = client.get(f"/accounts/{account.pk}").content.decode()
    assert "二期合同" in page
    assert "外队" not in page


def test_a_company_without_a_name_is_refused_and_nothing_is_written(account, people, client):
    client.force_login(people.rep)
    answer = client.post(f"/accounts/{account.pk}/facts/name", {"was": account.name, "name": " "})
    assert answer.status_code == 422
    assert Account.objects.get(pk=account.pk).name == account.name


def test_those_who_do_not_write_companies_may_not_change_one(account, people, client):
    client.force_login(people.admin)
    assert client.post(f"/accounts/{account.pk}/facts/name", {"name": "别的"}).status_code == 403
    assert client.get("/accounts/new").status_code == 403
    assert client.post(f"/accounts/{account.pk}/contacts/new", {"name": "x"}).status_code == 403


def test_a_company_of_the_same_name_is_shown_before_a_second_one_is_made(account, people, client):
    client.force_login(people.rep)
    answer = client.post("/accounts/new", {"name": "杭州启明机电股份有限公司"})
    assert answer.status_code == 409
    assert f"/accounts/{account.pk}" in answer.content.decode()
    client.post("/accounts/new", {"name": "杭州启明机电股份有限公司", "anyway": "1"})
    assert Account.objects.count() == 2


def test_one_of_another_team_is_counted_but_not_named(account, people, client):
    client.force_login(people.outsider)
    answer = client.post("/accounts/new", {"name": "杭州启明机电"})
    assert answer.status_code == 409
    assert f"/accounts/{account.pk}" not in answer.content.decode()


def test_contacts_are_listed_filtered_and_changed(account, contact, people, client):
    client.force_login(people.rep)
    assert "王芳" in client.get("/contacts?role=decision&attitude=support&q=启明").content.decode()
    assert "王芳" not in client.get("/contacts?role=blocker").content.decode()
    for name, was, value in (("influence", "", "5"), ("attitude", "support", "oppose")):
        answer = client.post(f"/contacts/{contact.pk}/facts/{name}", {"was": was, name: value})
        assert answer.status_code == 302
    contact.refresh_from_db()
    assert (contact.influence, contact.attitude, contact.phone) == (5, "oppose", "13800000001")
    assert CustomerChange.objects.filter(kind="contact_changed").count() == 2
    stale = client.post(f"/contacts/{contact.pk}/facts/attitude", {"was": "support", "attitude": "neutral"})
    assert stale.status_code == 409
    assert "王小明" in stale.content.decode()


def test_a_contact_is_added_and_reports_to_one_of_the_same_company(account, contact, people, client):
    client.force_login(people.rep)
    client.post(f"/accounts/{account.pk}/contacts/new", {"name": "李强", "reports_to": contact.pk})
    assert Contact.objects.get(name="李强").reports_to == contact


def test_a_contact_of_another_team_is_not_there(contact, people, client):
    client.force_login(people.outsider)
    assert client.get(f"/contacts/{contact.pk}").status_code == 404
    assert "王芳" not in client.get("/contacts").content.decode()


def test_the_lists_cost_few_queries(sops, account, contact, people, client, django_assert_max_num_queries):
    register_complaint({**COMPLAINT, "account": str(account.pk)}, by=people.rep, now=NOW)
    client.force_login(people.manager)
    for path in ("/accounts", "/contacts", "/complaints", "/receivables"):
        client.get(path)
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(path).status_code == 200


def test_a_complaint_is_taken_in_with_its_company(sops, account, people, client):
    client.force_login(people.rep)
    assert "启明" in client.get(f"/complaints/new?account={account.pk}").content.decode()
    sent = {f"values.{key}": value for key, value in COMPLAINT.items()}
    answer = client.post("/complaints/new", {**sent, "company": "杭州启明机电"})
    complaint = Complaint.objects.get()
    assert answer["Location"] == f"/complaints/{complaint.pk}"
    assert complaint.account == account
    page = client.get("/complaints?level=normal&category=quality&q=异响").content.decode()
    assert f"/complaints/{complaint.pk}" in page
    assert f"/complaints/{complaint.pk}" not in client.get("/complaints?level=urgent").content.decode()


def test_a_complaint_without_content_is_refused_and_keeps_what_was_typed(sops, people, client):
    client.force_login(people.service)
    answer = client.post("/complaints/new", {"values.category": "quality", "values.complainant": "李先生"})
    assert answer.status_code == 422
    assert "李先生" in answer.content.decode()
    assert not Complaint.objects.exists()


def test_a_complaint_may_leave_the_company_open(sops, people, client):
    client.force_login(people.service)
    assert client.post("/complaints/new", {f"values.{k}": v for k, v in COMPLAINT.items()}).status_code == 302
    assert Complaint.objects.get().account is None
    client.force_login(people.outsider)
    assert "异响" not in client.get("/complaints").content.decode()

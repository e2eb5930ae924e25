import pytest

from fairway.care.actions import register_complaint
from fairway.care.models import Complaint
from fairway.customers.actions import create_account, create_contact
from fairway.customers.models import Account, Contact, CustomerChange
from fairway.deals.actions import start_deal
from fairway.receivables.models import Node
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
    answer = client.post(f"/accounts/{account.pk}", {"name": account.name, "tier": "A", "region": "浙江"})
    assert answer.status_code == 302
    account.refresh_from_db()
    assert (account.tier, account.region) == ("A", "浙江")
    page = client.get(f"/accounts/{account.pk}").content.decode()
    assert "<del>0571-88888888</del>" in page


def test_a_company_without_a_name_is_refused_and_nothing_is_written(account, people, client):
    client.force_login(people.rep)
    answer = client.post(f"/accounts/{account.pk}", {"name": " ", "region": "浙江"})
    assert answer.status_code == 422
    assert Account.objects.get(pk=account.pk).region == ""


def test_those_who_do_not_write_companies_may_not_change_one(account, people, client):
    client.force_login(people.admin)
    assert client.post(f"/accounts/{account.pk}", {"name": "别的"}).status_code == 403
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
    answer = client.post(f"/contacts/{contact.pk}", {"name": "王芳", "influence": "5", "attitude": "oppose"})
    assert answer.status_code == 302
    contact.refresh_from_db()
    assert (contact.influence, contact.attitude, contact.phone) == (5, "oppose", "")
    assert CustomerChange.objects.filter(kind="contact_changed").count() == 1


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

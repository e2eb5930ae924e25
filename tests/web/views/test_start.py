import csv
import io

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from fairway import setup_code
from fairway.demo.models import Demo
from fairway.leads.models import Lead
from fairway.people.actions.firm import claim
from fairway.people.errors import Refused
from fairway.people.models import AuditEntry, Firm, Team, User
from fairway.runs import jobs
from fairway.runs.models import Job, Run
from fairway.sops.calendars import table_of
from fairway.sops.queries import retired
from fairway.web import context
from tests.fixtures_runs import NOW

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20
STEPS = ("/start/company", "/start/people", "/start/sops", "/start/leads")


@pytest.fixture(autouse=True)
def _anew():
    cache.clear()
    context._guided.clear()


@pytest.fixture
def code(settings):
    return setup_code.derive(settings.SECRET_KEY)


@pytest.fixture
def me(code):
    return {
        "code": code, "display_name": "李总", "username": "boss", "email": "boss@example.com",
        "password": "correct horse battery",
    }  # fmt: skip


@pytest.fixture
def boss(sops, client, me):
    """The first administrator, signed in by the guided start itself."""
    assert client.post("/start", me).status_code == 302
    return User.objects.with_roles().get(username="boss")


def text_of(answer):
    return answer.content.decode()


# -- who you are -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/leads", "/accounts/login/"])
def test_the_first_visit_of_an_empty_installation_leads_to_the_guided_start(client, address):
    answer = client.get(address, follow=True)
    assert answer.request["PATH_INFO"] == "/start"
    assert 'name="code"' in text_of(answer)


def test_who_knows_the_code_becomes_administrator_and_is_signed_in(sops, client, me):
    answer = client.post("/start", me)
    assert answer["Location"] == "/start/company"
    user = User.objects.with_roles().get()
    assert user.role_keys == {"admin"}
    assert user.check_password(me["password"])
    assert client.get("/start/company").status_code == 200
    assert AuditEntry.objects.filter(action="firm.claimed", by=user).count() == 1


def test_spaces_and_capitals_in_the_code_do_not_matter(client, me):
    me["code"] = me["code"].upper().replace("-", " ")
    assert client.post("/start", me).status_code == 302


@pytest.mark.parametrize("wrong", [{"code": "aaaa-bbbb-cccc"}, {"password": "short"}, {"display_name": ""}])
def test_what_is_wrong_is_said_at_its_field_and_nobody_is_made(client, me, wrong):
    answer = client.post("/start", me | wrong)
    assert answer.status_code == 422
    assert "fy-field__error" in text_of(answer)
    assert 'value="boss"' in text_of(answer)
    assert not User.objects.exists()


def test_guessing_codes_is_slowed_down(client, me):
    answers = [client.post("/start", me | {"code": f"aaaa-bbbb-cc{number:02d}"}).status_code for number in range(30)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_once_somebody_is_here_the_code_opens_nothing(people, client, me, code):
    assert client.get("/start")["Location"] == "/accounts/login/"
    assert client.post("/start", me)["Location"] == "/accounts/login/"
    assert not User.objects.filter(username="boss").exists()
    with pytest.raises(Refused):
        claim(**me, language="en", now=NOW)


def test_the_code_is_printed_only_while_nobody_is_here_and_differs_between_installations(code):
    assert code != setup_code.derive("another secret")
    assert setup_code.fits(code, "x") is False


# -- the steps ---------------------------------------------------------------------------------------------------------


def test_each_step_opens_within_its_queries_and_for_administrators_only(boss, client, people,
                                                                       django_assert_max_num_queries):  # fmt: skip
    for address in STEPS:
        client.get(address)
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(address).status_code == 200, address
    other = Client()
    other.force_login(people.manager)
    for address in (*STEPS, "/administration/demo", "/administration/demo/remove"):
        assert other.get(address).status_code == 403, address
        assert other.post(address).status_code in (403, 405), address
    assert other.post("/start/done").status_code == 403
    assert other.post("/administration/demo/make").status_code == 403


def test_it_may_be_left_and_is_taken_up_where_one_was(boss, client):
    assert "/start" in text_of(client.get("/administration/roles"))
    week = {"name": "启明科技", "language": "zh-hans", "timezone": "Asia/Shanghai", "days": ["mon", "tue", "sat"],
            "hours": "08:30-12:00，13:00-17:30"}  # fmt: skip
    assert client.post("/start/company", week)["Location"] == "/start/people"
    assert client.get("/start")["Location"] == "/start/people"
    assert Firm.objects.get().name == "启明科技"
    table, _revision = table_of("china")
    assert table["week"] == {day: ["08:30-12:00", "13:00-17:30"] for day in ("mon", "tue", "sat")}


def test_hours_that_are_none_are_said_and_nothing_is_kept(boss, client):
    week = {"name": "启明科技", "language": "zh-hans", "timezone": "Asia/Shanghai", "days": ["mon"], "hours": "9 to 5"}
    assert client.post("/start/company", week).status_code == 422
    assert Firm.objects.get().name == ""
    assert table_of("china")[1] == 0


def test_teams_are_made_line_by_line_and_a_second_time_nothing_is(boss, client):
    for _ in range(2):
        client.post("/start/people", {"do": "teams", "teams": "销售部\n- 华东组\n-华南组\n客服部"})
    assert Team.objects.count() == 4
    assert Team.objects.get(name="华东组").parent.name == "销售部"
    assert Team.objects.get(name="客服部").parent is None


def test_a_person_gets_a_link_where_no_mail_goes_out(boss, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    answer = client.post("/start/people", {"do": "person", "display_name": "王敏", "username": "wang", "role": "rep"})
    assert "/accounts/password/reset/key/" in text_of(answer)
    assert User.objects.get(username="wang").role_keys == {"rep"}


def test_a_person_is_invited_by_mail_with_a_link_that_works_and_lies_nowhere(boss, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    sent = {"do": "person", "display_name": "王敏", "email": "wang@example.com", "role": "rep"}
    assert client.post("/start/people", sent).status_code == 302
    user = User.objects.get(username="wang")
    assert "key" not in str(Job.objects.get(kind="invite").payload)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    jobs.deliver(NOW.replace(year=2099))
    [message] = mail.outbox
    link = next(line for line in message.body.splitlines() if line.startswith("http://testserver/"))
    form = Client().get(link.removeprefix("http://testserver"), follow=True)
    assert form.status_code == 200
    assert "password1" in text_of(form)
    assert user.username in message.body


def test_sops_that_do_not_fit_are_left_out_and_taken_up_again(boss, client):
    assert client.post("/start/sops", {"sops": ["new-business", "repurchase"]})["Location"] == "/start/leads"
    assert retired() == {"complaint", "customer-care", "key-account"}
    assert client.get("/complaints").status_code == 200
    User.objects.get(pk=boss.pk).grants.create(role="service")
    assert client.get("/complaints/new").status_code == 409
    client.post("/start/sops", {"sops": ["complaint", "customer-care", "key-account", "repurchase"]})
    assert retired() == set()
    assert client.get("/complaints/new").status_code == 200


def test_the_sample_file_can_be_imported_as_it_is(boss, client):
    said = b"".join(client.get("/imports/sample").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(said)))
    assert len(rows) == 4
    file = io.BytesIO(said.encode())
    file.name = "leads.csv"
    page = client.post("/imports/new", {"file": file}, follow=True)
    address = page.request["PATH_INFO"]
    client.post(address, {"do": "run"})
    while jobs.deliver(NOW.replace(year=2099)):
        pass
    assert page.status_code == 200
    assert Lead.objects.count() in (0, 3)


def test_it_ends_and_asks_no_more(boss, client, django_assert_num_queries):
    assert client.post("/start/done")["Location"] == "/"
    assert Firm.objects.get().step == 6
    assert client.get("/start")["Location"] == "/"
    assert "fy-guide" not in text_of(client.get("/administration"))


# -- the demo company --------------------------------------------------------------------------------------------------


def test_the_demo_is_asked_for_once_and_only_while_it_can_share_nothing(boss, client, people):
    assert client.post("/administration/demo/make").status_code == 302
    assert not Demo.objects.exists()
    User.objects.exclude(pk=boss.pk).update(is_active=False)
    for _ in range(2):
        client.post("/administration/demo/make")
    assert Demo.objects.get().state == Demo.MAKING
    assert Job.objects.filter(kind="demo").count() == 1
    assert "hx-trigger" in text_of(client.get("/administration/demo"))
    assert client.get("/administration/demo/remove").status_code == 302
    assert not Run.objects.exists()

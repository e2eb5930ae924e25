"""Sign-in, drive through the real addresses: password, second factor, throttling, sessions, language and time zone."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from fairway.people.actions.users import deactivate, drop_second_factor, set_password
from fairway.people.errors import Forbidden
from fairway.people.models import AuditEntry, User
from fairway.runs import jobs
from fairway.runs.models import Job

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _throttles_start_empty():
    cache.clear()


@pytest.fixture
def rep(people):
    set_password(people.rep, PASSWORD, by=people.admin, now=timezone.now())
    return User.objects.get(pk=people.rep.pk)


def sign_in(client, login="rep", password=PASSWORD):
    return client.post("/accounts/login/", {"login": login, "password": password})


def signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("login", ["rep", "REP", "rep@example.com", "Rep@Example.com"])
def test_one_signs_in_by_name_or_address(rep, client, login):
    assert sign_in(client, login).status_code == 302
    assert signed_in(client)


def test_a_wrong_password_is_refused_in_the_readers_language(rep, client):
    answer = sign_in(client, password="wrong")
    assert answer.status_code == 200
    assert not signed_in(client)
    assert re.search(r"[\u4e00-\u9fff]", str(answer.context["form"].errors))
    answer = Client(headers={"Accept-Language": "en"}).post("/accounts/login/", {"login": "rep", "password": "wrong"})
    assert "not correct" in str(answer.context["form"].errors)


def test_a_deactivated_person_does_not_get_in(rep, people, client):
    sign_in(client)
    deactivate(rep, by=people.admin, now=timezone.now())
    assert client.get("/accounts/password/change/").status_code == 302
    again = Client()
    sign_in(again)
    assert not signed_in(again)


def test_a_deactivated_persons_sessions_do_not_come_back_with_her(rep, people, client):
    sign_in(client)
    assert UserSession.objects.filter(user=rep).exists()
    deactivate(rep, by=people.admin, now=timezone.now())
    assert not UserSession.objects.filter(user=rep).exists()
    User.objects.filter(pk=rep.pk).update(is_active=True)
    assert not signed_in(client)


def test_guessing_is_slowed_down(rep):
    for _ in range(12):
        answer = sign_in(Client(), password="wrong")
    answer = sign_in(client := Client())
    assert not signed_in(client)
    assert answer.status_code in (200, 429)


def test_too_many_attempts_from_one_place_are_told_to_wait(rep, client):
    answers = [sign_in(client, password="wrong") for _ in range(31)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert "尝试次数过多" in answers[-1].content.decode()


def test_nobody_signs_up(client):
    assert client.get("/accounts/signup/").status_code == 404
    body = {"username": "x", "email": "x@example.com", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/signup/", body).status_code == 404
    assert not User.objects.filter(username="x").exists()


def code_now(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_with_a_second_factor_the_password_alone_is_not_enough(rep, client):
    secret = generate_totp_secret()
    TOTP.activate(rep, secret)
    answer = sign_in(client)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert not signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": "000000" if code_now(secret) != "000000" else "000001"})
    assert not signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    assert signed_in(client)


def test_a_recovery_code_works_once(rep):
    TOTP.activate(rep, generate_totp_secret())
    code = RecoveryCodes.activate(rep).get_unused_codes()[0]
    for expected in (True, False):
        client = Client()
        sign_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert signed_in(client) is expected


def test_the_secret_of_the_second_factor_is_not_stored_in_clear(rep):
    secret = generate_totp_secret()
    TOTP.activate(rep, secret)
    assert secret not in str(Authenticator.objects.values().get())


def test_the_second_factor_outlives_a_change_of_key_and_not_a_lost_one(rep, settings):
    secret = generate_totp_secret()
    TOTP.activate(rep, secret)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]
    totp = Authenticator.objects.get().wrap()
    assert totp.validate_code(code_now(secret))
    cache.clear()
    settings.SECRET_KEY_FALLBACKS = []
    assert not totp.validate_code(code_now(secret))


def test_an_administrator_helps_who_lost_the_second_factor(rep, people, client):
    TOTP.activate(rep, generate_totp_secret())
    with pytest.raises(Forbidden):
        drop_second_factor(rep, by=people.manager, now=timezone.now())
    before = AuditEntry.objects.count()
    for _ in range(2):
        drop_second_factor(rep, by=people.admin, now=timezone.now())
    assert AuditEntry.objects.count() == before + 1
    sign_in(client)
    assert signed_in(client)


def delivered():
    """What the worker sends."""
    jobs.deliver(timezone.now())
    return mail.outbox


def test_a_forgotten_password_is_set_anew_by_a_mailed_link(rep, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client = Client()
    client.post("/accounts/password/reset/", {"email": "REP@example.com"})
    [message] = delivered()
    assert message.to == ["rep@example.com"]
    link = re.search(r"/accounts/password/reset/key/\S+", message.body).group()
    form = client.get(link, follow=True)
    new = "another horse battery"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    sign_in(client, password=new)
    assert signed_in(client)


def test_a_stranger_is_not_written_to(rep, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Client().post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert delivered() == []


@pytest.mark.parametrize(("language", "word"), [("en", "set a new password"), ("zh-CN", "重设密码")])
def test_the_message_speaks_the_readers_language(rep, settings, language, word):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Client(headers={"Accept-Language": language}).post("/accounts/password/reset/", {"email": "rep@example.com"})
    [message] = delivered()
    assert word in message.subject
    assert "王小明" in message.body
    assert "/accounts/password/reset/key/" in message.body


def test_one_is_told_when_ones_password_was_changed(rep, settings, client):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    sign_in(client)
    new = "another horse battery"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert [message.to for message in delivered()] == [["rep@example.com"]]


def test_when_mail_is_down_the_page_answers_all_the_same_and_it_is_tried_again(rep, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert Client().post("/accounts/password/reset/", {"email": "rep@example.com"}).status_code == 302
    jobs.deliver(timezone.now())
    [job] = Job.objects.all()
    assert (job.status, job.tries) == (Job.WAITING, 1)
    # With the link in it one could sign in as the person: whoever reads the database, or a copy of it, cannot.
    assert "/accounts/password/reset/key/" not in str(job.payload)


def test_an_unknown_address_gets_the_same_answer(rep, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    known = Client().post("/accounts/password/reset/", {"email": "rep@example.com"})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_one_ends_ones_other_sessions(rep, client):
    other = Client()
    sign_in(other)
    sign_in(client)
    assert UserSession.objects.filter(user=rep).count() == 2
    client.post("/accounts/sessions/")
    assert signed_in(client)
    assert not signed_in(other)


def test_a_request_reads_the_person_in_two_queries(rep, client, django_assert_max_num_queries):
    sign_in(client)
    with django_assert_max_num_queries(3):  # session, user with team and roles, /health itself
        client.get("/health")


@pytest.mark.parametrize(
    ("own", "asked", "expected"),
    [("en", "zh-CN", "en"), ("", "zh-CN", "zh-hans"), ("", "en-GB", "en"), ("", "fr", "zh-hans")],
)
def test_a_page_speaks_ones_own_language_else_the_browsers(rep, client, own, asked, expected):
    User.objects.filter(pk=rep.pk).update(language=own)
    sign_in(client)
    answer = client.get("/health", headers={"Accept-Language": asked})
    assert answer["Content-Language"] == expected
    assert "Accept-Language" in answer["Vary"]
    assert client.get("/health", headers={"Accept-Language": "en"})["Content-Language"] == "en"


def test_the_time_zone_is_the_persons_and_does_not_leak_to_the_next_request(rep, client):
    User.objects.filter(pk=rep.pk).update(timezone="Europe/Berlin")
    sign_in(client)
    client.get("/health")
    assert timezone.get_current_timezone_name() == "Europe/Berlin"
    Client().get("/health")
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"
    User.objects.filter(pk=rep.pk).update(timezone="Gone/Zone")
    client.get("/health")
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"

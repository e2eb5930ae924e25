from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fairway.people import tokens
from fairway.people.actions.absences import set_absence
from fairway.people.actions.tokens import create_token
from fairway.people.actions.users import set_password
from fairway.people.models import Absence, ApiToken, User
from tests.people.test_sign_in import code_now

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
OWN_PAGES = ("profile", "tokens", "absences", "account_change_password", "mfa_index", "usersessions_list")
ENTRANCES = ("account_login", "account_reset_password", "account_reset_password_done", "account_inactive",
             "account_reset_password_from_key_done")  # fmt: skip


@pytest.fixture(autouse=True)
def _throttles_start_empty():
    cache.clear()


@pytest.fixture
def rep(people, client):
    set_password(people.rep, PASSWORD, by=people.admin, now=timezone.now())
    client.post(reverse("account_login"), {"login": "rep", "password": PASSWORD})
    return client


@pytest.mark.parametrize("name", OWN_PAGES)
def test_each_of_ones_own_pages_opens_in_both_languages_and_to_the_signed_in_only(
    people, rep, name, django_assert_max_num_queries
):
    for language, word in (("en", "My account"), ("zh-hans", "我的账号")):
        User.objects.filter(pk=people.rep.pk).update(language=language)
        with django_assert_max_num_queries(20):
            page = rep.get(reverse(name))
        assert page.status_code == 200
        assert word in page.content.decode()
    assert Client().get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", ENTRANCES)
@pytest.mark.parametrize(("language", "word"), [("en", "Fairway"), ("zh-CN", "航道")])
def test_the_entrances_open_to_visitors_in_both_languages(people, name, language, word):
    page = Client(headers={"Accept-Language": language}).get(reverse(name))
    assert page.status_code == 200
    assert word in page.content.decode()


def test_one_changes_ones_profile_and_the_page_speaks_the_new_language_at_once(people, rep):
    values = {"display_name": "王大明", "phone": "138", "language": "en", "timezone": "Europe/Berlin"}
    page = rep.post(reverse("profile"), values, follow=True)
    user = User.objects.get(pk=people.rep.pk)
    assert {name: getattr(user, name) for name in values} == values
    assert "Saved." in page.content.decode()
    wrong = rep.post(reverse("profile"), values | {"display_name": " "})
    assert wrong.status_code == 422


def test_one_cannot_change_more_than_ones_own(people, rep):
    rep.post(
        reverse("profile"),
        {"display_name": "X", "timezone": "UTC", "username": "root", "roles": "admin", "team": people.west.pk},
    )
    user = User.objects.get(pk=people.rep.pk)
    assert (user.display_name, user.username, user.role_keys, user.team) == ("X", "rep", {"rep"}, people.east)


def test_a_token_is_shown_once_and_works(people, rep):
    values = {"name": "Export", "days": "30", "scopes": ["leads:read", "deals:write"]}
    answer = rep.post(reverse("tokens"), values)
    clear = answer.context["clear"]
    assert clear in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert tokens.authenticate(clear, timezone.now()).scopes == ["leads:read", "deals:write"]
    again = rep.get(reverse("tokens")).content.decode()
    assert clear not in again
    assert clear[:10] in again


def test_a_refused_token_says_why(people, rep):
    answer = rep.post(reverse("tokens"), {"name": "Export", "days": "30", "scopes": ["admin"]})
    assert answer.status_code == 422
    assert answer.context["form"].errors["scopes"]
    assert rep.post(reverse("tokens"), {"name": "Export", "days": "9999"}).status_code == 422
    assert not ApiToken.objects.exists()


def test_one_revokes_ones_own_tokens_and_an_administrator_anybodys(people, rep, client):
    now = timezone.now()

    def make(user):
        expires_at = now + timedelta(days=1)
        return create_token(user, name="t", scopes=["leads:read"], expires_at=expires_at, by=user, now=now)[0]

    own, others = make(people.rep), make(people.mate)
    for token, status in ((own, 302), (own, 302), (others, 404)):
        assert rep.post(reverse("token-revoke", args=[token.pk])).status_code == status
    assert {token.pk for token in ApiToken.objects.filter(revoked_at=None)} == {others.pk}
    admin = Client()
    admin.force_login(people.admin)
    answer = admin.post(reverse("token-revoke", args=[others.pk]))
    assert answer["Location"] == reverse("admin-user", args=[people.mate.pk])
    assert not ApiToken.objects.filter(revoked_at=None).exists()


def absence_fields(who, stand_in=None, days=3):
    first = timezone.localdate() + timedelta(days=1)
    last = first + timedelta(days=days - 1)
    return {"user": who.pk, "stand_in": stand_in.pk if stand_in else "", "first_day": first, "last_day": last}


def test_one_notes_ones_leave_in_whole_days_of_ones_own_time_zone(people, rep):
    User.objects.filter(pk=people.rep.pk).update(timezone="Europe/Berlin")
    rep.post(reverse("absences"), absence_fields(people.rep, people.mate))
    absence = Absence.objects.get()
    berlin = ZoneInfo("Europe/Berlin")
    start, end = absence.starts_at.astimezone(berlin), absence.ends_at.astimezone(berlin)
    assert (start.hour, end.hour) == (0, 0)
    assert end.date() - start.date() == timedelta(days=3)
    assert absence.stand_in == people.mate


def test_one_notes_only_for_whom_one_may(people, rep):
    assert rep.post(reverse("absences"), absence_fields(people.mate)).status_code == 422
    assert not Absence.objects.exists()
    manager = Client()
    manager.force_login(people.manager)
    assert manager.post(reverse("absences"), absence_fields(people.mate)).status_code == 302
    assert manager.post(reverse("absences"), absence_fields(people.outsider)).status_code == 422
    twice = absence_fields(people.mate, days=9)
    assert manager.post(reverse("absences"), twice).status_code == 422
    assert Absence.objects.count() == 1


def test_one_sees_who_is_away_in_ones_own_team(people, rep):
    now = datetime.now(UTC)
    span = {"starts_at": now, "ends_at": now + timedelta(days=1), "stand_in": None, "by": people.admin, "now": now}
    near = set_absence(people.mate, **span)
    far = set_absence(people.outsider, **span)
    assert [row["absence"] for row in rep.get(reverse("absences")).context["rows"]] == [near]
    assert rep.post(reverse("absence-end", args=[near.pk])).status_code == 403
    assert rep.post(reverse("absence-end", args=[far.pk])).status_code == 302
    assert Absence.objects.filter(ends_at__gt=timezone.now()).count() == 2


def test_one_takes_ones_leave_back(people, rep):
    rep.post(reverse("absences"), absence_fields(people.rep))
    absence = Absence.objects.get()
    for _ in range(2):
        assert rep.post(reverse("absence-end", args=[absence.pk])).status_code == 302
    assert not Absence.objects.exists()


def test_the_second_factor_is_switched_on_by_scanning_and_off_again(people, rep):
    asked = rep.get(reverse("mfa_activate_totp"), follow=True)
    assert "请确认身份" in asked.content.decode()
    page = rep.post(
        asked.request["PATH_INFO"] + "?" + asked.request["QUERY_STRING"], {"password": PASSWORD}, follow=True
    )
    secret = page.context["form"].secret
    assert "data:image/svg+xml" in page.content.decode()
    assert rep.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    assert rep.post(reverse("mfa_activate_totp"), {"code": code_now(secret)}).status_code == 302
    assert Authenticator.objects.filter(user=people.rep).count() == 2
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        assert rep.get(reverse(name)).status_code == 200, name
    assert rep.get(reverse("mfa_download_recovery_codes"))["Content-Type"].startswith("text/plain")
    rep.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=people.rep, type="totp").exists()


def test_the_second_step_of_signing_in_is_shown_and_may_be_left(people):
    set_password(people.rep, PASSWORD, by=people.admin, now=timezone.now())
    TOTP.activate(people.rep, generate_totp_secret())
    RecoveryCodes.activate(people.rep)
    visitor = Client()
    page = visitor.post(reverse("account_login"), {"login": "rep", "password": PASSWORD}, follow=True)
    assert "双重验证" in page.content.decode()
    visitor.post(reverse("account_logout"), {"next": reverse("account_login")})
    assert visitor.get(reverse("mfa_authenticate")).status_code == 302


def test_a_password_is_changed_only_by_who_knows_it(people, rep):
    new = "another horse battery"
    wrong = rep.post(reverse("account_change_password"), {"oldpassword": "wrong", "password1": new, "password2": new})
    assert wrong.status_code == 200
    rep.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert User.objects.get(pk=people.rep.pk).check_password(new)


def test_who_has_no_password_sets_one(people, client):
    people.mate.set_unusable_password()
    people.mate.save()
    client.force_login(people.mate)
    assert client.get(reverse("account_change_password")).status_code == 302
    form = client.get(reverse("account_set_password"))
    assert form.status_code == 200
    client.post(reverse("account_set_password"), {"password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.get(pk=people.mate.pk).check_password(PASSWORD)

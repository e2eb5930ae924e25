from datetime import UTC, datetime, timedelta

import pytest

from fairway.people import tokens
from fairway.people.actions import tokens as actions
from fairway.people.errors import Forbidden, Refused
from fairway.people.models import ApiToken, AuditEntry, User
from fairway.people.scope import scope_of
from fairway.people.scopes import SCOPES, covers

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def make(people):
    def create(user=None, by=None, name="Nightly export", scopes=("leads:read",), expires_at=NOW + DAY):
        user = user or people.rep
        return actions.create_token(user, name=name, scopes=scopes, expires_at=expires_at, by=by or user, now=NOW)

    return create


def test_a_token_is_kept_only_as_a_digest(people, make):
    token, clear = make()
    stored = ApiToken.objects.filter(pk=token.pk).values().get()
    assert len(clear) >= 43
    assert not [value for value in stored.values() if isinstance(value, str) and clear in value]
    assert clear not in str(AuditEntry.objects.values().get())


def test_a_token_opens_for_its_person_in_one_query(people, make, django_assert_num_queries):
    _token, clear = make(user=people.rep)
    tokens.authenticate(clear, NOW)
    with django_assert_num_queries(1):
        found = tokens.authenticate(clear, NOW)
        assert found.user == people.rep
        assert scope_of(found.user).team_ids == {people.east.pk}


def test_the_last_use_is_noted_once_an_hour(people, make):
    token, clear = make()
    for minutes, seen in ((0, 0), (59, 0), (60, 60), (61, 60)):
        tokens.authenticate(clear, NOW + timedelta(minutes=minutes))
        token.refresh_from_db()
        assert token.last_used_at == NOW + timedelta(minutes=seen)


def test_expired_revoked_unknown_and_idle_tokens_open_nothing(people, make):
    token, clear = make()
    assert tokens.authenticate(clear, NOW + DAY) is None
    assert tokens.authenticate(clear + "x", NOW) is None
    assert tokens.authenticate("Basic", NOW) is None
    User.objects.filter(pk=people.rep.pk).update(is_active=False)
    assert tokens.authenticate(clear, NOW) is None
    User.objects.filter(pk=people.rep.pk).update(is_active=True)
    for _ in range(2):
        actions.revoke_token(token, by=people.rep, now=NOW)
    assert tokens.authenticate(clear, NOW) is None
    assert AuditEntry.objects.filter(action="token.revoked").count() == 1


def test_people_make_tokens_for_themselves_only(people, make):
    with pytest.raises(Forbidden):
        make(user=people.rep, by=people.admin)
    assert not ApiToken.objects.exists()


def test_a_token_is_revoked_by_its_person_or_an_administrator(people, make):
    token, _clear = make()
    with pytest.raises(Forbidden):
        actions.revoke_token(token, by=people.manager, now=NOW)
    assert actions.revoke_token(token, by=people.admin, now=NOW).revoked_at == NOW


def test_what_a_token_cannot_be_is_said_at_once(people, make):
    with pytest.raises(Refused) as refused:
        make(scopes=("admin", "moon:read"), expires_at=NOW + 400 * DAY)
    assert [reason.code for reason in refused.value.reasons] == ["unknown_scope", "not_admin", "expiry"]
    for wrong in ({"scopes": ()}, {"expires_at": NOW}, {"name": ""}):
        with pytest.raises(Refused):
            make(**wrong)
    assert not ApiToken.objects.exists()


def test_an_administrator_may_make_one_that_administers(people, make):
    token, _clear = make(user=people.admin, scopes=("admin",))
    assert tokens.may(token, "admin")


def test_so_many_tokens_and_no_more(people, make, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 1)
    make()
    with pytest.raises(Refused, match="Revoke some"):
        make()


def test_writing_includes_reading_and_nothing_else():
    assert covers(["leads:write"], "leads:read")
    assert covers(["leads:read"], "leads:read")
    assert not covers(["leads:read"], "leads:write")
    assert not covers(["leads:write"], "deals:read")
    assert not covers(["admin"], "leads:read")
    assert [scope for scope in SCOPES if covers(["admin"], scope)] == ["admin"]

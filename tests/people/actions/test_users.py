from datetime import UTC, datetime, timedelta

import pytest

from fairway.people import holdings
from fairway.people.actions.roles import grant_role, revoke_role, set_roles
from fairway.people.actions.users import (
    change_user,
    create_user,
    deactivate,
    note_password_link,
    reactivate,
    set_password,
)
from fairway.people.errors import Forbidden, Refused
from fairway.people.holdings import Holding
from fairway.people.models import ApiToken, AuditEntry, RoleGrant, User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def fresh(user):
    return User.objects.get(pk=user.pk)


def codes(refused):
    return {(reason.field, reason.code) for reason in refused.value.reasons}


def make(people, by="admin", **changes):
    values = {"username": "new", "email": "new@example.com", "display_name": "李雷", "team": people.east} | changes
    return create_user(**values, by=getattr(people, by) if by else None, now=NOW)


def test_an_administrator_makes_a_user_and_it_is_written_down(people):
    user = make(people, roles=("rep", "service"), password="correct horse battery")
    assert user.role_keys == {"rep", "service"}
    assert fresh(user).check_password("correct horse battery")
    entry = AuditEntry.objects.get()
    assert (entry.by, entry.at, entry.action, entry.subject_id) == (people.admin, NOW, "user.created", user.pk)
    assert entry.after["roles"] == ["rep", "service"]
    assert "password" not in entry.after


def test_without_a_password_nobody_signs_in_yet(people):
    assert not fresh(make(people)).has_usable_password()


def test_the_command_line_makes_the_first_administrator(db):
    user = create_user(username="root", email="", display_name="Root", roles=("admin",), by=None, now=NOW)
    assert user.is_admin
    assert AuditEntry.objects.get().by is None


@pytest.mark.parametrize("who", ["rep", "manager", "director", "legal"])
def test_nobody_else_makes_users(people, who):
    count = User.objects.count()
    with pytest.raises(Forbidden):
        make(people, by=who)
    assert User.objects.count() == count
    assert not AuditEntry.objects.exists()


def test_all_that_is_wrong_is_said_at_once(people):
    with pytest.raises(Refused) as refused:
        make(people, username="", email="no address", display_name=" ", timezone="Mars/Base")
    assert {field for field, _code in codes(refused)} == {"username", "email", "display_name", "timezone"}


@pytest.mark.parametrize("taken", [{"username": "REP"}, {"email": "Rep@Example.com"}])
def test_names_and_addresses_are_taken_whatever_their_case(people, taken):
    with pytest.raises(Refused, match="Another user"):
        make(people, **taken)


def test_weak_passwords_unknown_roles_and_archived_teams_are_refused(people):
    with pytest.raises(Refused) as refused:
        make(people, password="12345")
    assert ("password", "weak_password") in codes(refused)
    with pytest.raises(Refused) as refused:
        make(people, roles=("boss",))
    assert codes(refused) == {("roles", "unknown_role")}
    people.west.archived_at = NOW
    people.west.save()
    with pytest.raises(Refused) as refused:
        make(people, team=people.west)
    assert codes(refused) == {("team", "archived_team")}
    with pytest.raises(Refused):
        change_user(people.rep, team=people.west, by=people.admin, now=NOW)


def test_a_change_is_written_down_with_before_and_after(people):
    change_user(people.rep, team=people.west, display_name="王大明", by=people.admin, now=NOW)
    assert (fresh(people.rep).team, fresh(people.rep).display_name) == (people.west, "王大明")
    entry = AuditEntry.objects.get()
    assert entry.before == {"display_name": "王小明", "team": people.east.pk}
    assert entry.after == {"display_name": "王大明", "team": people.west.pk}


def test_a_change_that_changes_nothing_writes_nothing(people):
    for _ in range(2):
        change_user(people.rep, phone="138", by=people.admin, now=NOW)
    assert AuditEntry.objects.count() == 1


def test_people_change_what_is_their_own_and_no_more(people):
    change_user(people.rep, language="en", timezone="Europe/Berlin", by=people.rep, now=NOW)
    assert fresh(people.rep).language == "en"
    with pytest.raises(Forbidden):
        change_user(people.rep, email="x@example.com", by=people.rep, now=NOW)
    with pytest.raises(Forbidden):
        change_user(people.mate, language="en", by=people.rep, now=NOW)
    with pytest.raises(Refused):
        change_user(people.rep, timezone="Mars/Base", by=people.rep, now=NOW)
    with pytest.raises(TypeError):
        change_user(people.rep, is_superuser=True, by=people.admin, now=NOW)


def test_a_deactivated_person_keeps_her_name_and_loses_her_tokens(people):
    token = ApiToken.objects.create(
        user=people.rep, name="x", prefix="fwy_", digest="d", created_at=NOW, expires_at=NOW + timedelta(days=1)
    )
    for _ in range(2):
        assert not deactivate(people.rep, by=people.admin, now=NOW).is_active
    token.refresh_from_db()
    assert token.revoked_at == NOW
    assert AuditEntry.objects.count() == 1
    for _ in range(2):
        assert reactivate(people.rep, by=people.admin, now=NOW).is_active
    assert fresh(people.rep).role_keys == {"rep"}
    assert AuditEntry.objects.count() == 2


def test_the_last_administrator_stays(people):
    for attempt in (
        lambda: deactivate(people.admin, by=people.admin, now=NOW),
        lambda: revoke_role(people.admin, "admin", by=people.admin, now=NOW),
        lambda: set_roles(people.admin, ["rep"], by=people.admin, now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert codes(refused) == {("", "last_admin")}
    assert fresh(people.admin).is_active
    assert fresh(people.admin).is_admin
    assert not AuditEntry.objects.exists()


def test_a_deactivated_administrator_does_not_count_as_one(people):
    second = people.add("second", team=None, roles=("admin",))
    deactivate(second, by=people.admin, now=NOW)
    with pytest.raises(Refused):
        deactivate(people.admin, by=people.admin, now=NOW)
    revoke_role(second, "admin", by=people.admin, now=NOW)
    grant_role(people.manager, "admin", by=people.admin, now=NOW)
    deactivate(people.admin, by=people.manager, now=NOW)
    with pytest.raises(Forbidden):
        reactivate(people.admin, by=fresh(people.admin), now=NOW)


def test_roles_are_given_and_taken_once(people):
    for _ in range(2):
        grant_role(people.rep, "service", by=people.admin, now=NOW)
    assert people.rep.role_keys == {"rep", "service"}
    for _ in range(2):
        revoke_role(people.rep, "rep", by=people.admin, now=NOW)
    assert fresh(people.rep).role_keys == {"service"}
    assert list(AuditEntry.objects.order_by("pk").values_list("after", flat=True)) == [
        {"roles": ["rep", "service"]},
        {"roles": ["service"]},
    ]


def test_nobody_gives_herself_a_role_and_unknown_ones_do_not_exist(people):
    with pytest.raises(Forbidden):
        grant_role(people.rep, "admin", by=people.rep, now=NOW)
    with pytest.raises(Refused):
        grant_role(people.rep, "boss", by=people.admin, now=NOW)
    assert RoleGrant.objects.filter(user=people.rep).count() == 1


def test_an_administrator_sets_a_password_and_it_is_written_down_without_it(people):
    set_password(people.rep, "correct horse battery", by=people.admin, now=NOW)
    note_password_link(people.rep, by=people.admin, now=NOW)
    assert fresh(people.rep).check_password("correct horse battery")
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "after")) == [
        ("user.password_set", {}),
        ("user.password_link_made", {}),
    ]
    with pytest.raises(Refused):
        set_password(people.rep, "short", by=people.admin, now=NOW)
    with pytest.raises(Forbidden):
        set_password(people.rep, "correct horse battery", by=people.manager, now=NOW)


def test_what_somebody_still_holds_is_told_by_those_who_know(people, monkeypatch):
    monkeypatch.setattr(holdings, "_counts", {})

    def deals(user):
        return Holding("deals", 3 if user == people.rep else 0)

    holdings.register("deals", deals)
    holdings.register("deals", deals)
    assert holdings.of(people.rep) == [Holding("deals", 3)]
    assert holdings.of(people.mate) == []
    with pytest.raises(ValueError, match="deals"):
        holdings.register("deals", lambda user: Holding("other", 1))


def test_the_audit_log_only_grows(people):
    make(people)
    entry = AuditEntry.objects.get()
    for attempt in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(TypeError):
            attempt()
    with pytest.raises(TypeError):
        AuditEntry.objects.update(action="x")

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from fairway.people.audit import record
from fairway.people.models import AuditEntry, RoleGrant, User
from fairway.people.scope import NOBODY, q, scope_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_a_rep_sees_her_own_team_but_not_the_teams_below(people):
    scope = scope_of(people.rep)
    assert scope.team_ids == {people.east.pk}
    assert scope.sees(owner_id=people.rep.pk, team_id=None)
    assert scope.sees(owner_id=people.mate.pk, team_id=people.east.pk)
    assert not scope.sees(owner_id=people.outsider.pk, team_id=people.west.pk)
    assert scope.sees(owner_id=people.outsider.pk, team_id=people.west.pk, participant=True)


def test_a_manager_sees_the_teams_below_and_none_beside_or_above(people):
    assert scope_of(people.manager).team_ids == {people.east.pk}
    assert scope_of(people.director).team_ids == {people.sales.pk, people.east.pk, people.west.pk}


def test_a_manager_without_team_sees_only_her_own(people):
    user = people.add("lone", team=None, roles=("manager",))
    assert scope_of(user).team_ids == frozenset()
    assert not scope_of(user).sees(owner_id=people.rep.pk, team_id=people.east.pk)


def test_an_administrator_sees_every_row(people):
    scope = scope_of(people.admin)
    assert scope.is_admin
    assert scope.sees(owner_id=people.outsider.pk, team_id=people.west.pk)
    assert q(scope) == Q()


def test_the_pool_is_seen_by_those_who_sell_and_the_administrator_only(people):
    nobodys = {"owner_id": None, "team_id": None}
    assert scope_of(people.rep).sees(**nobodys, pool=True)
    assert scope_of(people.manager).sees(**nobodys, pool=True)
    assert not scope_of(people.rep).sees(**nobodys)
    assert not scope_of(people.legal).sees(**nobodys, pool=True)
    assert not scope_of(people.rep).sees(owner_id=None, team_id=people.west.pk, pool=True)


@pytest.mark.parametrize("visitor", ["anonymous", "deactivated"])
def test_a_visitor_and_a_deactivated_person_see_nothing(people, visitor):
    user = AnonymousUser()
    if visitor == "deactivated":
        User.objects.filter(pk=people.admin.pk).update(is_active=False)
        user = fresh(people.admin)
    scope = scope_of(user)
    assert scope is NOBODY
    assert not scope.sees(owner_id=None, team_id=None, participant=True, pool=True)
    assert not RoleGrant.objects.filter(q(scope, owner="user_id", team="user__team_id")).exists()


def test_the_filter_and_the_rule_agree_on_every_row(people):
    """Users stand for any table with an owner and a team: the owner is the id, the pool are those without team."""
    lone = people.add("lone", team=None, roles=())
    judged = [people.outsider.pk]
    for person in [*people.everyone(), lone]:
        scope = scope_of(fresh(person))
        rows = User.objects.filter(q(scope, owner="id", team="team_id", participant=("id", judged), pool=True))
        by_rule = {
            user.pk
            for user in User.objects.all()
            if scope.sees(owner_id=user.pk, team_id=user.team_id, participant=user.pk in judged, pool=True)
        }
        assert set(rows.values_list("pk", flat=True)) == by_rule, person


def test_the_filter_finds_the_pool_by_its_empty_columns(people):
    """Audit entries stand for rows: they have two columns that may be empty."""
    rows = {
        (by, subject): record("x.y", by=by, now=NOW, kind="row", subject_id=subject).pk
        for by in (None, people.outsider)
        for subject in (None, people.west.pk)
    }
    columns = {"owner": "by_id", "team": "subject_id", "pool": True}
    assert set(AuditEntry.objects.filter(q(scope_of(people.rep), **columns))) == {
        AuditEntry.objects.get(pk=rows[None, None])
    }
    assert not AuditEntry.objects.filter(q(scope_of(people.legal), **columns)).exists()


def test_participants_may_be_a_subquery(people):
    judged = User.objects.filter(pk=people.outsider.pk).values("pk")
    rows = User.objects.filter(q(scope_of(people.legal), owner="id", participant=("id", judged)))
    assert people.outsider in rows


def test_a_scope_costs_a_constant_number_of_queries(people, django_assert_num_queries):
    user = User.objects.with_roles().get(pk=people.rep.pk)
    with django_assert_num_queries(0):
        scope_of(user)
    manager = User.objects.with_roles().get(pk=people.director.pk)
    with django_assert_num_queries(1):
        scope_of(manager)
        scope_of(manager)
    plain = fresh(people.director)
    with django_assert_num_queries(3):
        scope_of(plain)

from datetime import UTC, datetime, timedelta

import pytest

from fairway.people.directory import load_directory
from fairway.people.models import Absence, User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def away(user, stand_in=None, start=-DAY, end=DAY):
    return Absence.objects.create(user=user, stand_in=stand_in, starts_at=NOW + start, ends_at=NOW + end)


@pytest.fixture
def resolve(people):
    def find(role, owner=None, team=None, now=NOW):
        team_id = team.pk if team else (owner.team_id if owner else None)
        found = load_directory(now).resolve(role, owner_id=owner.pk if owner else None, team_id=team_id, now=now)
        return User.objects.get(pk=found) if found else None

    return find


def test_it_is_read_in_three_queries_and_answers_without_any(people, django_assert_num_queries):
    away(people.rep)
    with django_assert_num_queries(3):
        directory = load_directory(NOW)
        for _ in range(100):
            directory.resolve("legal", owner_id=people.rep.pk, team_id=people.east.pk, now=NOW)


def test_the_manager_is_the_teams_own_else_the_next_above(people):
    directory = load_directory(NOW)
    assert directory.manager_of(people.east.pk) == people.manager.pk
    assert directory.manager_of(people.west.pk) == people.director.pk
    assert directory.manager_of(people.top.pk) is None
    assert directory.manager_of(None) is None
    assert directory.manager_of(987) is None


def test_above_is_the_manager_over_the_manager_and_never_the_same_person(people):
    directory = load_directory(NOW)
    assert directory.above(people.east.pk) == people.director.pk
    assert directory.above(people.west.pk) is None
    assert directory.above(None) is None


def test_a_manager_without_team_manages_none_and_a_person_without_role_holds_none(people):
    lone = people.add("lone", team=None, roles=("manager",))
    idle = people.add("idle", team=people.east, roles=())
    directory = load_directory(NOW)
    assert directory.holds(lone.pk, "manager")
    assert lone.pk not in sum(directory.managers(people.east.pk), ())
    assert directory.people[idle.pk].roles == frozenset()


def test_two_managers_of_one_team_are_one_level(people):
    second = people.add("second", team=people.east, roles=("manager",))
    directory = load_directory(NOW)
    assert directory.managers(people.east.pk) == ((people.manager.pk, second.pk), (people.director.pk,))
    assert directory.above(people.east.pk) == people.director.pk


def test_a_manager_does_not_judge_her_own_deal(people, resolve):
    assert resolve("manager", owner=people.manager) == people.director
    assert resolve("above", owner=people.manager) is None
    assert resolve("manager", owner=people.director) is None


def test_owner_and_rep_are_the_owner(people, resolve):
    assert resolve("owner", owner=people.rep) == people.rep
    assert resolve("rep", owner=people.rep) == people.rep
    assert resolve("rep", owner=people.manager) == people.manager
    assert resolve("owner", owner=people.service) == people.service
    assert resolve("rep", owner=people.service, team=people.west) == people.outsider
    assert resolve("owner", team=people.east) is None


def test_a_deactivated_owner_is_nobody(people, resolve):
    User.objects.filter(pk=people.rep.pk).update(is_active=False)
    assert resolve("owner", owner=people.rep) is None
    assert resolve("rep", owner=people.rep) == people.mate
    assert not load_directory(NOW).is_active(people.rep.pk)
    assert load_directory(NOW).team_of(people.rep.pk) is None
    assert not load_directory(NOW).holds(people.rep.pk, "rep")


def test_a_word_that_is_no_role_is_refused(resolve):
    with pytest.raises(ValueError, match="boss"):
        resolve("boss")


def test_the_nearest_holder_comes_first(people, resolve):
    assert resolve("legal", owner=people.rep) == people.legal
    sales_legal = people.add("saleslegal", team=people.sales, roles=("legal",))
    lone_legal = people.add("lonelegal", team=None, roles=("legal",))
    east_legal = people.add("eastlegal", team=people.east, roles=("legal",))
    directory = load_directory(NOW)
    assert directory.tiers("legal", people.east.pk) == (
        (east_legal.pk,),
        (sales_legal.pk,),
        (people.legal.pk,),
        (lone_legal.pk,),
    )
    assert directory.candidates("legal", people.west.pk) == [
        sales_legal.pk,
        east_legal.pk,
        people.legal.pk,
        lone_legal.pk,
    ]
    assert directory.tiers("legal", None) == ((people.legal.pk, sales_legal.pk, lone_legal.pk, east_legal.pk),)
    assert directory.candidates("rep", people.office.pk)[0] == people.rep.pk


def test_the_levels_of_managers_are_the_tiers_of_manager_and_above(people):
    directory = load_directory(NOW)
    assert directory.tiers("manager", people.east.pk) == ((people.manager.pk,), (people.director.pk,))
    assert directory.tiers("above", people.east.pk) == ((people.director.pk,),)


def test_a_role_that_nobody_holds_has_nobody(people, resolve):
    User.objects.filter(pk=people.legal.pk).update(is_active=False)
    assert resolve("legal", owner=people.rep) is None
    assert load_directory(NOW).candidates("legal", people.east.pk) == []


def test_who_holds_the_role_and_owns_the_run_comes_last(people, resolve):
    both = people.add("both", team=people.east, roles=("rep", "legal"))
    assert resolve("legal", owner=both) == people.legal
    User.objects.filter(pk=people.legal.pk).update(is_active=False)
    assert resolve("legal", owner=both) == both


def test_the_stand_in_judges_during_the_leave_and_not_a_moment_longer(people, resolve):
    away(people.manager, people.mate)
    assert resolve("manager", owner=people.rep) == people.mate
    assert resolve("manager", owner=people.rep, now=NOW - DAY) == people.mate
    assert resolve("manager", owner=people.rep, now=NOW + DAY) == people.manager
    before = NOW - DAY - timedelta(seconds=1)
    assert resolve("manager", owner=people.rep, now=before) == people.manager


def test_without_stand_in_the_next_present_holder_is_asked(people, resolve):
    away(people.manager)
    assert resolve("manager", owner=people.rep) == people.director


def test_the_owner_never_judges_as_a_stand_in(people, resolve):
    away(people.manager, people.rep)
    assert resolve("manager", owner=people.rep) == people.director


def test_when_all_are_away_the_nearest_is_named_all_the_same(people, resolve):
    away(people.legal)
    assert resolve("legal", owner=people.rep) == people.legal
    away(people.rep)
    assert resolve("owner", owner=people.rep) == people.rep


def test_stand_ins_who_are_away_pass_on(people):
    away(people.manager, people.mate)
    away(people.mate, people.director)
    directory = load_directory(NOW)
    assert directory.stand_in(people.manager.pk, NOW) == people.director.pk
    assert directory.acts_for(people.director.pk, NOW) == {people.manager.pk, people.mate.pk}
    assert directory.acts_for(people.manager.pk, NOW) == frozenset()


def test_stand_ins_in_a_circle_or_deactivated_are_nobody(people):
    away(people.manager, people.mate)
    away(people.mate, people.manager)
    away(people.rep, people.outsider)
    User.objects.filter(pk=people.outsider.pk).update(is_active=False)
    directory = load_directory(NOW)
    assert directory.acting(people.manager.pk, NOW) is None
    assert directory.acting(people.rep.pk, NOW) is None
    assert directory.stand_in(people.director.pk, NOW) is None

"""Queries compiled once give what the ORM gives, whatever they are asked with."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fairway.people.models import Absence, Team, User
from fairway.prepared import MOST_SHAPES, Prepared, columns_of, made

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_other_values_ask_the_same_query_again(people):
    asked = Prepared(lambda name: User.objects.filter(username=name).order_by().values_list("id", "username"))
    with CaptureQueriesContext(connection) as queries:
        for user in (people.rep, people.mate, people.rep):
            assert asked.rows(user.username) == [(user.pk, user.username)]
        assert asked.first("nobody") is None
    assert len(queries) == 4


@pytest.mark.parametrize("part", ["e", "%", "_", "\\", "'", "王", ""])
@pytest.mark.parametrize("lookup", ["contains", "icontains", "startswith", "istartswith", "endswith"])
def test_a_part_of_a_text_is_looked_for_as_it_is_written(people, part, lookup):
    for name in ("50% off", "a_b", "back\\slash", "it's", "小王", "Emma"):
        Team.objects.create(name=name)
    asked = Prepared(lambda text: Team.objects.filter(**{f"name__{lookup}": text}).order_by("id").values_list("name"))
    assert asked.rows(part) == list(Team.objects.filter(**{f"name__{lookup}": part}).order_by("id").values_list("name"))


def test_what_is_not_asked_for_shapes_the_query_and_a_value_does_not(people):
    def build(ids, team, *, active):
        users = User.objects.filter(pk__in=ids, is_active=active).order_by("id")
        return (users if team is None else users.filter(team_id=team)).values_list("id", flat=True)

    asked = Prepared(build)
    both = (people.rep.pk, people.outsider.pk)
    assert asked.rows(both, None, active=True) == [(one,) for one in sorted(both)]
    assert asked.rows(both, people.east.pk, active=True) == [(people.rep.pk,)]
    assert asked.rows(both[1:], people.east.pk, active=True) == []
    assert asked.rows((), None, active=True) == []
    assert asked.rows(both, None, active=False) == []


def test_times_come_back_aware_and_are_compared_to_the_microsecond(people):
    starts = NOW + timedelta(microseconds=1)
    Absence.objects.create(user=people.rep, starts_at=starts, ends_at=NOW + HOUR, stand_in=people.mate)
    asked = Prepared(lambda at: Absence.objects.filter(starts_at__lte=at).values_list("starts_at", "ends_at"))
    assert asked.rows(NOW) == []
    assert asked.rows(starts) == [(starts, NOW + HOUR)]


def test_an_object_is_made_of_a_row_as_the_orm_makes_it(people):
    asked = Prepared(lambda pk: User.objects.filter(pk=pk).values_list(*columns_of(User)))
    row = asked.first(people.rep.pk)
    user = made(User, row)
    stored = User.objects.get(pk=people.rep.pk)
    assert (user, user._state.db, user._state.adding) == (stored, "default", False)
    assert [getattr(user, name) for name in columns_of(User)] == [getattr(stored, name) for name in columns_of(User)]


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**200])
def test_a_number_that_no_column_holds_finds_nothing(people, number):
    assert Prepared(lambda pk: User.objects.filter(pk=pk).values_list("id")).rows(number) == []


def test_a_query_that_makes_something_of_its_value_is_refused(people):
    asked = Prepared(lambda name: User.objects.filter(username=f"{name}!").values_list("id"))
    with pytest.raises(ValueError, match="compares"):
        asked.rows("x")


def test_callers_who_play_with_shapes_do_not_fill_the_memory(people):
    asked = Prepared(lambda *, most: User.objects.order_by("id").values_list("id")[:most])
    for most in range(1, MOST_SHAPES + 10):
        asked.rows(most=most)
    assert len(asked._shapes) <= MOST_SHAPES

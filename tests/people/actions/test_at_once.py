"""Two administrators at the same moment, each in a transaction of their own."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from fairway.people.actions.roles import revoke_role
from fairway.people.actions.teams import move_team
from fairway.people.actions.users import create_user, deactivate
from fairway.people.errors import Refused
from fairway.people.models import Team, User

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def at_once(*changes):
    """Run the changes together; return what each came to: None, or the exception."""
    start, outcomes = threading.Barrier(len(changes)), [None] * len(changes)

    def run(number, change):
        start.wait()
        try:
            change()
        except Refused as refused:
            outcomes[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(changes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.parametrize("round_", range(5))
def test_two_administrators_do_not_remove_each_other(people, round_):
    second = people.add("second", team=None, roles=("admin",))
    first_asks, second_asks = (User.objects.with_roles().get(pk=one.pk) for one in (people.admin, second))
    assert first_asks.is_admin  # both were read while still administrators
    assert second_asks.is_admin
    outcomes = at_once(
        lambda: deactivate(second, by=first_asks, now=NOW),
        lambda: revoke_role(people.admin, "admin", by=second_asks, now=NOW),
    )
    assert [outcome is None for outcome in outcomes].count(True) == 1
    assert User.objects.filter(is_active=True, grants__role="admin").count() == 1


@pytest.mark.parametrize("round_", range(5))
def test_two_moves_do_not_make_a_circle(people, round_):
    outcomes = at_once(
        lambda: move_team(people.east, people.west, by=people.admin, now=NOW),
        lambda: move_team(people.west, people.east, by=people.admin, now=NOW),
    )
    assert [outcome is None for outcome in outcomes].count(True) == 1
    for team in Team.objects.select_related("parent"):
        assert team.path == f"{team.parent.path if team.parent else '/'}{team.pk}/"


def test_a_name_is_given_once(people):
    fields = {"email": "", "display_name": "X", "by": people.admin, "now": NOW}
    outcomes = at_once(
        lambda: create_user(username="lilei", **fields),
        lambda: create_user(username="LiLei", **fields),
    )
    assert [outcome is None for outcome in outcomes].count(True) == 1
    assert User.objects.filter(username__iexact="lilei").count() == 1

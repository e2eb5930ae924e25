from datetime import UTC, datetime

import pytest

from fairway.people.actions.teams import archive_team, create_team, move_team, rename_team, restore_team
from fairway.people.actions.users import change_user, deactivate
from fairway.people.errors import Forbidden, Refused
from fairway.people.models import AuditEntry, Team
from fairway.people.models.team import MAX_DEPTH
from fairway.people.scope import scope_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def codes(refused):
    return {reason.code for reason in refused.value.reasons}


def paths_are_right():
    """Every path is that of the team above and the team's own id."""
    return all(
        team.path == f"{team.parent.path if team.parent else '/'}{team.pk}/"
        for team in Team.objects.select_related("parent")
    )


def test_a_team_is_made_under_another(people):
    team = create_team(" North ", parent=people.sales, by=people.admin, now=NOW)
    assert (team.name, team.depth) == ("North", 3)
    assert paths_are_right()
    assert AuditEntry.objects.get().action == "team.created"


def test_names_are_taken_beside_each_other_only(people):
    create_team("East", parent=people.office, by=people.admin, now=NOW)
    for parent, name in ((people.sales, "East"), (None, "Company"), (None, " ")):
        with pytest.raises(Refused):
            create_team(name, parent=parent, by=people.admin, now=NOW)
    with pytest.raises(Refused, match="this name"):
        rename_team(people.west, "East", by=people.admin, now=NOW)


def test_a_team_is_renamed_once(people):
    for _ in range(2):
        rename_team(people.west, "华西", by=people.admin, now=NOW)
    assert AuditEntry.objects.get().before == {"name": "West"}


def test_a_moved_team_takes_the_teams_below_along(people):
    below = create_team("Shanghai", parent=people.east, by=people.admin, now=NOW)
    moved = move_team(people.east, people.office, by=people.admin, now=NOW)
    assert moved.path == f"{people.office.path}{people.east.pk}/"
    below.refresh_from_db()
    assert below.path.startswith(moved.path)
    assert paths_are_right()
    assert people.east.pk not in scope_of(people.director).team_ids


def test_a_team_moves_to_the_top_and_back(people):
    move_team(people.sales, None, by=people.admin, now=NOW)
    assert paths_are_right()
    assert Team.objects.get(pk=people.sales.pk).depth == 1
    move_team(people.sales, people.top, by=people.admin, now=NOW)
    assert paths_are_right()


def test_moving_to_where_it_is_writes_nothing(people):
    move_team(people.east, people.sales, by=people.admin, now=NOW)
    assert not AuditEntry.objects.exists()


def test_a_path_that_only_begins_alike_stays(people):
    """/1/2/ is no part of /1/20/."""
    twin = Team.objects.create(pk=people.east.pk * 10, name="Twin", parent=people.sales)
    move_team(people.east, people.top, by=people.admin, now=NOW)
    twin.refresh_from_db()
    assert twin.path == f"{people.sales.path}{twin.pk}/"


@pytest.mark.parametrize("target", ["sales", "east"])
def test_a_circle_is_refused(people, target):
    with pytest.raises(Refused) as refused:
        move_team(people.sales, getattr(people, target), by=people.admin, now=NOW)
    assert codes(refused) == {"circle"}
    assert paths_are_right()


def test_teams_lie_so_many_levels_deep_and_no_more(people):
    team = people.east
    while team.depth < MAX_DEPTH:
        team = create_team("Below", parent=team, by=people.admin, now=NOW)
    with pytest.raises(Refused) as refused:
        create_team("Below", parent=team, by=people.admin, now=NOW)
    assert codes(refused) == {"too_deep"}
    with pytest.raises(Refused) as refused:
        move_team(people.east, people.west, by=people.admin, now=NOW)
    assert codes(refused) == {"too_deep"}


def test_a_name_taken_where_it_would_go_keeps_it_where_it_is(people):
    twin = create_team("East", parent=people.office, by=people.admin, now=NOW)
    with pytest.raises(Refused):
        move_team(twin, people.sales, by=people.admin, now=NOW)
    assert paths_are_right()


def test_a_team_is_archived_when_nobody_is_in_it(people):
    with pytest.raises(Refused) as refused:
        archive_team(people.sales, by=people.admin, now=NOW)
    assert codes(refused) == {"members", "teams_below"}
    deactivate(people.outsider, by=people.admin, now=NOW)
    for _ in range(2):
        assert archive_team(people.west, by=people.admin, now=NOW).archived_at == NOW
    assert people.west.pk in scope_of(people.director).team_ids
    with pytest.raises(Refused):
        create_team("Under", parent=people.west, by=people.admin, now=NOW)
    with pytest.raises(Refused):
        move_team(people.east, people.west, by=people.admin, now=NOW)
    for _ in range(2):
        assert restore_team(people.west, by=people.admin, now=NOW).archived_at is None
    assert AuditEntry.objects.filter(subject_kind="team").count() == 2


def test_a_team_comes_back_only_when_its_place_is_free(people):
    change_user(people.outsider, team=people.east, by=people.admin, now=NOW)
    archive_team(people.west, by=people.admin, now=NOW)
    create_team("West", parent=people.sales, by=people.admin, now=NOW)
    with pytest.raises(Refused, match="this name"):
        restore_team(people.west, by=people.admin, now=NOW)


def test_only_administrators_change_teams(people):
    for attempt in (
        lambda: create_team("X", parent=None, by=people.director, now=NOW),
        lambda: rename_team(people.east, "X", by=people.manager, now=NOW),
        lambda: move_team(people.east, None, by=people.director, now=NOW),
        lambda: archive_team(people.east, by=people.rep, now=NOW),
        lambda: restore_team(people.east, by=people.rep, now=NOW),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert paths_are_right()
    assert not AuditEntry.objects.exists()

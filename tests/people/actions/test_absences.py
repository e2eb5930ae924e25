from datetime import UTC, datetime, timedelta

import pytest

from fairway.people.actions.absences import end_absence, set_absence
from fairway.people.errors import Forbidden, Refused
from fairway.people.models import Absence, AuditEntry, User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def leave(people):
    def note(user=None, by=None, stand_in=people.mate, start=NOW, end=NOW + 2 * DAY):
        user = user or people.rep
        return set_absence(user, stand_in=stand_in, starts_at=start, ends_at=end, by=by or user, now=NOW)

    return note


@pytest.mark.parametrize("who", ["rep", "manager", "director", "admin"])
def test_oneself_those_over_one_and_the_administrator_note_a_leave(people, leave, who):
    leave(by=getattr(people, who))
    assert AuditEntry.objects.get().action == "absence.set"


@pytest.mark.parametrize("who", ["mate", "outsider", "legal"])
def test_others_do_not(people, leave, who):
    with pytest.raises(Forbidden):
        leave(by=getattr(people, who))
    assert not Absence.objects.exists()


def test_a_manager_of_another_team_does_not(people, leave):
    other = people.add("other", team=people.west, roles=("manager",))
    with pytest.raises(Forbidden):
        leave(by=other)


def test_the_same_leave_twice_is_one(people, leave):
    assert leave() == leave()
    assert AuditEntry.objects.count() == 1


def test_what_cannot_be_is_refused(people, leave):
    User.objects.filter(pk=people.outsider.pk).update(is_active=False)
    people.outsider.refresh_from_db()
    for code, wrong in {
        "order": {"end": NOW},
        "over": {"start": NOW - 2 * DAY, "end": NOW - DAY},
        "self": {"stand_in": people.rep},
        "inactive": {"stand_in": people.outsider},
    }.items():
        with pytest.raises(Refused) as refused:
            leave(**wrong)
        assert [reason.code for reason in refused.value.reasons] == [code]
    leave()
    with pytest.raises(Refused, match="same time"):
        leave(end=NOW + DAY)
    assert Absence.objects.count() == 1


def test_a_leave_to_come_is_dropped_and_one_under_way_ends_now(people, leave):
    coming = leave(start=NOW + 5 * DAY, end=NOW + 6 * DAY)
    under_way = leave(stand_in=None)
    later = NOW + timedelta(hours=1)
    for _ in range(2):
        end_absence(coming, by=people.rep, now=later)
        end_absence(under_way, by=people.manager, now=later)
    assert Absence.objects.get().ends_at == later
    assert AuditEntry.objects.count() == 4
    with pytest.raises(Forbidden):
        end_absence(under_way, by=people.mate, now=later)

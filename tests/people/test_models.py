import pytest
from django.db import IntegrityError, transaction

from fairway.people.models import Absence, RoleGrant, Team, User


@pytest.mark.parametrize(
    ("name", "initials"),
    [("王小明", "小明"), ("李雷", "李雷"), ("Mary Ann Lee", "ML"), ("mary", "M"), ("", "RO")],
)
def test_the_mark_of_a_person_has_two_characters(name, initials):
    assert User(display_name=name, username="ro ot").initials == initials


@pytest.mark.django_db
def test_the_database_itself_refuses_what_cannot_be(people):
    same = {"starts_at": "2026-01-02T00:00Z", "ends_at": "2026-01-01T00:00Z"}
    for wrong in (
        lambda: RoleGrant.objects.create(user=people.rep, role="boss"),
        lambda: RoleGrant.objects.create(user=people.rep, role="rep"),
        lambda: Absence.objects.create(user=people.rep, **same),
        lambda: User.objects.create(username="REP", display_name="X"),
        lambda: Team.objects.create(name="Company"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


@pytest.mark.django_db
def test_roles_are_read_anew_with_the_person(people):
    assert people.rep.role_keys == {"rep"}
    RoleGrant.objects.create(user=people.rep, role="legal")
    assert people.rep.role_keys == {"rep"}
    people.rep.refresh_from_db()
    assert people.rep.role_keys == {"rep", "legal"}
    assert people.rep.get_full_name() == people.rep.get_short_name() == "王小明"

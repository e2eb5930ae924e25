import pytest

from fairway.leads.models import Lead
from fairway.lists.listing import listing_of
from fairway.lists.neighbours import neighbours, token_of
from fairway.lists.view import View
from fairway.people.models import User
from fairway.runs.models import Run
from tests.fixtures_runs import NOW
from tests.lists.conftest import reading

pytestmark = pytest.mark.django_db


def token(**query):
    listing = listing_of("leads")
    return token_of(listing, View.of(listing, query))


def who(user):
    return User.objects.with_roles().get(pk=user.pk)


def test_walking_by_neighbours_visits_the_list_in_its_order(twelve, people):
    user = who(people.rep)
    for sort in ("", "-due", "company", "-score"):
        ids = [row["id"] for row in reading("leads", people.rep, sort=sort).page().rows]
        for at in (0, 1, 4, len(ids) - 2, len(ids) - 1):
            beside = neighbours(token(sort=sort), ids[at], user, now=NOW)
            expected = (ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None, at + 1, len(ids))
            assert tuple(beside)[:4] == expected


def test_a_record_that_left_the_view_keeps_the_neighbours_of_its_place(twelve, people):
    gone = twelve[2]
    Run.objects.filter(pk=gone.run_id).update(grade="C")
    beside = neighbours(token(f="grade:A,B,"), gone.pk, who(people.rep), now=NOW)
    assert beside.position is None
    assert (beside.previous_id, beside.next_id) == (twelve[3].pk, twelve[1].pk)
    assert "grade:A,B," in beside.url


def test_nobody_walks_to_what_they_may_not_see(twelve, people):
    others = {lead.pk for lead in twelve[9:]}
    own = [lead.pk for lead in twelve[:9]]
    for item in own:
        beside = neighbours(token(), item, who(people.rep), now=NOW)
        assert not others & {beside.previous_id, beside.next_id}
    assert neighbours(token(), twelve[10].pk, who(people.rep), now=NOW) is None
    assert neighbours(token(), 10**12, who(people.rep), now=NOW) is None


def test_a_token_that_is_none_is_no_fault(twelve, people):
    item = Lead.objects.first().pk
    for bad in ("", "x", token()[:-2], token() + "x", "a:b:c", "é" * 50, "x" * 10_000):
        assert neighbours(bad, item, who(people.rep), now=NOW) is None


def test_the_neighbours_cost_few_queries(twelve, people, django_assert_max_num_queries):
    user = who(people.rep)
    _ = user.role_keys
    with django_assert_max_num_queries(14):
        neighbours(token(), twelve[2].pk, user, now=NOW)
    with django_assert_max_num_queries(7):
        neighbours(token(sort="company"), twelve[2].pk, user, now=NOW)

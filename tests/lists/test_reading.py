import itertools

import pytest
from django.http import QueryDict

from fairway.leads.models import Lead
from fairway.lists.errors import Misread
from fairway.lists.listing import listing_of
from fairway.lists.reading import Reading
from fairway.lists.sight import parts
from fairway.lists.view import View
from fairway.people.scope import scope_of
from fairway.runs.models import Participant, Run
from tests.fixtures_runs import NOW
from tests.lists.conftest import asker, names, reading

pytestmark = pytest.mark.django_db

MINE = [f"公司{n:02d}" for n in (4, 3, 2, 1, 0)]
SORTS = [
    "",
    "due",
    "-due",
    "stage",
    "-stage",
    "grade",
    "-grade",
    "company",
    "-company",
    "score",
    "-score",
    "owner",
    "created",
]


def all_pages(key, user, size=2, **query):
    """The names on each page, forwards to the end and then backwards to the beginning."""
    listing = listing_of(key)
    view = View.of(listing, query)
    seen, there, back = [], [], []
    for step in itertools.count():
        page = Reading(listing, View(**{**fields(view), "size": size}), asker(user)).page()
        there.append([row[listing.columns[listing.main].path] for row in page.rows])
        seen.append(page.first)
        if not page.after or step > 50:
            break
        view = View(**{**fields(view), "after": page.after, "before": ""})
    while page.before and step > 0:
        step -= 1
        view = View(**{**fields(view), "after": "", "before": page.before})
        page = Reading(listing, View(**{**fields(view), "size": size}), asker(user)).page()
        back.append([row[listing.columns[listing.main].path] for row in page.rows])
    return seen, there, back


def fields(view):
    return {name: getattr(view, name) for name in View.__slots__}


FILTERS = [
    ({"owner": "me"}, MINE),
    ({"f": "owner:me;grade:A,B"}, ["公司04", "公司01", "公司00"]),
    ({"f": "owner:me;(grade:A|company~02)"}, ["公司04", "公司02", "公司00"]),
    ({"f": "owner:me;grade!:A,B"}, ["公司03", "公司02"]),
    ({"f": "owner:me;grade:"}, ["公司03"]),
    ({"f": "owner:me;score:"}, ["公司03", "公司00"]),
    ({"f": "owner:me;score:2..3"}, ["公司02"]),
    ({"f": "owner:me;score:..1"}, ["公司01"]),
    ({"f": "owner:me;due:2026-03-01"}, ["公司02"]),
    ({"f": "owner:me;due:..yesterday"}, ["公司02", "公司01", "公司00"]),
    ({"f": "owner:me;due:"}, ["公司04"]),
    ({"owner": "me", "late": "1"}, ["公司02", "公司01", "公司00"]),
    ({"f": "owner:me;late:no"}, ["公司04", "公司03"]),
    ({"f": "owner:;state:open"}, ["公海公司"]),
    ({"f": "owner:me;region:"}, ["公司02"]),
    ({"f": "owner:me;region!:华东"}, ["公司04", "公司02", "公司01"]),
    ({"f": "owner:me;reached:no;created:2026-03", "sort": "company"}, MINE[::-1]),
    ({"owner": "me", "state": "closed"}, []),
    ({"q": "公司03"}, ["公司03"]),
    ({"q": "13800000002"}, ["公司02"]),
]


def test_filters_leave_what_they_say(twelve, people):
    for query, shown in FILTERS:
        assert (query, names("leads", people.rep, **query)) == (query, shown)


WRONG = [
    "nothing:1", "score:abc", "score:1.5", "owner:x", "created:1.1.2026", "created:0001-01-01", "late:maybe", "grade~A",
     "company~", "owner:99999999999999999999", "state:open..", "created:+9999y",
]  # fmt: skip


def test_what_a_column_does_not_know_is_refused(people):
    for text in WRONG:
        with pytest.raises(Misread):
            reading("leads", people.rep, f=text)


def test_pages_by_any_order_have_every_row_once_there_and_back(twelve, people):
    for user, sort in itertools.product((people.rep, people.admin), SORTS):
        whole = names("leads", user, sort=sort, size="100")
        seen, there, back = all_pages("leads", user, sort=sort, size=4)
        assert [name for page in there for name in page] == whole
        assert seen == list(range(0, len(whole), 4))
        assert back == there[-2::-1]


def test_a_cursor_of_another_order_or_none_shows_the_first_page(twelve, people):
    page = reading("leads", people.rep, sort="due", size="25").page()
    cursor = reading("leads", people.rep).cursor(page.rows[3], 3)
    whole = names("leads", people.rep, sort="due")
    for bad in (cursor, "x", "99999999999", "AAAA", "bnVsbA"):
        assert names("leads", people.rep, sort="due", after=bad) == whole


def test_every_way_to_read_the_runs_gives_what_one_sees_and_nothing_twice(twelve, people, monkeypatch):
    Participant.objects.get_or_create(run=twelve[11].run, user=people.rep, defaults={"role": "rep", "since": NOW})
    for user in people.everyone():
        scope = scope_of(user)
        leads = Run.objects.open().filter(face="lead")
        for most in (900, -1):
            monkeypatch.setattr("fairway.lists.sight.MOST_ELSEWHERE", most)
            cut = parts(asker(user), "lead")
            found = [pk for part in cut for pk in leads.filter(part).values_list("pk", flat=True)]
            assert sorted(found) == sorted(leads.visible_to(scope).values_list("pk", flat=True))
        one_way = reading("leads", user, sort="due")
        assert one_way.by_runs
        other = reading("leads", user, f="state:open;company!:x")
        assert not other.by_runs
        assert {row["id"] for row in one_way.page().rows} == {row["id"] for row in other.page().rows}
        assert one_way.count() == other.count()


def test_sums_and_groups_are_of_all_that_is_left(twelve, people):
    found = reading("leads", people.rep, owner="me", cols="company,score")
    assert [(total.total, total.average) for total in found.totals()] == [(None, 2)]
    groups = reading("leads", people.rep, owner="me", group="grade", cols="company,score").groups()
    assert {group.key: group.count for group in groups} == {"A": 2, "B": 1, "C": 1, "": 1}
    opened = names("leads", people.rep, owner="me", group="grade", open="A")
    assert opened == ["公司04", "公司00"]
    assert names("leads", people.rep, owner="me", group="created", open="2026-03") == MINE
    assert [group.key for group in reading("leads", people.rep, group="created").groups()] == ["2026-03"]
    owners = reading("leads", people.rep, group="owner").groups()
    assert {group.key: group.count for group in owners} == {str(people.rep.pk): 5, str(people.mate.pk): 4, "": 1}


def test_counts_stop_at_their_bound(twelve, people, monkeypatch):
    monkeypatch.setattr("fairway.lists.reading.MOST_COUNTED", 3)
    assert (reading("leads", people.rep).count().number, reading("leads", people.rep).count().more) == (3, True)
    assert reading("leads", people.rep, q="公司").count().more


def test_a_view_is_read_from_its_own_address_again():
    listing = listing_of("leads")
    query = {"f": "grade:A;score:3..", "q": "启明", "owner": "me", "sort": "-due", "cols": "company,score",
             "group": "stage", "open": "qualify", "size": "25", "view": "7"}  # fmt: skip
    view = View.of(listing, query)
    assert View.of(listing, QueryDict(view.query()).dict()) == view
    assert "grade:A;score:3.." in view.query()


def test_the_columns_of_every_list_can_be_read_and_sorted_by(twelve, people):
    listing = listing_of("leads")
    for column in listing.shown:
        query = {"cols": column.key, "sort": column.key}
        assert len(reading("leads", people.rep, **query).page().rows) == 10
    assert Lead.objects.count() == 13

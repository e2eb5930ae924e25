import re

import pytest
from django.test import RequestFactory
from django.utils import timezone

from fairway.leads.actions import register_lead
from fairway.notify.models import MailTimes, Notice, Preference
from fairway.notify.words import CODES
from fairway.web.context import frame
from tests.fixtures_runs import LEAD, NOW

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


def tell(user, run=None, code="asked", number=1, **data):
    return Notice.objects.create(user=user, run=run, key=f"{code}:{number}:{user.pk}", code=code, data=data, at=NOW)


@pytest.fixture
def own(sops, people):
    """A lead of the rep, and a notice about it."""
    lead = register_lead(LEAD, by=people.rep, now=NOW, owner=people.rep)
    return tell(people.rep, lead.run, step="score")


@pytest.fixture
def page(people, client):
    client.force_login(people.rep)
    return lambda address="/notices": client.get(address).content.decode()


def bell(text):
    found = re.search(r'class="fy-dot">([^<]*)<', text)
    return found.group(1) if found else ""


def test_ones_own_notices_stand_newest_first_with_the_unread_marked(own, people, page):
    later = tell(people.rep, own.run, code="clock", step="register", late=True)
    Notice.objects.filter(pk=later.pk).update(read_at=timezone.now())
    tell(people.mate, own.run, number=2, step="review")
    text = page()
    assert text.index("“登记线索”已逾期") < text.index("“打分”")
    assert "审核分级" not in text
    assert text.count("fy-notice--unread") == 1


def test_only_the_unread_are_listed_where_asked(own, people, page):
    Notice.objects.update(read_at=timezone.now())
    assert "启明机电" in page()
    assert "启明机电" not in page("/notices?unread=1")


def test_following_a_notice_leads_to_its_record_and_changes_nothing(own, people, client):
    client.force_login(people.rep)
    for _ in range(2):
        answer = client.get(f"/notices/{own.pk}")
        assert answer.status_code == 302
        assert answer.url == f"/leads/{own.run.lead.pk}"
    own.refresh_from_db()
    assert own.read_at is None


def test_a_notice_is_marked_as_read_by_post_alone(own, people, client):
    client.force_login(people.rep)
    assert client.get(f"/notices/{own.pk}/read").status_code == 405
    assert client.get("/notices/read").status_code == 405
    own.refresh_from_db()
    assert own.read_at is None
    client.post(f"/notices/{own.pk}/read")
    own.refresh_from_db()
    assert own.read_at is not None


def test_who_lost_sight_of_the_record_keeps_the_notice_without_the_way_there(own, people, client):
    told = tell(people.outsider, own.run, step="score")
    client.force_login(people.outsider)
    assert f'href="/notices/{told.pk}"' not in client.get("/notices").content.decode()
    assert client.get(f"/notices/{told.pk}").url == "/notices"


def test_nobody_reads_or_marks_anothers_notice(own, people, client):
    client.force_login(people.mate)
    assert client.get(f"/notices/{own.pk}").status_code == 404
    assert client.post(f"/notices/{own.pk}/read").status_code == 404
    client.post("/notices/read")
    own.refresh_from_db()
    assert own.read_at is None


def test_one_or_all_are_marked_as_read(own, people, client):
    more = [tell(people.rep, own.run, number=number, step="score") for number in (2, 3)]
    client.force_login(people.rep)
    client.post(f"/notices/{more[0].pk}/read")
    assert Notice.objects.filter(read_at=None).count() == 2
    client.post("/notices/read")
    assert not Notice.objects.filter(read_at=None).exists()


def test_the_bell_counts_what_is_not_read_with_one_query(own, people, client, django_assert_num_queries):
    client.force_login(people.rep)
    assert bell(client.get("/profile").content.decode()) == "1"
    with django_assert_num_queries(1):
        from_frame = str(_frame_of(people.rep)["unread"])
    assert from_frame == "1"
    with django_assert_num_queries(0):
        _frame_of(people.rep)


def _frame_of(user):
    request = RequestFactory().get("/")
    request.user = user
    return frame(request)


def test_the_bell_stops_at_ninety_nine(own, people, page):
    Notice.objects.bulk_create(
        Notice(user=people.rep, key=f"told:{number}", code="told", at=NOW, data={}) for number in range(120)
    )
    assert bell(page("/profile")) == "99+"


def test_the_list_costs_the_same_few_queries_with_more_notices(own, people, client, django_assert_max_num_queries):
    client.force_login(people.rep)
    client.get("/notices")
    for number in range(30):
        tell(people.rep, own.run, number=number + 10, step="score")
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get("/notices")


def ticked(text, way):
    return set(re.findall(rf'name="{way}" value="([^"]*)" checked', text))


def test_each_kind_comes_in_the_app_and_by_mail_until_one_says_otherwise(people, client):
    client.force_login(people.rep)
    text = client.get("/notices/preferences").content.decode()
    assert ticked(text, "in_app") == ticked(text, "by_mail") == set(CODES)
    assert not ticked(text, "urgent")
    chosen = {"in_app": ["clock", "told"], "by_mail": ["asked", "told", "no such kind"], "urgent": ["asked"]}
    assert client.post("/notices/preferences", chosen).status_code == 302
    kept = {row.code: (row.in_app, row.by_mail, row.urgent) for row in Preference.objects.filter(user=people.rep)}
    assert kept["asked"] == (False, True, True)
    assert kept["clock"] == (True, False, False)
    assert kept["told"] == (True, True, False)
    assert kept["followed"] == (False, False, False)
    assert set(kept) == set(CODES)
    text = client.get("/notices/preferences").content.decode()
    assert (ticked(text, "in_app"), ticked(text, "urgent")) == ({"clock", "told"}, {"asked"})


def test_quiet_hours_and_the_digest_are_kept_and_emptied(people, client):
    client.force_login(people.rep)
    client.post("/notices/preferences", {"quiet_from": "21:30", "quiet_to": "08:00", "digest_at": "08:15"})
    text = client.get("/notices/preferences").content.decode()
    assert all(f'value="{clock}"' in text for clock in ("21:30", "08:00", "08:15"))
    client.post("/notices/preferences", {"quiet_from": "", "quiet_to": "", "digest_at": ""})
    kept = MailTimes.objects.get(user=people.rep)
    assert (kept.quiet_from, kept.quiet_to, kept.digest_at, kept.digest_due) == (None, None, None, None)


@pytest.mark.parametrize("wrong", [{"quiet_from": "22:00"}, {"quiet_from": "22:00", "quiet_to": "22:00"}])
def test_quiet_hours_without_an_end_of_their_own_are_refused_and_nothing_is_kept(people, client, wrong):
    client.force_login(people.rep)
    answer = client.post("/notices/preferences", {"by_mail": ["asked"], **wrong})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "安静时段" in text
    assert ticked(text, "by_mail") == {"asked"}
    assert not Preference.objects.exists()
    assert not MailTimes.objects.exists()


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get("/notices").status_code == 302
    assert client.post("/notices/read").status_code in (302, 403)

"""The morning digest comes once a working day at the chosen hour, and only where there is something to say."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from fairway.notify import digest
from fairway.notify.actions import mark_read, set_mail_times
from fairway.notify.models import MailTimes, Notice
from fairway.people.actions.users import change_user
from fairway.people.models import Absence
from fairway.runs import jobs
from fairway.runs.models import Job, Task
from fairway.runs.queries import today
from fairway.worker import loop

SUNDAY = datetime(2026, 3, 8, 4, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 0, 30, tzinfo=UTC)  # 08:30 in Shanghai
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _mail_in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def reader(people):
    """The representative, who asked for the digest at half past eight and has one notice to read."""
    set_mail_times(by=people.rep, now=SUNDAY, quiet_from=None, quiet_to=None, digest_at=time(8, 30))
    Notice.objects.create(user=people.rep, key="x", code="told", data={"title": "启明机电"}, at=SUNDAY)
    return people.rep


def digests(at):
    """Let the worker do its rounds; answer how many digests were sent so far."""
    digest.sweep(at)
    while jobs.deliver(at):
        pass
    return len([one for one in mail.outbox if one.extra_headers["Message-ID"].startswith("<digest.")])


def test_it_comes_at_the_hour_and_once_a_day(reader):
    assert digests(MONDAY - timedelta(minutes=1)) == 0
    assert digests(MONDAY) == 1
    assert digests(MONDAY) == digests(MONDAY + timedelta(hours=9)) == 1
    assert digests(MONDAY + DAY) == 2
    assert mail.outbox[0].to == [reader.email]
    assert "启明机电" in mail.outbox[0].body


def test_choosing_a_later_hour_does_not_bring_a_second_one(reader):
    assert digests(MONDAY) == 1
    later = MONDAY + timedelta(hours=2)
    set_mail_times(by=reader, now=MONDAY, quiet_from=None, quiet_to=None, digest_at=time(10, 30))
    assert digests(later) == 1
    assert digests(later + DAY) == 2


def test_two_workers_owe_it_once(reader):
    [times] = MailTimes.objects.select_related("user")
    assert digest._owe(times, MONDAY)
    assert not digest._owe(times, MONDAY)
    assert Job.objects.filter(kind="digest").count() == 1


def test_it_says_what_is_overdue_and_due_today_as_today_shows_it(lead, people, reader):
    task = Task.objects.get(pk=today(reader, now=SUNDAY).rows[0].task_id)
    Task.objects.filter(pk=task.pk).update(due_at=MONDAY - timedelta(hours=1))
    assert digests(MONDAY) == 1
    body = mail.outbox[-1].body
    assert "逾期" in body
    assert f"- {lead.run.title}: " in body
    change_user(reader, by=reader, now=MONDAY, language="en")
    Task.objects.filter(pk=task.pk).update(due_at=MONDAY + DAY + timedelta(hours=1))
    assert digests(MONDAY + DAY) == 2
    assert "1 due today" in mail.outbox[-1].body
    assert "1 unread notice" in mail.outbox[-1].body


def test_nothing_to_say_is_not_said(reader):
    mark_read(by=reader, now=SUNDAY)
    assert digests(MONDAY) == 0
    assert Job.objects.get(kind="digest").status == Job.DONE


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (datetime(2026, 3, 8, 0, 30, tzinfo=UTC), False),  # a Sunday
        (datetime(2026, 10, 1, 0, 30, tzinfo=UTC), False),  # the National Day
        (datetime(2026, 10, 10, 0, 30, tzinfo=UTC), True),  # a Saturday that is worked in exchange
    ],
)
def test_it_keeps_to_the_working_calendar(reader, day, worked):
    set_mail_times(by=reader, now=day - timedelta(hours=1), quiet_from=None, quiet_to=None, digest_at=time(8, 30))
    assert digests(day) == worked


def test_a_day_slept_through_is_not_made_up_for_and_the_present_one_is_not_lost(reader):
    assert digests(MONDAY + 2 * DAY + timedelta(hours=3)) == 1
    assert MailTimes.objects.get().digest_due == MONDAY + 3 * DAY


def test_a_digest_that_could_not_be_sent_on_its_day_is_dropped(reader):
    digest.sweep(MONDAY)
    while jobs.deliver(MONDAY + DAY):
        pass
    assert not mail.outbox


def test_who_moves_to_another_zone_gets_it_at_the_hour_there(reader):
    change_user(reader, by=reader, now=SUNDAY, timezone="Europe/Berlin")
    assert MailTimes.objects.get().digest_due.astimezone(ZoneInfo("Europe/Berlin")).time() == time(8, 30)
    reader.refresh_from_db()
    digest.follow_zone(reader, SUNDAY)
    assert digests(MONDAY) == 0
    assert digests(datetime(2026, 3, 9, 7, 30, tzinfo=UTC)) == 1


def test_who_is_away_or_wants_none_any_more_gets_none(people, reader):
    Absence.objects.create(user=reader, starts_at=SUNDAY, ends_at=MONDAY + timedelta(hours=8))
    assert digests(MONDAY) == 0
    set_mail_times(by=reader, now=MONDAY, quiet_from=None, quiet_to=None, digest_at=None)
    assert digests(MONDAY + DAY) == 0


def test_the_worker_sweeps_for_digests(reader):
    assert loop._sweepers["digests"] is digest.sweep

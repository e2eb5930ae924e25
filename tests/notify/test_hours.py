"""Quiet hours hold mails back on the person's own clock, and let the urgent ones through."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from fairway.notify.actions import Wish, set_mail_times, set_preferences, unread_count
from fairway.notify.hours import next_time, quiet_until
from fairway.notify.models import MailTimes
from fairway.people.errors import Refused
from fairway.runs import jobs
from fairway.runs.models import Job

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NIGHT = datetime(2026, 3, 2, 15, tzinfo=UTC)  # 23:00 in Shanghai, 16:00 in Berlin
END = datetime(2026, 3, 3, 0, tzinfo=UTC)  # 08:00 in Shanghai


def quiet(user, begin=time(22), end=time(8)):
    return set_mail_times(by=user, now=NIGHT, quiet_from=begin, quiet_to=end, digest_at=None)


@pytest.fixture
def told(people, settings):
    """Tells the manager something; answers what was mailed by that time."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def tell(at, code="told", number=1):
        jobs.owe("tell", f"test:{number}", {"users": [people.manager.pk], "code": code, "title": "x"}, now=at)
        return mailed(at)

    return tell


def mailed(at):
    while jobs.deliver(at):
        pass
    return len(mail.outbox)


def test_a_mail_waits_for_the_end_of_the_quiet_hours_and_the_notice_does_not(people, told):
    quiet(people.manager)
    assert told(NIGHT) == 0
    assert unread_count(people.manager) == 1
    assert Job.objects.get(kind="mail").due_at == END
    assert mailed(END - timedelta(seconds=1)) == 0
    assert mailed(END) == 1
    assert mailed(END + timedelta(days=1)) == 1


def test_an_urgent_kind_comes_in_the_quiet_hours(people, told):
    quiet(people.manager)
    set_preferences({"clock": Wish(urgent=True)}, by=people.manager)
    assert told(NIGHT, code="clock") == 1
    assert told(NIGHT, code="told", number=2) == 1


def test_the_hours_are_those_of_the_persons_own_zone(people, told):
    people.manager.timezone = "Europe/Berlin"
    people.manager.save()
    quiet(people.manager)
    assert told(NIGHT) == 1


def test_nobody_is_held_back_who_asked_for_no_quiet(people, told):
    quiet(people.rep)
    assert told(NIGHT) == 1


@pytest.mark.parametrize(
    ("begin", "end", "at", "until"),
    [
        (time(22), time(8), datetime(2026, 3, 2, 22, tzinfo=SHANGHAI), datetime(2026, 3, 3, 8, tzinfo=SHANGHAI)),
        (time(22), time(8), datetime(2026, 3, 3, 7, 59, tzinfo=SHANGHAI), datetime(2026, 3, 3, 8, tzinfo=SHANGHAI)),
        (time(22), time(8), datetime(2026, 3, 3, 8, tzinfo=SHANGHAI), None),
        (time(12), time(14), datetime(2026, 3, 3, 13, tzinfo=SHANGHAI), datetime(2026, 3, 3, 14, tzinfo=SHANGHAI)),
        (time(12), time(14), datetime(2026, 3, 3, 14, tzinfo=SHANGHAI), None),
        (time(12), time(14), datetime(2026, 3, 3, 11, tzinfo=SHANGHAI), None),
        # the night on which summer time begins is an hour shorter, the one on which it ends an hour longer
        (time(22), time(8), datetime(2026, 3, 28, 22, tzinfo=BERLIN), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        (time(22), time(8), datetime(2026, 10, 24, 22, tzinfo=BERLIN), datetime(2026, 10, 25, 7, tzinfo=UTC)),
        (time(22), time(2, 30), datetime(2026, 10, 25, 2, 15, fold=1, tzinfo=BERLIN),
         datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_when_quiet_ends(begin, end, at, until):
    found = quiet_until(MailTimes(quiet_from=begin, quiet_to=end), at.tzinfo, at.astimezone(UTC))
    assert found == until
    assert found is None or found > at.astimezone(UTC)


def test_the_next_time_is_later_today_or_tomorrow():
    at = datetime(2026, 3, 3, 8, tzinfo=SHANGHAI)
    assert next_time(time(8), SHANGHAI, at - timedelta(minutes=1)) == at
    assert next_time(time(8), SHANGHAI, at) == at + timedelta(days=1)


@pytest.mark.parametrize(("begin", "end"), [(time(8), None), (None, time(8)), (time(8), time(8))])
def test_quiet_hours_need_an_end_of_their_own(people, begin, end):
    with pytest.raises(Refused):
        quiet(people.rep, begin, end)
    assert not MailTimes.objects.exists()

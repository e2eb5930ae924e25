"""Plays the stories in the order of time, with the clocks swept and the notices delivered on the way."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from fairway.demo import company
from fairway.demo.acting import ZONE, Acting
from fairway.demo.company import Account
from fairway.demo.stories import Beat, Story, all_stories
from fairway.engine.calendar import Calendar
from fairway.engine.refused import Refused
from fairway.notify.models import Notice
from fairway.runs import clock, jobs
from fairway.runs.errors import Invalid
from fairway.sops.calendars import calendar_of

OPENS, CLOSES = 9, 18
STEP = timedelta(hours=6)
APART = timedelta(minutes=12)
BEFORE = timedelta(days=7)
UNREAD = timedelta(days=1)
PART = 40  # beats that are kept together, half a second or so

logger = logging.getLogger(__name__)


@dataclass
class Played:
    """What was made: how the people sign in, their ids and their teams', and the stories not told to their end."""

    accounts: list[Account]
    users: list[int]
    teams: list[int]
    cut_short: list[str]


Tell = Callable[[int, list[int], list[int]], None]
"""Is told how far it is, in percent, and the ids of the people and teams."""


@transaction.atomic
def make(now: datetime) -> Played:
    """Make the company and play what happened until `now`. All of it or nothing: it is one transaction."""
    return make_in_parts(now, lambda percent, users, teams: None)


def make_in_parts(now: datetime, tell: Tell) -> Played:
    """The same in a row of transactions, between which others may write; `tell` is called in each of them."""
    calendar = calendar_of("china")
    with transaction.atomic():
        founded = company.found(now - timedelta(days=150))
        played = Played(founded.accounts, founded.users, founded.teams, [])
        tell(1, played.users, played.teams)
    stories = all_stories(company.reps(founded.users))
    beats = sorted(
        ((at, order, story, beat) for order, story in enumerate(stories) for at, beat in _hours(story, now, calendar)),
        key=lambda one: one[:2],
    )
    time = min(at for at, *_ in beats) - BEFORE
    for start in range(0, len(beats), PART):
        with transaction.atomic():
            time = _part(beats[start : start + PART], time, played.cut_short)
            tell(99 * start // len(beats), played.users, played.teams)
    with transaction.atomic():
        _pass(time, now)
        _read_up(played.users, now)
    return played


def _part(beats: Sequence[tuple[datetime, int, Story, Beat]], time: datetime, cut_short: list[str]) -> datetime:
    """Play some beats, in the order of time."""
    for at, _order, story, beat in beats:
        time = _pass(time, at)
        if not story.over and (problem := _play(story, beat, at)):
            story.over = True
            cut_short.append(f"{story.customer.company}, {beat.name}: {problem}")
    return time


def _read_up(users: Sequence[int], now: datetime) -> None:
    """People read what they were told, but for the last days."""
    Notice.objects.filter(user__in=users, at__lt=now - UNREAD).update(read_at=F("at"))


def _play(story: Story, beat: Beat, at: datetime) -> str:
    """Do one beat; what refused it, if anything did."""
    try:
        with transaction.atomic():
            beat.do(story, Acting(story.run_id, at))
    except (Refused, Invalid) as problem:
        logger.warning("the story of %s stops at %s: %s", story.customer.company, beat.name, problem)
        return str(problem)
    return ""


def _pass(time: datetime, until: datetime) -> datetime:
    """Let time go by: clocks fire when they are due, notices arrive, nothing is mailed to anybody."""
    while time < until:
        time = min(time + STEP, until)
        while clock.sweep(time, vouched=True):
            pass
        while jobs.deliver(time, outside=False):
            pass
    return time


def _hours(story: Story, end: datetime, calendar: Calendar) -> Iterator[tuple[datetime, Beat]]:
    """When each beat of a story is: in office hours, in order, some minutes apart; the last one first."""
    latest = end
    for at, beat in reversed(list(story.schedule(end))):
        latest = _in_office(min(at, latest - APART), calendar)
        yield latest, beat


def _in_office(at: datetime, calendar: Calendar) -> datetime:
    """The moment itself in office hours, else the end of the working day before."""
    local = at.astimezone(ZONE)
    if local.hour >= CLOSES:
        local = local.replace(hour=CLOSES - 1)
    elif local.hour < OPENS:
        local = (local - timedelta(days=1)).replace(hour=CLOSES - 1)
    while not calendar.is_working(local.date()):
        local = (local - timedelta(days=1)).replace(hour=CLOSES - 1)
    return local.astimezone(at.tzinfo)

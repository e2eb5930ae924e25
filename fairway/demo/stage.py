"""Plays the stories in the order of time, with the clocks swept and the notices delivered on the way."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from fairway.demo import company
from fairway.demo.acting import ZONE, Acting
from fairway.demo.company import Account
from fairway.demo.stories import Beat, Story, all_stories
from fairway.engine.calendar import Calendar
from fairway.engine.refused import Refused
from fairway.runs import clock, jobs
from fairway.runs.errors import Invalid
from fairway.sops.calendars import calendar_of

OPENS, CLOSES = 9, 18
STEP = timedelta(hours=6)
APART = timedelta(minutes=12)
BEFORE = timedelta(days=7)

logger = logging.getLogger(__name__)


@dataclass
class Played:
    """What was made: how the people sign in, and the stories that could not be told to their end."""

    accounts: list[Account]
    cut_short: list[str]


@transaction.atomic
def make(now: datetime) -> Played:
    """Make the company and play what happened until `now`. All of it or nothing: it is one transaction."""
    calendar = calendar_of("china")
    reps_since = now - timedelta(days=150)
    accounts = company.found(reps_since)
    stories = all_stories(company.reps())
    beats = sorted(
        ((at, order, story, beat) for order, story in enumerate(stories) for at, beat in _hours(story, now, calendar)),
        key=lambda one: one[:2],
    )
    cut_short: list[str] = []
    time = min(at for at, *_ in beats) - BEFORE
    for at, _order, story, beat in beats:
        time = _pass(time, at)
        if not story.over and (problem := _play(story, beat, at)):
            story.over = True
            cut_short.append(f"{story.customer.company}, {beat.name}: {problem}")
    _pass(time, now)
    return Played(accounts, cut_short)


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

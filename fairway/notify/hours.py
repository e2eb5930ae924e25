"""Moments on a person's own clock: the end of their quiet hours, and when their digest is due next."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fairway.notify.models import MailTimes


def on_clock(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the clock in the zone shows `at` on that day, in UTC; the later moment where it does so twice."""
    local = datetime.combine(day, at, tzinfo=zone)
    return max(local.astimezone(UTC), local.replace(fold=1).astimezone(UTC))


def quiet_until(times: MailTimes | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The end of the quiet hours that `now` lies in, None outside of them. They may run over midnight."""
    if times is None or times.quiet_from is None or times.quiet_to is None:
        return None
    local = now.astimezone(zone)
    day, clock = local.date(), local.time()
    if times.quiet_from < times.quiet_to:
        inside = times.quiet_from <= clock < times.quiet_to
    else:
        inside = clock >= times.quiet_from or clock < times.quiet_to
    if not inside:
        return None
    return on_clock(day if clock < times.quiet_to else day + timedelta(days=1), times.quiet_to, zone)


def next_time(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The first moment after `now` at which the clock in the zone shows `at`."""
    day = now.astimezone(zone).date()
    today = on_clock(day, at, zone)
    return today if today > now else on_clock(day + timedelta(days=1), at, zone)

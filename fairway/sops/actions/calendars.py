"""Changing when the firm works: hours, holidays, make-up days; a year once it is announced."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from fairway.engine.calendar import Calendar
from fairway.engine.calendars import WEEKDAYS
from fairway.people import audit
from fairway.people.actions.access import require_admin
from fairway.people.models import User
from fairway.sops.calendars import calendar_from, listeners, table_of
from fairway.sops.errors import Stale
from fairway.sops.models import WorkCalendar


def save_calendar(
    key: str, table: Mapping[str, Any], *, revision: int | None = None, by: User | None, now: datetime
) -> Calendar:
    """Let the calendar `key` say what `table` says (the shape of engine/calendars/china.yaml).

    `revision`: of the table that was edited, 0 for the shipped one. Saving the same again writes nothing. Clocks that
    leaned on the old table are reckoned anew in the same transaction. Raises Forbidden, DocumentRefused with all that
    is wrong with the table, Stale when a colleague saved meanwhile.
    """
    require_admin(by)
    wanted = {**table, "calendar": key}
    calendar = calendar_from(wanted)
    with transaction.atomic():
        row = WorkCalendar.objects.select_for_update(of=("self",)).select_related("updated_by").filter(key=key).first()
        before = row.table if row else _shipped_or_nothing(key)
        if before == wanted:
            return calendar
        if revision is not None and revision != (row.revision if row else 0):
            raise _stale(row)
        pk = _store(key, wanted, row, by=by, now=now)
        changed = sorted(name for name in {*before, *wanted} if before.get(name) != wanted.get(name))
        audit.record(
            "calendar.changed", by=by, now=now, kind="calendar", subject_id=pk, name=key,
            before={name: before.get(name) for name in changed}, after={name: wanted.get(name) for name in changed},
        )  # fmt: skip
        for listener in listeners():
            listener(key, by=by, now=now)
    return calendar


def set_year(
    key: str, year: int, holidays: Mapping[str, Mapping[str, Any]] | None, *,
    names: Mapping[str, Mapping[str, str]] | None = None, revision: int | None = None, by: User | None, now: datetime,
) -> Calendar:  # fmt: skip
    """Put in the holidays of one year, once they are announced: `{spring: {off: 2028-01-25..2028-01-31, work: […]}}`.

    `holidays`: None takes the year out again. `names`: of holidays that the calendar does not name yet, by language.
    Raises KeyError for an unknown calendar, and what `save_calendar` raises.
    """
    table, stored = table_of(key)
    years = {name: dict(days) for name, days in table.get("years", {}).items() if name != str(year)}
    if holidays is not None:
        years[str(year)] = {name: dict(days) for name, days in holidays.items()}
    wanted = {
        **table,
        "names": {**table.get("names", {}), **{name: dict(text) for name, text in (names or {}).items()}},
        "years": dict(sorted(years.items())),
    }
    return save_calendar(key, wanted, revision=stored if revision is None else revision, by=by, now=now)


def set_week(
    key: str, week: Mapping[str, Sequence[str]], *, zone: str | None = None, revision: int | None = None,
    by: User | None, now: datetime,
) -> Calendar:  # fmt: skip
    """Let the firm work in these hours: spans such as `09:00-12:00` by day (`mon` … `sun`); a day left out is off.

    Make-up days that fall on a day that is worked anyway are taken out: they say nothing more. Raises KeyError for an
    unknown calendar, and what `save_calendar` raises.
    """
    table, stored = table_of(key)
    years = {
        year: {name: _needed(days, week) for name, days in holidays.items()}
        for year, holidays in table.get("years", {}).items()
    }
    worked = {day: list(week[day]) for day in WEEKDAYS if day in week}
    wanted = {**table, "zone": zone or table.get("zone"), "week": worked, "years": years}
    return save_calendar(key, wanted, revision=stored if revision is None else revision, by=by, now=now)


def _needed(days: Mapping[str, Any], week: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The days of a holiday without make-up days that the week has already."""
    kept = dict(days)
    given = kept.pop("work", [])
    listed = given if isinstance(given, list) else [given]
    if work := [str(day) for day in listed if WEEKDAYS[date.fromisoformat(str(day)).weekday()] not in week]:
        kept["work"] = work if isinstance(given, list) else work[0]
    return kept


def _shipped_or_nothing(key: str) -> dict[str, Any]:
    try:
        return table_of(key)[0]
    except KeyError:
        return {}


def _store(key: str, table: dict[str, Any], row: WorkCalendar | None, *, by: User | None, now: datetime) -> int:
    values = {"table": table, "updated_at": now, "updated_by": by}
    if row is None:
        try:
            with transaction.atomic():
                return WorkCalendar.objects.create(key=key, revision=1, **values).pk
        except IntegrityError:
            raise _stale(WorkCalendar.objects.select_related("updated_by").get(key=key)) from None
    changed = WorkCalendar.objects.filter(pk=row.pk, revision=row.revision).update(revision=row.revision + 1, **values)
    if not changed:
        raise _stale(WorkCalendar.objects.select_related("updated_by").get(pk=row.pk))
    return row.pk


def _stale(row: WorkCalendar | None) -> Stale:
    return Stale(row.revision, str(row.updated_by or ""), row.updated_at) if row else Stale(0)

"""When the firm works: the years of each calendar, their holidays and make-up days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from fairway.engine.calendars import WEEKDAYS
from fairway.engine.findings import DocumentRefused
from fairway.people.queries import changes
from fairway.runs.reckoning import leaning, under_way
from fairway.sops.actions import set_week, set_year
from fairway.sops.calendars import calendar_from, keys_with_tables, table_of
from fairway.sops.errors import Stale
from fairway.web.changes import change_rows
from fairway.web.forms.people import timezone_choices
from fairway.web.forms.working_year import (
    ROWS_TO_ADD,
    HolidayRow,
    as_table,
    rows_of,
    rows_typed,
    spans_typed,
    with_faults,
)
from fairway.web.sop.told import language
from fairway.web.views.admin_people import LATEST, for_admins
from fairway.web.views.person import person

FIRST_YEAR, LAST_YEAR = 2000, 2099


@require_safe
@for_admins
def calendar_list(request: HttpRequest) -> HttpResponse:
    """Show every calendar with its years, and which is not announced yet."""
    this_year = timezone.localtime().year
    calendars = [_shown(key, this_year) for key in keys_with_tables()]
    context = {
        "title": _("Working days"), "calendars": calendars, "leaning": leaning(), "reckoning": under_way(),
        "changes": change_rows(changes(kind="calendar")[:LATEST]),
    }  # fmt: skip
    return render(request, "pages/admin/calendar.html", context)


def _shown(key: str, this_year: int) -> dict[str, Any]:
    table, revision = table_of(key)
    calendar = calendar_from(table)
    years = sorted(map(int, table.get("years", {})), reverse=True)
    rows = [
        {
            "year": year, "holidays": rows_of(table, year),
            "off": sum(day.year == year for day in calendar.holidays),
            "work": sum(day.year == year for day in calendar.workdays),
        }
        for year in years
    ]  # fmt: skip
    missing = [year for year in (this_year, this_year + 1) if year not in years]
    hours = [(day, ", ".join(map(str, span)) if isinstance(span, list) else str(span))
             for day, span in table.get("week", {}).items()]  # fmt: skip
    return {
        "key": key, "title": (calendar.title or {}).get(language(), key), "zone": calendar.zone, "revision": revision,
        "years": rows, "missing": missing, "next": max((*years, this_year)) + 1, "hours": _hours(hours),
    }  # fmt: skip


def _hours(hours: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Working hours by day of the week."""
    names = day_names()
    return [(names[day], spans) for day, spans in hours if day in names]


def day_names() -> dict[str, str]:
    """The days of the week by their key."""
    return {
        "mon": _("Monday"), "tue": _("Tuesday"), "wed": _("Wednesday"), "thu": _("Thursday"), "fri": _("Friday"),
        "sat": _("Saturday"), "sun": _("Sunday"),
    }  # fmt: skip


@for_admins
def calendar_hours(request: HttpRequest, key: str) -> HttpResponse:
    """Show and change the working hours of the week, and the time zone they are in."""
    if key not in keys_with_tables():
        raise Http404
    table, revision = table_of(key)
    week = table.get("week", {})
    typed = {day: request.POST.get(day, "") for day in WEEKDAYS} if request.method == "POST" else {
        day: ", ".join(map(str, spans)) if isinstance(spans := week.get(day, []), list) else str(spans)
        for day in WEEKDAYS
    }  # fmt: skip
    zone, errors, stale = request.POST.get("zone", "") or str(table.get("zone", "")), list[str](), None
    if request.method == "POST":
        revision, affected = _number(request), leaning()
        worked = {day: spans_typed(text) for day, text in typed.items() if text.strip()}
        try:
            set_week(key, worked, zone=zone, revision=revision, by=person(request), now=timezone.now())
        except DocumentRefused as refused:
            errors = [finding.text(language()) for finding in refused.findings[:5]]
        except Stale as found:
            stale, revision = found, found.revision
        else:
            messages.success(request, _("Working hours are saved; clocks under way are reckoned anew.") if affected
                             else _("Working hours are saved."))  # fmt: skip
            return redirect("admin-calendar")
    calendar = calendar_from(table)
    zones = {"name": "zone", "type": "select", "label": _("Time zone"), "value": zone, "required": True,
             "options": list(timezone_choices())}  # fmt: skip
    days = [{"name": day, "type": "text", "label": title, "value": typed[day], "placeholder": _("day off")}
            for day, title in day_names().items()]  # fmt: skip
    context = {
        "title": _("Working hours"), "calendar": (calendar.title or {}).get(language(), key), "days": days,
        "zone": zones, "revision": revision, "errors": errors, "stale": stale,
    }  # fmt: skip
    status = 409 if stale else 422 if errors else 200
    return render(request, "pages/admin/calendar_hours.html", context, status=status)


@for_admins
def calendar_year(request: HttpRequest, key: str, year: int) -> HttpResponse:
    """Show and change the holidays and make-up days of one year; announce one that has none."""
    if key not in keys_with_tables() or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    if request.method == "POST":
        return _save(request, key, year)
    table, revision = table_of(key)
    return _year(request, key, year, rows=rows_of(table, year), revision=revision)


def _save(request: HttpRequest, key: str, year: int) -> HttpResponse:
    rows = with_faults(rows_typed(request.POST))
    revision = _number(request)
    if not rows:
        refusal = [_("List at least one holiday, or take the year out.")]
        return _year(request, key, year, rows=rows, revision=revision, refusal=refusal)
    if any(row.error for row in rows):
        return _year(request, key, year, rows=rows, revision=revision)
    holidays, names = as_table(rows, table_of(key)[0])
    affected = leaning()
    try:
        set_year(key, year, holidays, names=names, revision=revision, by=person(request), now=timezone.now())
    except DocumentRefused as refused:
        said = [_about(finding.path, names, finding.text(language())) for finding in refused.findings]
        return _year(request, key, year, rows=rows, revision=revision, refusal=said)
    except Stale as stale:
        return _year(request, key, year, rows=rows, revision=stale.revision, stale=stale)
    messages.success(request, _said(year, affected))
    return redirect("admin-calendar")


def _about(path: str, names: dict[str, dict[str, str]], text: str) -> str:
    """A finding with the name of the holiday that it is about."""
    holiday = next((called[language()] for key, called in names.items() if key in path.split(".")), "")
    return _("%(holiday)s: %(finding)s") % {"holiday": holiday, "finding": text} if holiday else text


def _said(year: int, affected: int) -> str:
    saved = _("%(year)s is saved.") % {"year": year}
    reckoned = ngettext(
        "The due times of %(number)s record that leaned on days not announced are reckoned anew.",
        "The due times of %(number)s records that leaned on days not announced are reckoned anew.", affected,
    )  # fmt: skip
    return f"{saved} {reckoned % {'number': affected}}" if affected else saved


def _year(
    request: HttpRequest, key: str, year: int, *, rows: Sequence[HolidayRow], revision: int, stale: Stale | None = None,
    refusal: Sequence[str] = (),
) -> HttpResponse:  # fmt: skip
    table, _revision = table_of(key)
    calendar = calendar_from(table)
    wrong = bool(refusal) or any(row.error for row in rows)
    context = {
        "title": _("%(year)s: holidays and make-up days") % {"year": year}, "year": year, "key": key,
        "calendar": (calendar.title or {}).get(language(), key), "announced": str(year) in table.get("years", {}),
        "rows": list(enumerate([*rows, *([HolidayRow()] * ROWS_TO_ADD)])), "revision": revision, "refusal": refusal,
        "stale": stale, "theirs": rows_of(table, year) if stale else [],
        "known": [called.get(language(), "") for called in table.get("names", {}).values()],
    }  # fmt: skip
    return render(request, "pages/admin/calendar_year.html", context, status=409 if stale else 422 if wrong else 200)


@require_POST
@for_admins
def calendar_year_remove(request: HttpRequest, key: str, year: int) -> HttpResponse:
    """Take a year out again, as if it were not announced."""
    if key not in keys_with_tables():
        raise Http404
    try:
        set_year(key, year, None, revision=_number(request), by=person(request), now=timezone.now())
    except Stale:
        messages.error(request, _("A colleague changed this calendar meanwhile. Look at it, then try again."))
    else:
        messages.success(
            request, _("%(year)s counts as not announced: its due times are provisional.") % {"year": year}
        )
    return redirect("admin-calendar")


def _number(request: HttpRequest) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0

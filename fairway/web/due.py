"""Rows of what is due, as HTML. Fifty stand on a screen, so each is written in one go from ready values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fairway.runs.people import directory
from fairway.runs.queries import TodayRow
from fairway.runs.texts import role_title
from fairway.web import formats
from fairway.web.templatetags.fairway import badge, clock, grade, person
from fairway.web.templatetags.html import NOTHING, icon

TONES = {"overdue": "bad", "today": "warn", "soon": "neutral", "later": "neutral"}
ROW = (
    '<li class="fy-due__item fy-tone--{tone}" id="task-{id}"><div class="fy-due__what">{grade}'
    '<a class="fy-table__main" href="{url}">{title}</a><span>{step}</span>{mark}</div>'
    '<div class="fy-due__end">{who}{clock}'
    '<a class="btn" href="{url}" hx-get="/tasks/{id}/work{next}" hx-target="#work-{id}"><span>{verb}</span></a>'
    '<a class="btn btn-quiet btn-icon" href="/tasks/{id}/aside{next}" hx-get="/tasks/{id}/aside{next}"'
    ' hx-target="#work-{id}" title="{aside}">{dots}<span class="fy-hidden">{aside}</span></a></div>'
    '<div class="fy-due__why">{why}{off}</div><div class="fy-due__work" id="work-{id}"></div></li>'
)


@dataclass
class Rows:
    """Writes rows for one reader: `own` leaves out who it is asked of, `here` is where one comes back to."""

    now: datetime
    own: bool
    here: str

    def __post_init__(self) -> None:
        """Say once what every row says."""
        self.people = directory(self.now).people
        self.verbs: dict[str, str] = {}
        self.roles: dict[str, SafeString] = {}
        self.nobody = badge(_("nobody holds this role"), "bad")
        self.chased = badge(_("see that it comes"), "warn", icon="coin")
        self.same = {"next": f"?next={quote(self.here)}", "aside": _("Put off or hand over"), "dots": icon("dots")}

    def row(self, row: TodayRow) -> SafeString:
        """One row."""
        home = row.url if row.url and row.face != "account" else f"/runs/{row.run_id}"
        return format_html(
            ROW, tone=TONES[row.band], id=row.task_id, url=f"{home}?task={row.task_id}#work", title=row.title,
            step=row.step_title, why=row.why, grade=grade(row.grade) if row.grade else NOTHING, mark=self._mark(row),
            who=self._who(row), clock=clock(row.due_at, now=self.now), verb=self._verb(row), off=_off(row), **self.same,
        )  # fmt: skip

    def _verb(self, row: TodayRow) -> str:
        kind = "chase" if row.chased else row.kind
        if kind not in self.verbs:
            self.verbs[kind] = verb_of(kind)
        return self.verbs[kind]

    def _mark(self, row: TodayRow) -> SafeString:
        return self.nobody if row.exception else self.chased if row.chased else NOTHING

    def _who(self, row: TodayRow) -> SafeString:
        if row.mine and self.own:
            return NOTHING
        known = self.people.get(row.assignee_id) if row.assignee_id else None
        if known is not None:
            return person(known.name)
        if row.role not in self.roles:
            self.roles[row.role] = badge(role_title(row.role), icon="users")
        return self.roles[row.role]


def _off(row: TodayRow) -> SafeString:
    if row.snoozed is None:
        return NOTHING
    until, why = row.snoozed
    said = _("Put off until %(time)s: %(why)s") % {"time": formats.exact(until), "why": why}
    return format_html('<div class="fy-due__off">{}{}</div>', icon("alarm"), said)


def verb_of(kind: str) -> str:
    """The words of the button that does a task of this kind."""
    words = {
        "approve": _("Judge it"), "contact": _("Log the contact"), "task": _("Tick it off"), "send": _("Tick it off"),
        "pay": _("Enter a receipt"), "customer": _("Open it"), "meet": _("Write it up"), "chase": _("Open it"),
    }  # fmt: skip
    return words.get(kind) or _("Fill it in")

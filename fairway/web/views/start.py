"""The guided start of an empty installation, in five steps that may be left and taken up again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fairway.demo import making
from fairway.engine.findings import DocumentRefused
from fairway.leads.models import Lead
from fairway.people import queries
from fairway.people.actions import firm as firm_actions
from fairway.people.actions import teams as team_actions
from fairway.people.actions import users as user_actions
from fairway.people.actions.checked import one_change
from fairway.people.doors import door
from fairway.people.errors import Refused
from fairway.people.models import Team, User
from fairway.people.models.firm import LAST_STEP
from fairway.people.roles import ROLES
from fairway.runs.texts import say
from fairway.sops import queries as sop_queries
from fairway.sops.actions import set_in_use, set_week
from fairway.sops.actions.use import FIRST
from fairway.sops.calendars import table_of
from fairway.sops.programs import program_of
from fairway.web.forms.start import ClaimForm, FirmForm, PersonForm, TeamNamesForm
from fairway.web.forms.working_year import spans_typed
from fairway.web.sop.told import language
from fairway.web.views.admin_mail import by_server
from fairway.web.views.admin_people import for_admins
from fairway.web.views.person import person
from fairway.web.views.refusals import add_reasons

CALENDAR = "china"
GUESSED, GUESSED_KEY = "login_failed", "set-up code"  # guessing is slowed down as it is at sign-in
BACKEND = settings.AUTHENTICATION_BACKENDS[0]
WHY = "nobody is there yet to sign in; what the terminal printed shows who runs the machine"


class Step(NamedTuple):
    """One step: its number, the name of its URL, and what it is called."""

    number: int
    url: str
    label: str | Promise


STEPS = (
    Step(1, "start", gettext_lazy("You")),
    Step(2, "start-firm", gettext_lazy("Company")),
    Step(3, "start-people", gettext_lazy("Teams and people")),
    Step(4, "start-sops", gettext_lazy("SOPs")),
    Step(5, "start-leads", gettext_lazy("First leads")),
)


def next_step() -> Step | None:
    """The step that the guided start goes on with; None where it is over or was never begun. One query."""
    firm = queries.firm()
    return STEPS[max(firm.step, 2) - 1] if firm.under_way else None


def _frame(number: int) -> dict[str, Any]:
    """The heading, and the mark of how far one has come."""
    reached = queries.firm().step
    steps = [
        {
            "number": step.number, "label": step.label,
            "url": reverse(step.url) if 1 < step.number <= reached else "",
            "state": "current" if step.number == number else "done" if step.number < reached else "next",
        }
        for step in STEPS
    ]  # fmt: skip
    return {"title": STEPS[number - 1].label, "steps": steps, "number": number, "last": LAST_STEP}


# -- 1: who are you ----------------------------------------------------------------------------------------------------


@never_cache
@door(public=True, why=WHY)
def start(request: HttpRequest) -> HttpResponse:
    """Claim an empty installation: the first administrator, by the code that the terminal printed."""
    if not queries.nobody_yet():
        return _go_on(request)
    form = ClaimForm(request.POST or None)
    if request.method == "POST":
        if not ratelimit.consume(request, action=GUESSED, key=GUESSED_KEY, dry_run=True):
            return render(request, "429.html", status=429)
        if form.is_valid():
            try:
                user = firm_actions.claim(**form.cleaned_data, language=language(), now=timezone.now())
            except Refused as refused:
                add_reasons(form, refused)
                if any(reason.field == "code" for reason in refused.reasons):
                    ratelimit.consume(request, action=GUESSED, key=GUESSED_KEY)
            else:
                login(request, user, backend=BACKEND)
                return redirect("start-firm")
    context = _frame(1) | {"form": form}
    return render(request, "pages/start/claim.html", context, status=422 if form.errors else 200)


def _go_on(request: HttpRequest) -> HttpResponse:
    """Where somebody is led who is not the first any more."""
    user = request.user
    if not isinstance(user, User):
        return redirect(settings.LOGIN_URL)
    step = next_step() if user.is_admin else None
    return redirect(step.url if step else "today")


# -- 2: the company ----------------------------------------------------------------------------------------------------


@for_admins
def start_firm(request: HttpRequest) -> HttpResponse:
    """Company, language, time zone, working hours."""
    by, firm = person(request), queries.firm()
    table, _revision = table_of(CALENDAR)
    initial = {"name": firm.name, "language": firm.language, "timezone": firm.timezone, **_week_of(table)}
    form = FirmForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _save_firm(form.cleaned_data, by, timezone.now())
        except Refused as refused:
            add_reasons(form, refused)
        except DocumentRefused as refused:
            for finding in refused.findings[:3]:
                form.add_error("hours", finding.text(language()))
        else:
            return _on_to(3, by)
    context = _frame(2) | {"form": form, "demo_possible": making.why_not() is None}
    return render(request, "pages/start/firm.html", context, status=422 if form.errors else 200)


def _week_of(table: dict[str, Any]) -> dict[str, Any]:
    """The days worked, and the hours of the first of them."""
    week = table.get("week", {})
    spans: Any = next(iter(week.values()), [])
    return {"days": list(week), "hours": ", ".join(map(str, spans)) if isinstance(spans, list) else str(spans)}


def _save_firm(values: dict[str, Any], by: User, now: datetime) -> None:
    week = dict.fromkeys(values["days"], spans_typed(values["hours"]))
    with one_change():
        fields = {name: values[name] for name in firm_actions.FIELDS}
        firm_actions.change_firm(**fields, by=by, now=now)
        if by.timezone != values["timezone"]:
            user_actions.change_user(by, timezone=values["timezone"], by=by, now=now)
        set_week(CALENDAR, week, zone=values["timezone"], by=by, now=now)


def _on_to(step: int, by: User) -> HttpResponse:
    firm_actions.reach_step(step, by=by)
    return redirect(STEPS[step - 1].url)


# -- 3: teams and people -----------------------------------------------------------------------------------------------


@never_cache
@for_admins
def start_people(request: HttpRequest) -> HttpResponse:
    """The first teams, and the people who work in them; each is invited by mail or gets a link."""
    by, do = person(request), request.POST.get("do", "")
    if do == "next":
        return _on_to(4, by)
    teams = TeamNamesForm(request.POST if do == "teams" else None)
    one = PersonForm(request.POST if do == "person" else None)
    link = ""
    if do == "teams" and teams.is_valid():
        try:
            made = _make_teams(teams.cleaned_data["teams"], by, timezone.now())
        except Refused as refused:
            add_reasons(teams, refused, name="teams")
        else:
            messages.success(request, _("Teams created: %(names)s") % {"names": ", ".join(made) or "–"})
            return redirect("start-people")
    if do == "person" and one.is_valid():
        try:
            user, link = _make_person(request, one.cleaned_data, by, timezone.now())
        except Refused as refused:
            add_reasons(one, refused, roles="role")
        else:
            if not link:
                messages.success(request, _("%(name)s is invited by mail.") % {"name": user})
                return redirect("start-people")
            messages.success(request, _("%(name)s is created.") % {"name": user})
            one = PersonForm()
    wrong = bool(teams.errors or one.errors)
    context = _frame(3) | {
        "teams": teams, "form": one, "link": link, "tree": queries.team_tree(), "by_server": by_server(),
        "people": queries.users()[:50],
    }  # fmt: skip
    return render(request, "pages/start/people.html", context, status=422 if wrong else 200)


def _make_teams(text: str, by: User, now: datetime) -> list[str]:
    """Make a team of each line; one that begins with hyphens lies so deep below those before it."""
    above: list[Team] = []
    made = []
    with one_change():
        for line in filter(None, map(str.strip, text.splitlines())):
            name = line.lstrip("-–—· ").strip()
            depth = min(len(line) - len(line.lstrip("-–—")), len(above))
            parent = above[depth - 1] if depth else None
            known = Team.objects.current().filter(parent=parent, name=name).first()
            team = known or team_actions.create_team(name, parent=parent, by=by, now=now)
            above = [*above[:depth], team]
            if known is None:
                made.append(name)
    return made


def _make_person(request: HttpRequest, values: dict[str, Any], by: User, now: datetime) -> tuple[User, str]:
    """Make the person and invite them; the link to hand on where no mail goes out."""
    firm = queries.firm()
    with one_change():
        user = user_actions.create_user(
            username=values["username"], email=values["email"], display_name=values["display_name"],
            team=values["team"], roles=[values["role"]], timezone=firm.timezone, by=by, now=now,
        )  # fmt: skip
        if user.email and by_server():
            user_actions.invite(user, site=request.build_absolute_uri("/"), by=by, now=now)
            return user, ""
        user_actions.note_password_link(user, by=by, now=now)
    return user, request.build_absolute_uri(queries.password_link(user))


# -- 4: SOPs -----------------------------------------------------------------------------------------------------------


@for_admins
def start_sops(request: HttpRequest) -> HttpResponse:
    """Which SOPs of the library the firm works by."""
    by = person(request)
    versions = sop_queries.current_versions()
    if request.method == "POST":
        keys = {FIRST, *request.POST.getlist("sops")} & {version.key for version in versions}
        set_in_use(keys, by=by, now=timezone.now())
        return _on_to(5, by)
    retired = sop_queries.retired()
    rows = [
        {
            "version": version, "about": say(program_of(version.pk).sop.about), "used": version.key not in retired,
            "needed": version.key == FIRST,
            "stages": [say(stage.title) for stage in program_of(version.pk).sop.stages],
            "roles": [str(ROLES[role].name) for role in program_of(version.pk).sop.roles if role in ROLES],
        }
        for version in sorted(versions, key=lambda version: version.key != FIRST)
    ]  # fmt: skip
    return render(request, "pages/start/sops.html", _frame(4) | {"rows": rows})


# -- 5: leads ----------------------------------------------------------------------------------------------------------


@for_admins
def start_leads(request: HttpRequest) -> HttpResponse:
    """Bring in leads, or look at the demo company first."""
    context = _frame(5) | {"demo_possible": making.why_not() is None, "leads": Lead.objects.count()}
    return render(request, "pages/start/leads.html", context)


@require_POST
@for_admins
def start_done(request: HttpRequest) -> HttpResponse:
    """End the guided start."""
    firm_actions.reach_step(LAST_STEP + 1, by=person(request))
    messages.success(request, _("Everything is set up. What is here can be changed under Administration."))
    return redirect("today")

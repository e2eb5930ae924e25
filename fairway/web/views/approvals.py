"""Approvals: what waits for one's verdict, judged from the list, one or many at once; and the review of leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fairway.engine.forms import bant_is_known
from fairway.engine.program import Program
from fairway.engine.refused import Refused
from fairway.engine.spec import Choice
from fairway.leads.models import Lead
from fairway.people.doors import door
from fairway.people.errors import Refused as RefusedWords
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs.actions import decide_approval
from fairway.runs.errors import Forbidden, Invalid, Stale
from fairway.runs.models import Task
from fairway.runs.queries import Approval, approvals
from fairway.runs.queries.approvals import SHOWN, judged_lines, waivers_to_judge
from fairway.runs.references import more_choices
from fairway.runs.texts import say, step_title
from fairway.sops.programs import program_of
from fairway.teamwork.actions import comment
from fairway.teamwork.subjects import RUN, Subject
from fairway.web.record.faces import Titles
from fairway.web.record.language import reader
from fairway.web.views.person import person

Verdict = Literal["approve", "send_back", "reject"]
VERDICTS = frozenset({"approve", "send_back", "reject"})
COMMENT = "comment"
IN_SHORT = 3


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one row of a verdict on several."""

    title: str
    done: bool
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One approval as a list shows it."""

    approval: Approval
    url: str
    short: tuple[str, ...]
    lead: Lead | None
    source: str
    score: int | None
    bant: str
    disagrees: bool
    grades: tuple[Choice, ...]
    grade: str

    @property
    def options(self) -> list[tuple[str, str]]:
        """The grades that may be given."""
        return [(choice.key, say(choice.title)) for choice in self.grades]


@door(signed_in=True)
def approval_list(request: HttpRequest) -> HttpResponse:
    """What waits for one's verdict, and the waivers asked of one."""
    return _shown(request, leads=False)


@door(signed_in=True)
def review_queue(request: HttpRequest) -> HttpResponse:
    """The leads whose grade waits for one's review: score, BANT and where they disagree (L3-L6)."""
    return _shown(request, leads=True)


def _shown(request: HttpRequest, *, leads: bool, results: Sequence[Result] = ()) -> HttpResponse:
    user, now = person(request), timezone.now()
    found, total = approvals(user, now=now, face="lead" if leads else "")
    context = {
        "title": _("Leads to review") if leads else _("Approvals"), "rows": _rows(found, user), "total": total,
        "shown": len(found), "waivers": [] if leads else waivers_to_judge(user, now=now), "now": now, "leads": leads,
        "results": results, "note": request.POST.get("note", ""),
        "any_lead": any(one.task.run.face == "lead" for one in found),
    }  # fmt: skip
    return render(request, "pages/approvals.html", context)


def _rows(found: Sequence[Approval], user: User) -> list[Row]:
    run_ids = [one.task.run_id for one in found if one.task.run.face == "lead"]
    leads = {lead.run_id: lead for lead in Lead.objects.filter(run_id__in=run_ids)}
    more, zone = more_choices(), ZoneInfo(user.timezone)
    return [_row(one, leads.get(one.task.run_id), more, zone) for one in found]


def _row(one: Approval, lead: Lead | None, more: Mapping[str, Sequence[Choice]], zone: ZoneInfo) -> Row:
    given = regrading(one.program, one.task.step)
    card = one.records[0].values if one.records else {}
    graded, bant = card.get("grade"), lead.bant_grade if lead and bant_is_known(one.program.sop, card) else ""
    home = one.url if one.url and one.task.run.face != "account" else reverse("run", args=[one.task.run_id])
    return Row(
        approval=one, url=f"{home}?task={one.task.pk}#work", short=tuple(_in_short(one, more, zone)), lead=lead,
        source=Titles(one.program, more).of("source", lead.source) if lead else "",
        score=lead.score if lead else None,
        bant=bant, disagrees=bool(bant and graded and bant != graded),
        grades=given[2] if given else (), grade=str(graded or ""),
    )  # fmt: skip


def _in_short(one: Approval, more: Mapping[str, Sequence[Choice]], zone: ZoneInfo) -> list[str]:
    """The first rows of what is judged."""
    lines = judged_lines(one, language=reader(), zone=zone, more=more)
    return [f"{label}: {text.splitlines()[0][:80]}" for label, text in lines[:IN_SHORT]]


def regrading(program: Program, step: str) -> tuple[str, str, tuple[Choice, ...]] | None:
    """The field by which a judge gives the grade, that for the reason of another one, and the grades; None without."""
    definition = program.steps[step]
    form = program.sop.forms.get(definition.form or "")
    named = next((action.regrade for action in definition.do if action.regrade), None)
    if form is None or named is None or not named.startswith(f"{definition.form}."):
        return None
    field = form.field(named.partition(".")[2])
    if field is None:
        return None
    why = next((one.key for one in form.fields if one.type == "longtext" and not one.usual), "")
    return field.key, why, field.choices or program.sop.lists.get(field.list_ or "", ())


@door(signed_in=True)
def decide_many(request: HttpRequest) -> HttpResponse:
    """One verdict on the rows that were ticked, or on the row whose button was pressed; each says what became of it."""
    leads = request.POST.get("list") == "leads"
    if request.method != "POST":
        return redirect("approvals")
    one, _colon, verdict = request.POST.get("row", "").partition(":")
    ids = [one] if one else request.POST.getlist("task")
    verdict = verdict or request.POST.get("verdict", "")
    if verdict not in {*VERDICTS, COMMENT}:
        return redirect("lead-review" if leads else "approvals")
    wanted = [int(id_) for id_ in ids[:SHOWN] if id_.isascii() and id_.isdigit()]
    user, now = person(request), timezone.now()
    seen = Task.objects.visible_to(scope_of(user)).filter(pk__in=wanted).select_related("run")
    if verdict == COMMENT:
        said = [_comment(request, task, user, now) for task in seen.order_by("id")]
        return _shown(request, leads=leads, results=said)
    results = [_decide(request, task, cast("Verdict", verdict), user, now) for task in seen.order_by("id")]
    return _shown(request, leads=leads, results=results)


def _comment(request: HttpRequest, task: Task, user: User, now: datetime) -> Result:
    """Say something on the record without a verdict."""
    title, url = f"{task.run.title}", reverse("run", args=[task.run_id])
    try:
        comment(Subject(RUN, task.run), request.POST.get("note", ""), by=user, now=now)
    except PermissionDenied as forbidden:
        return Result(title, False, str(forbidden), url)
    except RefusedWords as refused:
        return Result(title, False, " ".join(str(reason.message) for reason in refused.reasons), url)
    return Result(title, True, _("Commented."), url)


def _decide(request: HttpRequest, task: Task, verdict: Verdict, user: User, now: datetime) -> Result:
    program, note = program_of(task.run.version_id), request.POST.get("note", "")
    title = f"{task.run.title} · {step_title(program, task.step, task.item)}"
    url = f"{reverse('run', args=[task.run_id])}"
    raw: dict[str, Any] = {}
    given, grade = regrading(program, task.step), request.POST.get(f"grade_{task.pk}", "")
    if verdict == "approve" and given is not None and grade:
        raw = {given[0]: grade, **({given[1]: note} if given[1] and note.strip() else {})}
    try:
        decide_approval(task.pk, verdict=verdict, by=user, now=now, note=note, raw=raw, zone=ZoneInfo(user.timezone))
    except Refused as refused:
        return Result(title, False, " ".join(say(reason.text) for reason in refused.reasons), url)
    except Invalid as invalid:
        said = " ".join(f"{say(error.label)}: {error.text(reader())}" for error in invalid.errors)
        return Result(title, False, said, url)
    except Forbidden as forbidden:
        return Result(title, False, str(forbidden), url)
    except Stale:
        return Result(title, False, _("A colleague was first; look at it again."), url)
    words = {"approve": _("Approved."), "send_back": _("Sent back."), "reject": _("Rejected.")}
    return Result(title, True, words[verdict], url)

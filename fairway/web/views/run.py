"""The page of a run, and every command on it: fetch with permission, parse, call the action, show."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fairway.engine.refused import Refused, refuse
from fairway.engine.spec import Form
from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.queries import page_of
from fairway.people.scope import scope_of
from fairway.runs import actions
from fairway.runs.actions.attachments import PDF, SHOWN_IN_PLACE, may_read, path_of
from fairway.runs.actions.contacts import CONTACT_FORM
from fairway.runs.errors import Forbidden, Invalid, Stale
from fairway.runs.models import Attachment, Event, Run, Task, Waiver
from fairway.runs.permissions import reads_confidential
from fairway.runs.texts import stage_title
from fairway.sops.programs import program_of
from fairway.web.context import wants_part
from fairway.web.forms import rows_changed, typed
from fairway.web.lists import page_number
from fairway.web.record.faces import home_of
from fairway.web.record.history import fact_events, fact_rows
from fairway.web.record.inplace import Editing, in_place, undo_of
from fairway.web.record.page import Builder
from fairway.web.record.said import ADVANCE, Opened, Said, then_of
from fairway.web.record.seen import run_seen
from fairway.web.record.uploads import kept_files
from fairway.web.views.beside import came_from
from fairway.web.views.person import person

Result = TypeVar("Result")
View = Callable[..., HttpResponse]
FILE_POLICY = "default-src 'none'; img-src 'self'; frame-ancestors 'self'; sandbox"
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
_KEY = re.compile(r"[a-z0-9-]{1,80}")


# -- showing -----------------------------------------------------------------------------------------------------------


def seen(request: HttpRequest, run_id: int | None = None, **subject: int) -> Run:
    """The run by its id, or by that of its subject (`deal=7`), if the person may see it. Raises Http404.

    Its lead, deal and complaint come along in the same query.
    """
    by, id_ = next(iter(subject.items())) if subject else ("pk", run_id or 0)
    return run_seen(person(request), by=by, id_=id_)


def show(
    request: HttpRequest, run: Run, *, opened: Opened | None = None, said: Said | None = None,
    editing: Editing | None = None, status: int = 200, done: str = "",
) -> HttpResponse:  # fmt: skip
    """The page of a run; after a refused form with its reasons, and what was typed kept. `done` is a form's key."""
    opened = opened or Opened.of(request.GET)
    if said is not None and not opened.then:
        opened = replace(opened, then=then_of(said.post))
    builder = Builder(run, person(request), timezone.now(), opened=opened, said=said, editing=editing)
    key = done or request.GET.get("done", "")
    context = builder.context() | {
        "done_key": key if _KEY.fullmatch(key) else "",
        "origin": f"{request.scheme}://{request.get_host()}",
        "undo": undo_of(request, builder.subject.where),
        "came_from": came_from(request, builder.face.name),
    }
    # What came before the refusal of a move was taken: its form keeps nothing back.
    refused = said.status if said and not done else status
    response = render(request, "pages/record.html", context, status=refused)
    if said is not None and wants_part(request):
        response["HX-Push-Url"] = _address(builder.face.home, opened)
    return response


@door(signed_in=True)
def run_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """The page of a run by its own number: of a company in care it is here, others have a page of their face."""
    run = seen(request, run_id)
    home = home_of(run)
    return show(request, run) if home == request.path else redirect(home)


def _address(home: str, opened: Opened) -> str:
    pairs = {"task": opened.task, "step": opened.step, "do": opened.do, "then": opened.then}
    query = "&".join(f"{key}={value}" for key, value in pairs.items() if value)
    return f"{home}?{query}" if query else home


# -- commands ----------------------------------------------------------------------------------------------------------


def command(view: View) -> View:
    """A command answers to POST; whoever comes by GET (reloading after a refusal) is led to the page of the run."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect(_home_by(request, **kwargs))
        return view(request, *args, **kwargs)

    return answer


def _home_by(request: HttpRequest, **kwargs: Any) -> str:
    if "task_id" in kwargs:
        return home_of(task_seen(request, kwargs["task_id"]).run)
    if "waiver_id" in kwargs:
        return home_of(seen(request, get_object_or_404(Waiver, pk=kwargs["waiver_id"]).run_id))
    return home_of(seen(request, kwargs["run_id"]))


def attempt(request: HttpRequest, run: Run, do: Callable[[int | None], Result]) -> Result:
    """Call the action with the revision that the person saw.

    Their own later changes, and the system's, are no conflict: then it is decided anew. A colleague's raises Stale.
    """
    revision, seq = _number(request.POST.get("revision")), _number(request.POST.get("seq"))
    try:
        return do(revision)
    except Stale:
        if seq is None or _others_came(run, person(request), seq):
            raise
        return do(None)


def _others_came(run: Run, user: User, seq: int) -> bool:
    later = Event.objects.filter(run=run, seq__gt=seq).exclude(by=None).exclude(by=user)
    return bool(later.exists())


def answer(
    request: HttpRequest, run: Run, do: Callable[[int | None], Any], *, done: str, opened: Opened, key: str = "",
    raw: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """Carry a command out and show what came of it, or why not: 409 with reasons, 422 with fields, typed kept."""
    try:
        attempt(request, run, do)
    except Refused as refused:
        said = Said(request.POST, raw or {}, reasons=refused.reasons)
    except Invalid as invalid:
        said = Said(request.POST, raw or {}, errors=invalid.errors)
    except Stale as stale:
        said = Said(request.POST, raw or {}, stale=stale)
    else:
        messages.success(request, done)
        then = "" if opened.do else then_of(request.POST)
        return _go_on(request, run, then, key) if then else finished(request, run, key)
    return show(request, seen(request, run.pk), opened=opened, said=said)


def _go_on(request: HttpRequest, run: Run, then: str, key: str) -> HttpResponse:
    """The form was taken: make the move that it was filled for, or show what is missing still."""
    to = then.removeprefix(ADVANCE)
    title = stage_title(program_of(run.version_id), to)
    try:
        actions.advance(run.pk, to=to, by=person(request), now=timezone.now())
    except Forbidden:  # it went to somebody else, who moves it on
        return finished(request, run, key)
    except Refused as refused:
        fresh = Run.objects.visible_to(scope_of(person(request))).filter(pk=run.pk).first()
        if fresh is None or not fresh.is_open:
            return finished(request, run, key)
        said = Said(QueryDict(), reasons=refused.reasons)
        return show(request, seen(request, run.pk), opened=Opened(then=then), said=said, done=key)
    messages.success(request, _("Moved on to %(stage)s.") % {"stage": title})
    return finished(request, run, key)


def finished(request: HttpRequest, run: Run, key: str = "") -> HttpResponse:
    """After a write: back to where the person came from, else to the page of the run, which may have a new face."""
    target = request.POST.get("next", "")
    if target and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return _led(request, target)
    try:
        fresh = seen(request, run.pk)
    except Http404:  # given away: it is no longer theirs to see
        return _led(request, "/")
    query = f"?done={key}" if key else ""
    return _led(request, home_of(fresh) + query)


def _led(request: HttpRequest, target: str) -> HttpResponse:
    if not wants_part(request):
        return redirect(target)
    response = HttpResponse(status=204)
    response["HX-Location"] = json.dumps({"path": target, "target": "#panel"})
    return response


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def task_seen(request: HttpRequest, task_id: int) -> Task:
    """The task, if the person may see its run. Raises Http404."""
    found = Task.objects.visible_to(scope_of(person(request))).select_related("run")
    return get_object_or_404(found, pk=task_id)


def _zone(request: HttpRequest) -> ZoneInfo:
    return ZoneInfo(person(request).timezone)


# -- steps -------------------------------------------------------------------------------------------------------------


@command
@door(signed_in=True)
def submit(request: HttpRequest, run_id: int, step: str) -> HttpResponse:
    """Fill the form of a step, or tick off a step that has none."""
    run, user, now = seen(request, run_id), person(request), timezone.now()
    definition = program_of(run.version_id).steps.get(step)
    if definition is None:
        raise Http404
    task_id = _number(request.POST.get("task"))
    opened = Opened(task=task_id, step=step)
    key = f"task-{task_id}" if task_id else f"step-{run.pk}-{step}"
    if definition.form is None:
        note = request.POST.get("note", "")

        def tick(revision: int | None) -> Any:
            return actions.complete(
                run.pk, step=step, by=user, now=now, task_id=task_id, note=note, revision=revision
            )  # fmt: skip

        return answer(request, run, tick, done=_("Done."), opened=opened, key=key)
    form = program_of(run.version_id).sop.forms[definition.form]
    raw = _typed(request, run, form, opened)
    if isinstance(raw, HttpResponse):
        return raw

    def fill(revision: int | None) -> Any:
        return actions.submit(
            run.pk, step=step, raw=raw, by=user, now=now, task_id=task_id, zone=_zone(request), revision=revision
        )

    return answer(request, run, fill, done=_("Saved."), opened=opened, key=key, raw=raw)


def _typed(request: HttpRequest, run: Run, form: Form, opened: Opened) -> dict[str, Any] | HttpResponse:
    """What was typed with its files, or the page again where a row was added or a file cannot be taken."""
    raw = typed(form, request.POST)
    try:
        raw = kept_files(raw, request, run, form, by=person(request), now=timezone.now())
    except Refused as refused:
        said = Said(request.POST, raw, reasons=refused.reasons)
        return show(request, seen(request, run.pk), opened=opened, said=said)
    changed = rows_changed(form, raw, request.POST)
    if changed is not None:
        return show(request, seen(request, run.pk), opened=opened, said=Said(request.POST, changed))
    return raw


@command
@door(signed_in=True)
def decide(request: HttpRequest, task_id: int) -> HttpResponse:
    """A judge's verdict, with the judge's form and a note."""
    task, user, now = task_seen(request, task_id), person(request), timezone.now()
    verdict = request.POST.get("verdict", "")
    if verdict not in {"approve", "send_back", "reject"} and "rows" not in request.POST:
        raise Http404
    opened = Opened(task=task.pk, step=task.step)
    raw: dict[str, Any] = {}
    form = _form_of(task)
    if form is not None:
        found = _typed(request, task.run, form, opened)
        if isinstance(found, HttpResponse):
            return found
        raw = found

    def judge(revision: int | None) -> Any:
        return actions.decide_approval(
            task.pk, verdict=verdict, by=user, now=now, note=request.POST.get("note", ""), raw=raw,
            zone=_zone(request), to=_sent_to(request, verdict), revision=revision,
        )  # fmt: skip

    words = {"approve": _("Approved."), "send_back": _("Sent back."), "reject": _("Rejected.")}
    return answer(request, task.run, judge, done=words.get(verdict, ""), opened=opened, key=f"task-{task.pk}", raw=raw)


def _sent_to(request: HttpRequest, verdict: str) -> str | None:
    """The earlier step that was chosen for a send-back; other verdicts go nowhere."""
    return (request.POST.get("to") or None) if verdict == "send_back" else None


def _form_of(task: Task) -> Form | None:
    program = program_of(task.run.version_id)
    step = program.steps.get(task.step)
    return program.sop.forms[step.form] if step is not None and step.form else None


@command
@door(signed_in=True)
def write_answer(request: HttpRequest, task_id: int) -> HttpResponse:
    """Write down a customer's answer that came on paper, by phone or mail."""
    task, user, now = task_seen(request, task_id), person(request), timezone.now()
    agrees = request.POST.get("agrees") == "true"
    opened = Opened(task=task.pk, step=task.step)
    raw: dict[str, Any] = {}
    form = _form_of(task)
    if form is not None:
        found = _typed(request, task.run, form, opened)
        if isinstance(found, HttpResponse):
            return found
        raw = found

    def take_down(revision: int | None) -> Any:
        return actions.answer_by_customer(
            task.pk, agrees=agrees, now=now, by=user, note=request.POST.get("note", ""),
            raw=raw if agrees else None, zone=_zone(request),
        )  # fmt: skip

    return answer(request, task.run, take_down, done=_("Written down."), opened=opened, key=f"task-{task.pk}", raw=raw)


@command
@door(signed_in=True)
def contact(request: HttpRequest, run_id: int) -> HttpResponse:
    """Log an attempt to reach the contact, and what was said."""
    run, user, now = seen(request, run_id), person(request), timezone.now()
    task_id = _number(request.POST.get("task"))
    opened = Opened(task=task_id) if task_id else Opened(do="contact")
    form = program_of(run.version_id).sop.forms.get(CONTACT_FORM)
    raw: dict[str, Any] = {}
    if form is not None and request.POST.get("with_form"):
        found = _typed(request, run, form, opened)
        if isinstance(found, HttpResponse):
            return found
        raw = found if _says_something(form, found) else {}
    outcome, channel = request.POST.get("outcome", ""), request.POST.get("channel", "")
    if outcome not in {"reached", "no_answer", "refused", "wrong_number"}:
        raise Http404
    if raw and form is not None and form.field("channel") is not None:
        raw = {**raw, "channel": channel}
    key = f"task-{task_id}" if task_id else f"contact-{run.pk}"

    def log(revision: int | None) -> Any:
        return actions.log_contact(
            run.pk, outcome=outcome, channel=channel, by=user, now=now, note=request.POST.get("note", ""),
            task_id=task_id, raw=raw or None, zone=_zone(request), revision=revision,
        )  # fmt: skip

    return answer(request, run, log, done=_("Contact logged."), opened=opened, key=key, raw=raw)


def _says_something(form: Form, raw: dict[str, Any]) -> bool:
    """Whether anything was typed beyond what stands in the form by itself."""
    defaults = {one.key: one.default or "" for one in form.fields}
    blank: tuple[Any, ...] = ("", [], {}, None)
    return any(value not in blank and value != defaults.get(key, "") for key, value in raw.items() if key != "channel")


# -- moves -------------------------------------------------------------------------------------------------------------


@command
@door(signed_in=True)
def advance(request: HttpRequest, run_id: int) -> HttpResponse:
    """Pass the gate: to the stage that was chosen, or the only way on."""
    run, user, now = seen(request, run_id), person(request), timezone.now()
    to = request.POST.get("to") or None
    title = stage_title(program_of(run.version_id), to) if to else ""
    done = _("Moved on to %(stage)s.") % {"stage": title} if title else _("Moved on.")
    return answer(
        request, run, lambda revision: actions.advance(run.pk, to=to, by=user, now=now, revision=revision),
        done=done, opened=Opened(do="advance"),
    )  # fmt: skip


@command
@door(signed_in=True)
def go_back(request: HttpRequest, run_id: int) -> HttpResponse:
    """Go back to an earlier stage, saying why."""
    run, user, now = seen(request, run_id), person(request), timezone.now()
    to, why = request.POST.get("to", ""), request.POST.get("why", "")
    return answer(
        request, run, lambda revision: actions.go_back(run.pk, to=to, why=why, by=user, now=now, revision=revision),
        done=_("Went back."), opened=Opened(do="back"),
    )  # fmt: skip


@command
@door(signed_in=True)
def close(request: HttpRequest, run_id: int) -> HttpResponse:
    """End the run with an outcome and a reason."""
    run, user, now = seen(request, run_id), person(request), timezone.now()
    outcome, _dot, reason = request.POST.get("ending", "").partition(":")
    note = request.POST.get("note", "")

    def end(revision: int | None) -> Any:
        return actions.close(
            run.pk, outcome=outcome, reason=reason or None, note=note, by=user, now=now, revision=revision
        )

    return answer(request, run, end, done=_("Closed."), opened=Opened(do="close"))


@command
@door(signed_in=True)
def reopen(request: HttpRequest, run_id: int) -> HttpResponse:
    """Open a closed run again, saying why."""
    run, user, now = seen(request, run_id), person(request), timezone.now()
    why = request.POST.get("why", "")
    return answer(
        request, run, lambda revision: actions.reopen(run.pk, why=why, by=user, now=now, revision=revision),
        done=_("Opened again."), opened=Opened(do="reopen"),
    )  # fmt: skip


@command
@door(signed_in=True)
def add_step(request: HttpRequest, run_id: int) -> HttpResponse:
    """Open one more round of a step, or an optional one."""
    run, user, now = seen(request, run_id), person(request), timezone.now()
    step = request.POST.get("step", "")
    return answer(
        request, run, lambda revision: actions.add_step(run.pk, step=step, by=user, now=now, revision=revision),
        done=_("Added."), opened=Opened(),
    )  # fmt: skip


@command
@door(signed_in=True)
def reassign(request: HttpRequest, run_id: int) -> HttpResponse:
    """Give the run another owner, saying why."""
    run, user, now = seen(request, run_id), person(request), timezone.now()
    owner, why = chosen_person(request, "owner"), request.POST.get("why", "")
    opened = Opened(do="reassign")
    if owner is None:
        return nobody_chosen(request, run, opened)

    def give(revision: int | None) -> Any:
        return actions.reassign(run.pk, owner=owner, why=why, by=user, now=now, revision=revision)

    return answer(request, run, give, done=_("Given to %(name)s.") % {"name": owner}, opened=opened)


@command
@door(signed_in=True)
def take(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take a task out of the queue."""
    task, user, now = task_seen(request, task_id), person(request), timezone.now()
    return answer(
        request, task.run, lambda revision: actions.take(task.pk, by=user, now=now), done=_("It is yours now."),
        opened=Opened(task=task.pk),
    )  # fmt: skip


@command
@door(signed_in=True)
def hand_over(request: HttpRequest, task_id: int) -> HttpResponse:
    """Hand a task to a colleague, saying why."""
    task, user, now = task_seen(request, task_id), person(request), timezone.now()
    to, why = chosen_person(request, "to"), request.POST.get("why", "")
    opened = Opened(task=task.pk, do="hand_over")
    if to is None:
        return nobody_chosen(request, task.run, opened)
    return answer(
        request, task.run, lambda revision: actions.hand_over(task.pk, to=to, why=why, by=user, now=now),
        done=_("Given to %(name)s.") % {"name": to}, opened=opened,
    )  # fmt: skip


def chosen_person(request: HttpRequest, field: str) -> User | None:
    """The active person whose id a field holds."""
    id_ = _number(request.POST.get(field))
    return User.objects.filter(pk=id_, is_active=True).first() if id_ else None


def nobody_chosen(request: HttpRequest, run: Run, opened: Opened) -> HttpResponse:
    """Nobody was chosen: the form again, saying so."""
    reasons = refuse("person.needed").reasons
    return show(request, seen(request, run.pk), opened=opened, said=Said(request.POST, reasons=reasons))


# -- waivers -----------------------------------------------------------------------------------------------------------


@command
@door(signed_in=True)
def ask_waiver(request: HttpRequest, run_id: int) -> HttpResponse:
    """Ask for a way round reasons of the present gate."""
    run, user, now = seen(request, run_id), person(request), timezone.now()
    until = _end_of(request.POST.get("until", ""), _zone(request))

    def ask(revision: int | None) -> Any:
        return actions.ask_waiver(
            run.pk, codes=request.POST.getlist("code"), why=request.POST.get("why", ""), by=user, now=now,
            control=request.POST.get("control", ""), until=until, revision=revision,
        )  # fmt: skip

    return answer(request, run, ask, done=_("Asked for."), opened=Opened(do="waiver"), key=f"waiver-{run.pk}")


@command
@door(signed_in=True)
def decide_waiver(request: HttpRequest, waiver_id: int) -> HttpResponse:
    """Grant or refuse a waiver."""
    waiver, user, now = get_object_or_404(Waiver, pk=waiver_id), person(request), timezone.now()
    run = seen(request, waiver.run_id)
    grant, note = request.POST.get("verdict") == "grant", request.POST.get("note", "")
    return answer(
        request, run, lambda revision: actions.decide_waiver(waiver.pk, grant=grant, by=user, now=now, note=note),
        done=_("Granted.") if grant else _("Refused."), opened=Opened(),
    )  # fmt: skip


@command
@door(signed_in=True)
def withdraw_waiver(request: HttpRequest, waiver_id: int) -> HttpResponse:
    """Take back a waiver that nobody has judged yet."""
    waiver, user, now = get_object_or_404(Waiver, pk=waiver_id), person(request), timezone.now()
    run = seen(request, waiver.run_id)
    return answer(
        request, run, lambda revision: actions.withdraw_waiver(waiver.pk, by=user, now=now), done=_("Withdrawn."),
        opened=Opened(),
    )  # fmt: skip


def _end_of(day: str, zone: ZoneInfo) -> datetime | None:
    """The end of a day that was typed; None for none, or for what is no day."""
    try:
        date = datetime.fromisoformat(day).date() if day else None
    except ValueError:
        return None
    return datetime.combine(date, time(), tzinfo=zone) + timedelta(days=1) if date else None


# -- facts and files ---------------------------------------------------------------------------------------------------


@door(signed_in=True)
def change_fact(request: HttpRequest, run_id: int, name: str) -> HttpResponse:
    """Change one fact of the subject where it stands."""
    run, user = seen(request, run_id), person(request)
    builder = Builder(run, user, timezone.now(), opened=Opened())

    def page(editing: Editing, status: int) -> HttpResponse:
        return show(request, seen(request, run_id), opened=Opened(), editing=editing, status=status)

    return in_place(request, builder.subject, name, by=user, page=page)


@require_safe
@door(signed_in=True)
def run_history(request: HttpRequest, run_id: int) -> HttpResponse:
    """Who changed which fact, when, from what to what, under which version of the SOP."""
    run = seen(request, run_id)
    name = request.GET.get("field", "")
    page = page_of(fact_events(run, name), page_number(request))
    rows = fact_rows(page.rows, name, confidential=reads_confidential(person(request), run))
    context = {
        "title": _("History of facts"), "subject": run.title, "back": home_of(run), "page": page, "rows": rows,
        "field": name,
    }  # fmt: skip
    return render(request, "pages/history.html", context)


@command
@door(signed_in=True)
def attach(request: HttpRequest, run_id: int) -> HttpResponse:
    """Keep a file with the run."""
    run, user, now = seen(request, run_id), person(request), timezone.now()
    files = request.FILES.getlist("file")

    def keep(revision: int | None) -> Any:
        if not files:
            raise refuse("file.needed")
        return [actions.attach(run.pk, file=file, by=user, now=now) for file in files]

    return answer(request, run, keep, done=_("File kept."), opened=Opened(do="file"))


@command
@door(signed_in=True)
def detach(request: HttpRequest, run_id: int, file_id: int) -> HttpResponse:
    """Take a file away from the run."""
    run, user, now = seen(request, run_id), person(request), timezone.now()
    found = get_object_or_404(Attachment, pk=file_id, run=run)
    if not may_read(user, found):
        raise Http404
    return answer(
        request, run, lambda revision: actions.detach(found.pk, by=user, now=now), done=_("File removed."),
        opened=Opened(),
    )  # fmt: skip


def file_seen(request: HttpRequest, file_id: int) -> Attachment:
    """The file, if the person may see it. Raises Http404."""
    user = person(request)
    found = get_object_or_404(
        Attachment.objects.visible_to(scope_of(user)).select_related("run", "created_by"), pk=file_id
    )
    if not may_read(user, found):
        raise Http404
    return found


@require_safe
@door(signed_in=True)
def attachment_preview(request: HttpRequest, file_id: int) -> HttpResponse:
    """A file looked at on a page of ours, with what is known of it."""
    found = file_seen(request, file_id)
    others = list(Attachment.objects.filter(run=found.run).order_by("-pk").values_list("pk", "confidential"))
    trusted = reads_confidential(person(request), found.run)
    ids = [pk for pk, secret in others if trusted or not secret]
    place = ids.index(found.pk)
    context = {
        "title": found.name, "file": found, "home": home_of(found.run), "subject": found.run.title,
        "is_picture": found.kind in SHOWN_IN_PLACE and found.kind != PDF, "is_pdf": found.kind == PDF,
        "previous": ids[place - 1] if place else None,
        "following": ids[place + 1] if place + 1 < len(ids) else None, "position": place + 1, "total": len(ids),
    }  # fmt: skip
    return render(request, "pages/file.html", context)


@never_cache
@door(signed_in=True)
def attachment(request: HttpRequest, file_id: int) -> HttpResponse | FileResponse:
    """One file, to be saved; a PDF or picture may be looked at in place, where it can run nothing."""
    found = file_seen(request, file_id)
    path = path_of(found)
    if not path.is_file():
        raise Http404
    in_place = found.kind in SHOWN_IN_PLACE and "save" not in request.GET
    response = FileResponse(
        path.open("rb"), as_attachment=not in_place, filename=found.name, content_type=found.kind
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    # A browser's own viewer of PDFs is locked in by itself, and does not start inside a sandbox.
    response["Content-Security-Policy"] = PDF_POLICY if found.kind == PDF else FILE_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response

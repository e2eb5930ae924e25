"""Help: the guide, and what the page at hand is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.care.models import Complaint
from fairway.deals.models import Deal
from fairway.engine.program import Program
from fairway.leads.models import Lead
from fairway.people.doors import door
from fairway.people.scope import scope_of
from fairway.runs.models import Run, Task
from fairway.runs.permissions import sees
from fairway.sops.programs import program_of
from fairway.web import guide
from fairway.web.context import wants_part
from fairway.web.sop.forms_shown import FormCard, forms_of
from fairway.web.sop.map import Map
from fairway.web.sop.told import language
from fairway.web.views.person import person

FACES: Mapping[str, tuple[type[Model], str]] = {
    "lead": (Lead, "lead_id"), "deal": (Deal, "deal_id"), "complaint": (Complaint, "complaint_id"),
}  # fmt: skip
CHAPTERS = (
    (("start", "demo", "import-sample"), "start"), (("today", "task", "notice"), "today"),
    (("lead", "pool"), "leads"), (("deal", "receivable", "account", "contact"), "deals"),
    (("approval", "manage", "absence"), "approvals"), (("complaint",), "complaints"), (("import",), "import"),
    (("sop",), "sops"), (("admin",), "administration"), (("profile", "token", "search"), "keys"),
)  # fmt: skip


@require_safe
@door(signed_in=True)
def help_index(request: HttpRequest) -> HttpResponse:
    """The chapters of the guide."""
    context = {"title": _("Help"), "chapters": guide.chapters(language())}
    return render(request, "pages/help/index.html", context)


@require_safe
@door(signed_in=True)
def help_chapter(request: HttpRequest, key: str) -> HttpResponse:
    """One chapter."""
    chapters = guide.chapters(language())
    place = next((number for number, one in enumerate(chapters) if one.key == key), None)
    if place is None:
        raise Http404
    context = {
        "title": chapters[place].title, "chapter": chapters[place], "chapters": chapters,
        "before": chapters[place - 1] if place else None,
        "after": chapters[place + 1] if place + 1 < len(chapters) else None,
    }  # fmt: skip
    return render(request, "pages/help/chapter.html", context)


@require_safe
@door(signed_in=True)
def help_picture(request: HttpRequest, short: str, name: str) -> HttpResponseBase:
    """A picture of the guide."""
    path = guide.picture(short, name)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/webp", headers={"Cache-Control": "private, max-age=3600"})


@require_safe
@door(signed_in=True)
def help_here(request: HttpRequest) -> HttpResponse:
    """What the page at hand is about: the stage and form of a record from its SOP, else a chapter of the guide."""
    given = request.headers.get("HX-Current-URL", "") if wants_part(request) else request.GET.get("at", "")
    parts = urlsplit(given)
    try:
        match = resolve(parts.path or "/")
    except Resolver404:
        match = None
    name = (match.url_name or "") if match else ""
    run = _run_of(request, name, match.kwargs if match else {})
    asked = parse_qs(parts.query)
    context: dict[str, Any] = {
        "title": _("Help"),
        "chapter": guide.chapter(_chapter_of(name), language()),
        "at": given,
        "back": parts._replace(scheme="", netloc="").geturl(),
    }
    if run is not None:
        context |= _of_run(run, asked.get("task", [""])[0], asked.get("step", [""])[0])
    template = "pages/help/here.html" if wants_part(request) else "pages/help/here_page.html"
    return render(request, template, context)


def _run_of(request: HttpRequest, name: str, kwargs: Mapping[str, Any]) -> Run | None:
    """The run that the page shows, if the person sees it."""
    by = person(request)
    if name in FACES:
        model, key = FACES[name]
        found = model._default_manager.filter(pk=kwargs.get(key, 0)).values_list("run_id", flat=True)  # noqa: SLF001
        run = Run.objects.visible_to(scope_of(by)).filter(pk__in=found).first()
    elif name == "run":
        run = Run.objects.filter(pk=kwargs.get("run_id", 0)).first()
    else:
        return None
    return run if run is not None and sees(by, run) else None


def _of_run(run: Run, task: str, step: str) -> dict[str, Any]:
    """The stage that the run is on, and the form that is open."""
    program = program_of(run.version_id)
    stages = {stage.key: (number, stage) for number, stage in enumerate(program.sop.stages, 1)}
    number, stage = stages[run.stage]
    return {
        "stage": Map(program, {}).stage(number, stage), "run": run, "sop": program.sop.sop,
        "form": _form(program, run, task, step),
    }  # fmt: skip


def _form(program: Program, run: Run, task: str, step: str) -> FormCard | None:
    """The form of the task or step that stands open on the page; without one, of the first open task."""
    tasks = Task.objects.open().filter(run=run).order_by("due_at", "id")
    if task.isascii() and task.isdigit() and len(task) < 19:
        tasks = tasks.filter(pk=int(task))
    keys = [step] if step in program.steps else list(tasks.values_list("step", flat=True)[:10])
    wanted = next((program.steps[key].form for key in keys if key in program.steps and program.steps[key].form), None)
    return next((form for form in forms_of(program) if form.key == wanted), None)


def _chapter_of(name: str) -> str:
    """The chapter that is about the pages whose URL name begins so."""
    return next((key for starts, key in CHAPTERS if name.startswith(starts)), "today")

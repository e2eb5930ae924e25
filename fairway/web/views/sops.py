"""SOPs to read: which there are, their map, text, forms and versions, and two versions compared."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fairway.engine.diff import diff
from fairway.engine.findings import DocumentRefused
from fairway.engine.program import Program
from fairway.people.doors import door
from fairway.people.errors import Refused
from fairway.people.models import User
from fairway.people.roles import ADMIN
from fairway.people.scope import scope_of
from fairway.runs.models import Run
from fairway.runs.texts import role_texts, say
from fairway.sops import queries
from fairway.sops.access import may_publish
from fairway.sops.actions import set_in_use
from fairway.sops.actions.use import FIRST
from fairway.sops.models import SopVersion
from fairway.sops.programs import build, program_of
from fairway.sops.vocabulary import declared_facts
from fairway.web.sop.forms_shown import by_stage, forms_of
from fairway.web.sop.map import Map, Standing, standing, under_way
from fairway.web.sop.told import language
from fairway.web.views.person import person

DRAFT = "draft"
KIND_TONES = {"added": "good", "removed": "bad", "moved": "accent", "changed": "warn"}


@require_safe
@door(signed_in=True)
def sop_list(request: HttpRequest) -> HttpResponse:
    """Every SOP, its current version, and how many of its runs the person sees under way."""
    by = person(request)
    counted = under_way(by=by, now=timezone.now())
    drafts = {draft.key: draft for draft in queries.drafts()} if may_publish(by) else {}
    versions = queries.current_versions()
    retired = queries.retired()
    rows = [
        {
            "used": version.key not in retired, "version": version, "about": say(program_of(version.pk).sop.about),
            "stages": [say(stage.title) for stage in program_of(version.pk).sop.stages],
            "standing": counted.get(version.key, Standing()), "draft": drafts.pop(version.key, None),
        }
        for version in versions
    ]  # fmt: skip
    context = {
        "title": _("SOPs"), "rows": rows, "first_drafts": list(drafts.values()), "may_publish": may_publish(by),
        "administers": by.is_admin, "first": FIRST,
    }  # fmt: skip
    return render(request, "pages/sops.html", context)


@require_POST
@door(roles=(ADMIN,))
def sop_use(request: HttpRequest, key: str) -> HttpResponse:
    """Let new runs begin by an SOP, or no longer; runs under way go on."""
    used = {version.key for version in queries.current_versions()} - queries.retired()
    wanted = used | {key} if request.POST.get("use") == "1" else used - {key}
    try:
        set_in_use(wanted, by=person(request), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("sops")


def shown_version(request: HttpRequest, key: str) -> SopVersion:
    """The version that the address asks for (`?version=3`), else the current one. Raises Http404."""
    given = request.GET.get("version", "")
    version = queries.current(key) if not given else queries.numbered(key, _number(given))
    if version is None:
        raise Http404
    return version


def head(request: HttpRequest, version: SopVersion, tab: str, *, newest: int | None = None) -> dict[str, Any]:
    """What every page about an SOP shows: its name, its tabs, and whether an old version is looked at."""
    by = person(request)
    asked = request.GET.get("version")
    newest = newest or (queries.newest_number(version.key) if asked else version.number)
    query = f"?version={version.number}" if version.number != newest else ""
    base = f"/sops/{version.key}"
    items = [
        {"key": "map", "label": _("Map"), "url": f"{base}{query}", "icon": "route"},
        {"key": "forms", "label": _("Forms"), "url": f"{base}/forms{query}", "icon": "forms"},
        {"key": "text", "label": _("Text"), "url": f"{base}/text{query}", "icon": "file-text"},
        {"key": "versions", "label": _("Versions"), "url": f"{base}/versions", "icon": "versions"},
    ]
    if may_publish(by):
        items.append({"key": "draft", "label": _("Draft"), "url": f"{base}/draft", "icon": "edit"})
    return {
        "title": version.title, "version": version, "newest": newest, "old": version.number != newest, "tabs": items,
        "tab": tab, "may_publish": may_publish(by),
    }  # fmt: skip


@require_safe
@door(signed_in=True)
def sop_map(request: HttpRequest, key: str) -> HttpResponse:
    """The map of an SOP, with the runs that the person sees on it."""
    version = shown_version(request, key)
    program = program_of(version.pk)
    counted = standing(key, by=person(request), now=timezone.now())
    context = head(request, version, "map") | Map(program, counted).context() | {"about": say(program.sop.about)}
    return render(request, "pages/sop_map.html", context)


@require_safe
@door(signed_in=True)
def sop_text(request: HttpRequest, key: str) -> HttpResponse:
    """The document itself; with `?file=1` as a file."""
    version = shown_version(request, key)
    if request.GET.get("file"):
        name = f"{version.key}-{version.number}.yaml"
        return HttpResponse(
            version.text, content_type="application/yaml; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )  # fmt: skip
    context = head(request, version, "text") | {
        "lines": version.text.splitlines(),
        "file_url": f"{request.path}?version={version.number}&file=1",
        "draft_url": f"/sops/{key}/draft?from={version.number}",
    }
    return render(request, "pages/sop_text.html", context)


@require_safe
@door(signed_in=True)
def sop_forms(request: HttpRequest, key: str) -> HttpResponse:
    """Every form of an SOP."""
    version = shown_version(request, key)
    program = program_of(version.pk)
    forms = forms_of(program)
    context = head(request, version, "forms") | {"forms": forms, "stages": by_stage(program, forms)}
    return render(request, "pages/sop_forms.html", context)


@require_safe
@door(signed_in=True)
def sop_versions(request: HttpRequest, key: str) -> HttpResponse:
    """Every version: who published it, when, why, and how many open runs the person sees on it."""
    version = shown_version(request, key)
    versions = queries.versions(key)
    counted = _runs_by_version(key, person(request))
    rows = [
        {"version": each, "runs": counted.get(each.pk, 0), "before": before.number if before else None}
        for each, before in zip(versions, [*versions[1:], None], strict=True)
    ]
    context = head(request, version, "versions", newest=versions[0].number) | {"rows": rows}
    return render(request, "pages/sop_versions.html", context)


def _runs_by_version(key: str, by: User) -> dict[int, int]:
    open_ = Run.objects.visible_to(scope_of(by)).open().filter(sop=key)
    return dict(open_.order_by().values_list("version_id").annotate(Count("pk")))


@require_safe
@door(signed_in=True)
def sop_compare(request: HttpRequest, key: str) -> HttpResponse:
    """Two versions compared in words; who may publish compares the draft as well."""
    versions = queries.versions(key)
    if not versions:
        raise Http404
    numbers = [each.number for each in versions]
    with_draft = may_publish(person(request)) and queries.draft(key) is not None
    choices = [(DRAFT, _("Draft"))] if with_draft else []
    choices += [(str(each.number), f"{each.number} · {each.note}" if each.note else str(each.number))
                for each in versions]  # fmt: skip
    new = _chosen(request.GET.get("to", ""), choices, DRAFT if with_draft else str(numbers[0]))
    older = numbers[0] if new == DRAFT else next((one for one in numbers if one < int(new)), int(new))
    old = _chosen(request.GET.get("from", ""), choices, str(older))
    context = head(request, versions[0], "versions", newest=numbers[0]) | compared(key, old, new)
    fields: dict[str, dict[str, Any]] = {
        "from": {"name": "from", "type": "select", "label": _("From"), "value": old, "options": choices},
        "to": {"name": "to", "type": "select", "label": _("To"), "value": new, "options": choices},
    }
    for field in fields.values():
        field["required"] = True
    return render(request, "pages/sop_compare.html", context | {"fields": fields, "old_name": old, "new_name": new})


def compared(key: str, old: str, new: str) -> dict[str, Any]:
    """The changes between two versions (numbers, or the draft) in words; the findings where one cannot be read."""
    try:
        before, after = _program(key, old), _program(key, new)
    except DocumentRefused as refused:
        return {"unreadable": [finding.located(language=language()) for finding in refused.findings[:5]]}
    return {"changes": changes(before, after)}


def changes(before: Program, after: Program) -> list[dict[str, str]]:
    """Every difference in the reader's words, each with its tone."""
    words = {"added": _("added"), "removed": _("removed"), "moved": _("moved"), "changed": _("changed")}
    return [
        {"text": change.text(language()), "word": words[change.kind], "tone": KIND_TONES[change.kind]}
        for change in diff(before.sop, after.sop, declared_facts(), role_texts())
    ]


def _program(key: str, name: str) -> Program:
    if name == DRAFT:
        draft = queries.draft(key)
        if draft is None:
            raise Http404
        return build(draft.text)
    version = queries.numbered(key, _number(name))
    if version is None:
        raise Http404
    return program_of(version.pk)


def _chosen(given: str, choices: list[tuple[str, str]], otherwise: str) -> str:
    return given if given in {value for value, _label in choices} else otherwise


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

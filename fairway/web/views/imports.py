"""Files that become leads: choose one, say what its columns are, look, run, see what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from fairway.intake import queries, reports
from fairway.intake.access import IMPORTERS, teams_for
from fairway.intake.actions import ask_to_run, discard, open_import, set_fieldmap
from fairway.intake.errors import BadFieldMap, Unreadable
from fairway.intake.fieldmap import FieldMap, is_composed
from fairway.intake.fields import Targets
from fairway.intake.limits import FILE_BYTES
from fairway.intake.models import Import
from fairway.intake.preparing import current_targets, table_of
from fairway.intake.reading import Table
from fairway.intake.reasons import ERROR, field_name, reason
from fairway.intake.samples import sample
from fairway.people.doors import door
from fairway.people.models import Team
from fairway.people.queries import page_of
from fairway.people.scope import scope_of
from fairway.runs.errors import Forbidden
from fairway.runs.texts import say
from fairway.web import exports
from fairway.web.lists import page_number
from fairway.web.sop.told import language
from fairway.web.views.person import person

TONES = {"draft": "neutral", "waiting": "accent", "running": "accent", "done": "good", "failed": "bad"}
SHOWN_DUPLICATES = 20


@require_safe
@door(roles=IMPORTERS)
def import_list(request: HttpRequest) -> HttpResponse:
    """The imports that the person may see, newest first."""
    found = Import.objects.visible_to(scope_of(person(request))).select_related("by").order_by("-id")
    page = page_of(found, page_number(request))
    rows = [{"intake": one, "tone": TONES[one.state]} for one in page.rows]
    return render(request, "pages/imports.html", {"title": _("Import"), "page": page, "rows": rows})


@door(roles=IMPORTERS)
def import_new(request: HttpRequest) -> HttpResponse:
    """Choose a file; what it is, is found."""
    by, errors = person(request), []
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            errors = [_("Choose a file.")]
        elif (file.size or 0) > FILE_BYTES:
            errors = [_("The file is larger than %(limit)s MB.") % {"limit": FILE_BYTES // 2**20}]
        else:
            try:
                intake, _table = open_import(
                    file.read(), file.name or "", by=by, now=timezone.now(), zone=by.timezone
                )  # fmt: skip
            except Unreadable as unreadable:
                errors = [str(unreadable)]
            else:
                return redirect("import", intake.pk)
    context = {"title": _("Import leads"), "errors": errors}
    return render(request, "pages/imports_new.html", context, status=422 if errors else 200)


@require_safe
@door(roles=IMPORTERS)
def import_sample(request: HttpRequest) -> HttpResponseBase:
    """A file to fill in: every column by the name that the reader knows it by, and three rows that are made up."""
    head, rows = sample(language())
    return exports.csv_response("fairway-leads", head, rows)


@require_safe
@door(roles=IMPORTERS)
def import_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import: its mapping while it is prepared, its progress while it runs, then what came of it."""
    intake = _visible(request, import_id)
    if intake.state != Import.DRAFT:
        return render(request, "pages/imports_run.html", _outcome(request, intake))
    return _show_draft(request, intake, FieldMap.from_json(intake.fieldmap))


@require_POST
@door(roles=IMPORTERS)
def import_map(request: HttpRequest, import_id: int) -> HttpResponse:
    """Keep what was chosen for the columns; with `then` run, import it."""
    intake, by, now = _visible(request, import_id), person(request), timezone.now()
    if intake.state != Import.DRAFT:
        return redirect("import", intake.pk)
    table, targets = table_of(intake), current_targets()
    fieldmap, errors = _chosen(request, table, targets, FieldMap.from_json(intake.fieldmap))
    if errors:
        return _show_draft(request, intake, fieldmap, errors=errors, status=422)
    team = Team.objects.filter(pk=request.POST.get("team") or 0).first()
    try:
        set_fieldmap(intake, fieldmap, by=by, now=now, new_sources=bool(request.POST.get("new_sources")), team=team)
        if request.POST.get("then") == "run":
            ask_to_run(intake, by=by, now=now)
    except (BadFieldMap, Forbidden) as refused:
        return _show_draft(request, intake, fieldmap, errors=[str(refused)], status=409)
    return redirect("import", intake.pk)


@require_POST
@door(roles=IMPORTERS)
def import_discard(request: HttpRequest, import_id: int) -> HttpResponse:
    """Throw away a file that was not imported."""
    intake = _visible(request, import_id)
    if discard(intake, by=person(request)):
        messages.success(request, _("%(file)s was thrown away; nothing was imported.") % {"file": intake.file_name})
    return redirect("imports")


@require_safe
@door(roles=IMPORTERS)
def import_bad_rows(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """The rows that were rejected, with field and reason, as a file to mend and bring in again."""
    intake = _ended(request, import_id)
    rows = reports.kept_bad_rows(intake, current_targets())
    return exports.csv_response(f"import-{intake.pk}-bad-rows", next(rows), rows)


@require_safe
@door(roles=IMPORTERS)
def import_duplicates(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """The rows that were passed over, with what each matches."""
    intake = _ended(request, import_id)
    rows = reports.duplicate_rows(reports.kept_duplicates(intake), scope_of(person(request)))
    return exports.csv_response(f"import-{intake.pk}-duplicates", next(rows), rows)


def _visible(request: HttpRequest, import_id: int) -> Import:
    found = Import.objects.visible_to(scope_of(person(request))).select_related("by", "team")
    return get_object_or_404(found, pk=import_id)


def _ended(request: HttpRequest, import_id: int) -> Import:
    intake = _visible(request, import_id)
    if intake.state not in {Import.RUNNING, Import.DONE} or not intake.path.is_dir():
        raise Http404  # not run yet, or its files were lost with a folder that no backup held
    return intake


# -- a draft -----------------------------------------------------------------------------------------------------------


def _show_draft(
    request: HttpRequest, intake: Import, fieldmap: FieldMap, *, errors: list[str] | None = None, status: int = 200
) -> HttpResponse:
    scope, targets = scope_of(person(request)), current_targets()
    try:
        table = table_of(intake)
    except FileNotFoundError:
        raise Http404 from None
    only = request.GET.get("only", "")
    shown = queries.preview(intake, table, fieldmap, targets, scope, now=timezone.now(), only=only)
    context = {
        "title": intake.file_name, "intake": intake, "errors": errors or [], "preview": shown, "only": only,
        "rows": [{"row": row, **_mark(row.state)} for row in shown.rows], "tabs": _tabs(request, shown),
        "is_own": intake.by_id == scope.user_id, "understood": _understood(table),
        **_mapping_fields(intake, table, fieldmap, targets, request),
    }  # fmt: skip
    return render(request, "pages/imports_map.html", context, status=status)


def _mark(state: str) -> dict[str, Any]:
    return {
        "good": {"word": _("New"), "tone": "good"},
        "duplicate": {"word": _("Duplicate"), "tone": "warn"},
        "bad": {"word": _("Rejected"), "tone": "bad"},
    }[state]


def _tabs(request: HttpRequest, shown: queries.Preview) -> list[dict[str, Any]]:
    return [
        {"key": "", "label": _("First rows"), "url": request.path, "count": shown.looked_at},
        {"key": "bad", "label": _("Rejected"), "url": "?only=bad", "count": shown.rejected},
        {"key": "duplicate", "label": _("Duplicates"), "url": "?only=duplicate", "count": shown.duplicates},
    ]


def _understood(table: Table) -> str:
    """How the file was read, in words."""
    size = ngettext("%(rows)s row", "%(rows)s rows", table.frame.height) % {"rows": f"{table.frame.height:,}"}
    if table.dialect.kind == "excel":
        return f"{size} · Excel · {table.dialect.sheet}"
    separators = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}
    separator = separators.get(table.dialect.separator, table.dialect.separator)
    return _("%(size)s · %(encoding)s · separator: %(name)s") % {
        "size": size, "encoding": table.dialect.encoding.upper(), "name": separator,
    }  # fmt: skip


def _mapping_fields(
    intake: Import, table: Table, fieldmap: FieldMap, targets: Targets, request: HttpRequest
) -> dict[str, Any]:
    choices = [("", _("– leave out –")), *((key, field_name(key, one)) for key, one in targets.by_key.items())]
    of_column = {column: key for key, column in fieldmap.columns.items()}
    source = targets.by_key.get("source")
    sources = [(one.key, say(one.title)) for one in source.choices] if source else []
    teams = teams_for(person(request))
    return {
        "columns": [
            {
                "name": column,
                "samples": queries.samples(table, column),
                "field": {
                    "name": f"column.{index}", "id": f"column_{index}", "type": "select", "options": choices,
                    "value": of_column.get(column, ""), "label": column,
                },
            }
            for index, column in enumerate(table.columns)
        ],
        "composed": [
            (field_name(key, targets.by_key.get(key)), text)
            for key, text in fieldmap.columns.items() if is_composed(text) and text not in table.columns
        ],
        "words": [
            {
                "word": one.word, "rows": one.rows, "index": index,
                "field": {
                    "name": f"value.{index}", "id": f"value_{index}", "type": "select", "label": one.word,
                    "value": one.meant, "options": [("", _("– not known –")), *sources],
                },
            }
            for index, one in enumerate(queries.source_words(table, fieldmap, targets))
        ],
        "default_source": {
            "name": "default.source", "id": "default_source", "type": "select",
            "label": _("Source where none is given"), "value": fieldmap.defaults.get("source", ""),
            "options": [("", _("– none: such rows are rejected –")), *sources],
        },
        "match": {
            "name": "match", "id": "match", "type": "checkboxes", "label": _("Passed over as duplicates when the same"),
            "value": list(fieldmap.match), "options": [(key, reports.key_name(key)) for key in reports.KEYS],
        },
        "team": {
            "name": "team", "id": "team", "type": "select", "label": _("Team whose queue takes leads without an owner"),
            "value": str(intake.team_id or ""), "options": [(str(one.pk), one.name) for one in teams],
        } if len(teams) > 1 else None,
    }  # fmt: skip


def _chosen(request: HttpRequest, table: Table, targets: Targets, before: FieldMap) -> tuple[FieldMap, list[str]]:
    """The mapping as it was chosen, and what is wrong with it. Composed fields stay as they are."""
    post, errors = request.POST, []
    columns = {key: text for key, text in before.columns.items() if text not in table.columns}
    for index, column in enumerate(table.columns):
        key = post.get(f"column.{index}", "")
        if key not in targets.by_key:
            continue
        if columns.get(key, "") in table.columns:
            errors.append(_("“%(field)s” is chosen twice.") % {"field": field_name(key, targets.by_key[key])})
        columns[key] = column
    words = {post.get(f"word.{index}", ""): post.get(f"value.{index}", "") for index in range(queries.WORDS)}
    known = {one.key for one in targets.by_key["source"].choices} if "source" in targets.by_key else set()
    values = {word: meant for word, meant in words.items() if word and meant in known}
    defaults = {key: value for key, value in before.defaults.items() if key != "source"}
    if post.get("default.source", "") in known:
        defaults["source"] = post["default.source"]
    match = tuple(key for key in reports.KEYS if key in post.getlist("match"))
    return FieldMap(columns, defaults, {**before.values, "source": values}, match), errors


# -- under way and done ------------------------------------------------------------------------------------------------


def _outcome(request: HttpRequest, intake: Import) -> dict[str, Any]:
    targets = current_targets()
    noted = [
        {
            "field": field_name(field, targets.by_key.get(field)), "rows": rows, "is_error": level == ERROR,
            "reason": reason(code, targets.by_key.get(field)),
        }
        for field, code, level, rows in intake.noted
    ]  # fmt: skip
    duplicates = []
    if intake.state == Import.DONE and intake.duplicates:
        shown = reports.kept_duplicates(intake).head(SHOWN_DUPLICATES)
        duplicates = list(reports.duplicate_rows(shown, scope_of(person(request))))[1:]
    return {
        "title": intake.file_name, "intake": intake, "tone": TONES[intake.state], "noted": noted,
        "duplicates": duplicates, "leads_url": f"{reverse('leads')}?state=all&import={intake.pk}",
    }  # fmt: skip

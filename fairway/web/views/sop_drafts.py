"""Writing SOPs: the draft, its findings, the scenarios played against it, publishing, rolling back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fairway.engine.checker import is_publishable
from fairway.engine.findings import DocumentRefused, Finding
from fairway.people.doors import door
from fairway.people.errors import Refused
from fairway.runs.texts import say
from fairway.sops import actions, beginning, queries, shipped
from fairway.sops.access import PUBLISHERS
from fairway.sops.checking import check_text
from fairway.sops.errors import NotPublishable, Stale
from fairway.sops.models import SopDraft, SopVersion
from fairway.sops.rehearsing import play_shipped, program_of_text
from fairway.web.sop.told import language
from fairway.web.views.person import person
from fairway.web.views.sops import DRAFT, compared, head

for_publishers = door(roles=PUBLISHERS)
NEW = "new"
Lines = list[dict[str, Any]]


class NewSopForm(forms.Form):
    """What a new SOP is called, and the text that it begins with."""

    title_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=100)
    title_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=100)
    key = forms.RegexField(
        r"\A[a-z][a-z0-9-]{0,49}\Z", label=gettext_lazy("Key"), max_length=50,
        help_text=gettext_lazy("Small letters, digits and hyphens; it stands in addresses and never changes."),
    )  # fmt: skip
    template = forms.ChoiceField(label=gettext_lazy("Begin with"), required=False)
    subject = forms.ChoiceField(
        label=gettext_lazy("It is about"), required=False,
        help_text=gettext_lazy("For a small new one; a copy keeps what it is about."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {version.key: version.title for version in queries.current_versions()}
        copies = [(key, _("A copy of: %(title)s") % {"title": titles.get(key, key)}) for key in
                  dict.fromkeys((*beginning.beginnings(), *titles))]  # fmt: skip
        words = {"deal": _("deals"), "complaint": _("complaints"), "account": _("companies")}
        for name, choices in (("template", [("", _("A small one to build on")), *copies]),
                              ("subject", [(key, words[key]) for key in beginning.SUBJECTS])):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean_key(self) -> str:
        """A key that no SOP and no draft has."""
        key = str(self.cleaned_data["key"])
        if key == NEW or queries.current(key) is not None or queries.draft(key) is not None:
            raise forms.ValidationError(_("There is an SOP or a draft with this key."))
        return key


@for_publishers
def sop_new(request: HttpRequest) -> HttpResponse:
    """Begin an SOP: a draft made of a template of the library, or of a small one."""
    form = NewSopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        text = beginning.text_of_new(
            values["key"], title_zh=values["title_zh"], title_en=values["title_en"], template=values["template"],
            subject=values["subject"] or beginning.SUBJECTS[0],
        )  # fmt: skip
        try:
            actions.save_draft(values["key"], text, revision=0, by=person(request), now=timezone.now())
        except (Refused, Stale) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The draft is begun. What is to mend stands beside it."))
            return redirect("sop-draft", values["key"])
    context = {"title": _("New SOP"), "form": form}
    return render(request, "pages/sop_new.html", context, status=422 if form.errors else 200)


@for_publishers
def sop_draft(request: HttpRequest, key: str) -> HttpResponse:
    """Show the draft beside its findings, and keep what was typed.

    Without a draft the text of the current version (or of `?from=3`) stands there; the first save makes the draft.
    """
    if request.method == "POST":
        return _save(request, key)
    draft, version = queries.draft(key), queries.current(key)
    if draft is None and version is None:
        raise Http404
    return _editor(request, key, draft=draft, version=version)


def _save(request: HttpRequest, key: str) -> HttpResponse:
    text, note = _typed(request)
    try:
        actions.save_draft(
            key, text, note=note, revision=_number(request, "revision"), by=person(request), now=timezone.now()
        )
    except Refused as refused:
        reasons = [{"text": reason.message} for reason in refused.reasons]
        return _editor(request, key, text=text, note=note, reasons=reasons, status=422)
    except Stale as stale:
        return _editor(request, key, text=text, note=note, stale=stale, status=409)
    messages.success(request, _("The draft is saved."))
    return redirect("sop-draft-publish" if request.POST.get("then") == "publish" else "sop-draft", key)


def _editor(
    request: HttpRequest, key: str, *, draft: SopDraft | None = None, version: SopVersion | None = None,
    text: str | None = None, note: str | None = None, status: int = 200, **shown: Any,
) -> HttpResponse:  # fmt: skip
    draft, version = draft or queries.draft(key), version or queries.current(key)
    if text is None:
        text = draft.text if draft else _first_text(request, version)
    revision = draft.revision if draft else 0
    if status == 422:  # what was seen when it was refused is still what is seen
        revision = _number(request, "revision")
    context = _head(request, key, version) | {
        "key": key, "draft": draft, "text": text, "revision": revision,
        "note": note if note is not None else (draft.note if draft else ""),
        "numbers": range(1, text.count("\n") + 2), "findings": findings_of(text, key), "checked": True,
        "scenarios": len(shipped.scenarios(key)), **shown,
    }  # fmt: skip
    return render(request, "pages/sop_draft.html", context, status=status)


def _first_text(request: HttpRequest, version: SopVersion | None) -> str:
    """What a new draft begins with."""
    if version is None:
        return ""
    wanted = _whole(request.GET.get("from", ""))
    old = queries.numbered(version.key, wanted) if wanted else None
    return (old or version).text


def _head(request: HttpRequest, key: str, version: SopVersion | None) -> dict[str, Any]:
    if version is None:
        return {"title": key, "version": None, "tabs": [], "tab": DRAFT, "may_publish": True}
    return head(request, version, DRAFT, newest=version.number)


@require_POST
@for_publishers
def sop_draft_check(request: HttpRequest, key: str) -> HttpResponse:
    """The findings of what is typed, while it is typed; nothing is kept."""
    text, _note = _typed(request)
    context = {"findings": findings_of(text, key), "checked": True}
    return render(request, "pages/sop_findings.html", context)


def findings_of(text: str, key: str) -> Lines:
    """What is wrong with a text: mistakes first in each line, in the reader's words."""
    return [finding_line(finding) for finding in check_text(text, key=key)[1]]


def finding_line(finding: Finding) -> dict[str, Any]:
    """One finding as the page shows it."""
    bad = finding.level == "error"
    return {
        "line": finding.line, "text": finding.text(language()), "path": finding.path, "bad": bad,
        "word": _("mistake") if bad else _("warning"), "tone": "bad" if bad else "warn",
    }  # fmt: skip


@require_POST
@for_publishers
def sop_draft_scenarios(request: HttpRequest, key: str) -> HttpResponse:
    """Play the shipped scenarios against what is typed; nothing is kept."""
    text, note = _typed(request)
    shown = {"rehearsals": rehearsals(text)}
    if request.headers.get("HX-Target") == "rehearsals":
        return render(request, "pages/sop_rehearsals.html", shown)
    return _editor(request, key, text=text, note=note, rehearsals=shown["rehearsals"])


def rehearsals(text: str) -> dict[str, Any]:
    """How every scenario came out, failed ones first."""
    try:
        played = play_shipped(program_of_text(text))
    except DocumentRefused as refused:
        return {"unreadable": [finding.located(language=language()) for finding in refused.findings[:5]]}
    except KeyError as unknown:
        return {"unreadable": [_("There is no calendar “%(name)s”.") % {"name": unknown.args[0]}]}
    rows = [
        {
            "name": each.name, "title": say(each.title) if each.title else each.name, "passed": each.passed,
            "findings": [finding.located(each.name, language()) for finding in each.findings[:5]],
        }
        for each in sorted(played, key=lambda each: each.passed)
    ]  # fmt: skip
    return {"rows": rows, "passed": sum(row["passed"] for row in rows), "failed": [r for r in rows if not r["passed"]]}


@for_publishers
def sop_draft_publish(request: HttpRequest, key: str) -> HttpResponse:
    """What publishing the draft would change, and then do it, with a note."""
    draft = queries.draft(key)
    if draft is None:
        messages.info(request, _("There is no draft of this procedure."))
        return redirect("sop-draft", key) if queries.current(key) else redirect("sops")
    if request.method == "POST":
        return _publish(request, draft)
    return _review(request, draft)


def _publish(request: HttpRequest, draft: SopDraft) -> HttpResponse:
    note = request.POST.get("note", "").strip()
    if not note:
        return _review(request, draft, note_error=_("Say in a line what changes and why."), status=422)
    try:
        version = actions.publish_draft(
            draft.key, revision=_number(request, "revision"), note=note, after=_number(request, "after"),
            by=person(request), now=timezone.now(),
        )  # fmt: skip
    except NotPublishable:
        return _review(request, draft, note=note, status=422)
    except Stale as stale:
        return _review(request, queries.draft(draft.key) or draft, note=note, stale=stale, status=409)
    except Refused as refused:
        reasons = [{"text": reason.message} for reason in refused.reasons]
        return _review(request, draft, note=note, reasons=reasons, status=409)
    messages.success(request, _("Version %(number)s is published: new runs follow it.") % {"number": version.number})
    return redirect("sop", draft.key)


def _review(
    request: HttpRequest, draft: SopDraft, *, note: str | None = None, status: int = 200, **shown: Any
) -> HttpResponse:
    version = queries.current(draft.key)
    found = check_text(draft.text, key=draft.key)[1]
    differences = compared(draft.key, str(version.number), DRAFT) if version else {}
    context = _head(request, draft.key, version) | differences | {
        "key": draft.key, "draft": draft, "note": draft.note if note is None else note, "first": version is None,
        "after": version.number if version else 0, "publishable": is_publishable(found),
        "findings": [finding_line(finding) for finding in found], "checked": True, **shown,
    }  # fmt: skip
    return render(request, "pages/sop_publish.html", context, status=status)


@require_POST
@for_publishers
def sop_draft_discard(request: HttpRequest, key: str) -> HttpResponse:
    """Throw the draft away."""
    try:
        actions.discard_draft(key, revision=_number(request, "revision"), by=person(request), now=timezone.now())
    except Stale as stale:
        messages.error(request, _("%(who)s saved this draft meanwhile: it is still here.") % {"who": stale.who or "–"})
        return redirect("sop-draft", key)
    messages.success(request, _("The draft is thrown away."))
    return redirect("sop", key) if queries.current(key) else redirect("sops")


@require_POST
@for_publishers
def sop_restore(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Publish an old version again."""
    version = get_object_or_404(SopVersion, key=key, number=number)
    try:
        restored = actions.roll_back(version, by=person(request), now=timezone.now())
    except NotPublishable as refused:
        said = " ".join(finding.located(language=language()) for finding in refused.findings[:3])
        messages.error(request, _("Version %(number)s cannot be published any more: %(why)s")
                       % {"number": number, "why": said})  # fmt: skip
    except (Refused, Stale) as refused:
        messages.error(request, str(refused))
    else:
        words = {"number": restored.number, "old": number}
        messages.success(request, _("Version %(number)s is published; it says what version %(old)s said.") % words)
    return redirect("sop-versions", key)


def _typed(request: HttpRequest) -> tuple[str, str]:
    """The text and the note that were typed, with the line endings that documents have."""
    return request.POST.get("text", "").replace("\r\n", "\n"), request.POST.get("note", "").strip()


def _number(request: HttpRequest, name: str) -> int:
    return _whole(request.POST.get(name, ""))


def _whole(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0

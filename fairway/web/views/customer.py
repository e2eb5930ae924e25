"""The customer's own page: confirm, correct, accept or answer, by a link and without an account (N5, D2, S5)."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from fairway.engine.refused import Refused
from fairway.people.doors import door
from fairway.runs.actions import answer_by_customer
from fairway.runs.errors import Invalid
from fairway.runs.models import Task
from fairway.runs.texts import say
from fairway.web.forms import rows_changed, typed
from fairway.web.limits import too_often
from fairway.web.record.customer import ZONE, Question

LANGUAGES = ("zh-hans", "en")
MOST = 60
WHY = "a customer answers by the secret address in their mail; it shows one question, and nothing else of the firm"


@never_cache
@door(public=True, why=WHY)
def customer(request: HttpRequest, token: str) -> HttpResponse:
    """One question to the customer, and their answer to it."""
    language = request.GET.get("lang", "")
    with translation.override(language if language in LANGUAGES else translation.get_language()):
        response = _answer(request, token)
    response["X-Robots-Tag"] = "noindex, nofollow"
    # Not no-referrer: with it a browser sends the form with `Origin: null`, which is refused as forged.
    response["Referrer-Policy"] = "same-origin"
    return response


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    if too_often(request, "customer", most=MOST):
        return render(request, "429.html", status=429)
    found = Task.objects.filter(token=token, kind="customer") if len(token) >= 20 else Task.objects.none()
    task = found.select_related("run__owner", "run__deal").first()
    if task is None:
        return _page(request, None, "unknown", status=404)
    question = Question(task)
    if not question.is_open:
        return _page(request, question, "answered" if task.status == Task.DONE else "over")
    return _take(request, question) if request.method == "POST" else _ask(request, question)


def _take(request: HttpRequest, question: Question) -> HttpResponse:
    form = question.definition
    raw = typed(form, request.POST) if form is not None else {}
    changed = rows_changed(form, raw, request.POST) if form is not None else None
    if changed is not None:
        return _ask(request, question, raw=changed)
    agrees = request.POST.get("agrees") == "true"
    note = request.POST.get("note", "")[:5000]
    try:
        answer_by_customer(
            question.task.pk, agrees=agrees, now=timezone.now(), note=note, raw=raw if agrees and form else None,
            zone=ZONE,
        )  # fmt: skip
    except Invalid as invalid:
        return _ask(request, question, raw=raw, errors=invalid.errors, status=422)
    except Refused as refused:
        codes = {reason.code for reason in refused.reasons}
        if "task.gone" in codes:  # answered at the same moment in another window
            return _page(request, question, "answered")
        missing = _("Please write what is not right.") if "reason.needed" in codes else ""
        reasons = [missing] if missing else [say(reason.text) for reason in refused.reasons]
        return _ask(request, question, raw=raw, reasons=reasons, status=409)
    return _page(request, question, "thanks" if agrees else "corrected")


def _ask(
    request: HttpRequest, question: Question, *, raw: dict[str, object] | None = None, errors: object = (),
    reasons: object = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    asked = question.asked(raw, errors)  # type: ignore[arg-type]
    context = {"asked": asked, "reasons": reasons, "note": request.POST.get("note", ""), "state": "open"}
    return _shown(request, context | {"title": asked.title}, status)


def _page(request: HttpRequest, question: Question | None, state: str, *, status: int = 200) -> HttpResponse:
    titles = {
        "unknown": _("This address is not known"),
        "answered": _("Thank you: this is answered already"),
        "over": _("This question is no longer open"),
        "thanks": _("Thank you"),
        "corrected": _("Thank you, we will mend it"),
    }
    owner = question.task.run.owner if question else None
    context = {
        "state": state,
        "title": titles[state],
        "firm_person": owner.display_name if owner else "",
        "task_id": question.task.pk if question else 0,
    }
    return _shown(request, context, status)


def _shown(request: HttpRequest, context: Mapping[str, object], status: int) -> HttpResponse:
    """Rendered at once, in the language that was chosen."""
    switch = "en" if (translation.get_language() or "").startswith("zh") else "zh-hans"
    return render(request, "pages/customer.html", {**context, "switch": switch}, status=status)

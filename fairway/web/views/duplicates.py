"""Records that may be the same: the list to review, two side by side, merging and taking apart."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from fairway.customers.models import Account, Contact
from fairway.duplicates import doing, finding
from fairway.duplicates.merging import Choice
from fairway.duplicates.models import KINDS, Merge, Pair
from fairway.engine.refused import Refused as RunRefused
from fairway.leads.queries import listed, source_titles
from fairway.people.doors import door
from fairway.people.errors import Refused
from fairway.people.roles import MANAGER, REP, SERVICE
from fairway.runs.texts import say
from fairway.web.views.person import person

MERGERS = (REP, MANAGER, SERVICE)
MOST = 50
REASONS = {
    "core": gettext_lazy("name"), "name": gettext_lazy("name"), "phone": gettext_lazy("phone"),
    "email": gettext_lazy("e-mail"), "domain": gettext_lazy("domain"), "wechat": gettext_lazy("WeChat"),
    "uscc": gettext_lazy("credit code"), "region": gettext_lazy("region"), "company": gettext_lazy("company"),
}  # fmt: skip
CHOICES = {"buying_role": Contact.ROLES, "attitude": Contact.ATTITUDES}
PLACES = {"account": "account", "contact": "contact", "lead": "lead"}


@require_safe
@door(roles=MERGERS)
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Pairs of which the person sees both, the surest first."""
    by = person(request)
    kinds = dict(KINDS)
    kind = request.GET.get("kind", "")
    counts = dict(Pair.objects.filter(state=Pair.OPEN).order_by().values_list("kind").annotate(Count("id")))
    if kind not in kinds:
        kind = next((one for one in kinds if counts.get(one)), "account")
    rows = [
        {
            "pair": one.pair, "sides": (one.first, one.second), "bits": round(one.pair.bits),
            "reasons": [REASONS[name] for name in one.pair.reasons if name in REASONS],
            "url": reverse("duplicate-pair", args=[kind, one.first.id, one.second.id]),
        }
        for one in finding.review(kind, by=by, most=MOST)
    ]  # fmt: skip
    context = {
        "title": _("Duplicates"), "rows": rows, "kind": kind, "most": MOST,
        "tabs": [{"key": key, "label": title, "url": f"?kind={key}"} for key, title in kinds.items()],
        "merges": _merges(request),
    }  # fmt: skip
    return render(request, "pages/duplicates.html", context)


def _merges(request: HttpRequest) -> list[Merge]:
    return list(Merge.objects.filter(by=person(request))[:10])


@require_POST
@door(roles=MERGERS)
def duplicate_apart(request: HttpRequest, pair_id: int) -> HttpResponse:
    """They are two; that is remembered."""
    try:
        pair = finding.set_apart(pair_id, by=person(request), now=timezone.now())
    except Pair.DoesNotExist as missing:
        raise Http404 from missing
    messages.success(request, _("Noted: not the same."))
    return redirect(f"{reverse('duplicates')}?kind={pair.kind}")


@door(roles=MERGERS)
def duplicate_pair(request: HttpRequest, kind: str, kept_id: int, gone_id: int) -> HttpResponse:
    """Two records side by side, the one that is kept first; posted, they become one."""
    by, now = person(request), timezone.now()
    if kind not in PLACES or kept_id == gone_id:
        raise Http404
    try:
        found = doing.both(kind, kept_id, gone_id, by=by, now=now)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    reasons: list[str] = []
    if request.method == "POST":
        take = {one.name for one in found.choices if request.POST.get(f"take.{one.name}", one.taken) == "gone"}
        try:
            done = doing.merge(kind, kept_id, gone_id, by=by, now=now, take=take)
        except Refused as refused:
            reasons = [str(reason.message) for reason in refused.reasons]
        except RunRefused as refused:
            reasons = [say(reason.text) for reason in refused.reasons]
        else:
            messages.success(request, _("They are one now."))
            return redirect("merge", done.pk)
    low, high = sorted((kept_id, gone_id))
    context = {
        "title": _("Two side by side"), "both": found, "rows": _rows(found.choices), "kind": kind, "reasons": reasons,
        "pair": Pair.objects.filter(kind=kind, first=low, second=high, state=Pair.OPEN).first(),
        "swap": reverse("duplicate-pair", args=[kind, gone_id, kept_id]),
        "kept_url": reverse(PLACES[kind], args=[kept_id]), "gone_url": reverse(PLACES[kind], args=[gone_id]),
        "same": sum(not one.differs for one in found.choices),
    }  # fmt: skip
    return render(request, "pages/duplicate_pair.html", context, status=409 if reasons else 200)


def _rows(choices: list[Choice]) -> list[dict[str, Any]]:
    """The fields with their values as people read them: titles of choices, the company or person that is pointed to."""
    titles = {
        "industry": dict(listed("industry")), "company_size": dict(listed("company_size")),
        "size": dict(listed("company_size")), "source": source_titles(),
        **{name: {key: str(title) for key, title in pairs} for name, pairs in CHOICES.items()},
    }  # fmt: skip
    for name, model in (("parent_id", Account), ("reports_to_id", Contact)):
        asked = [value for one in choices if one.name == name for value in (one.kept, one.gone) if value]
        titles[name] = {number: str(row) for number, row in model.objects.in_bulk(asked).items()} if asked else {}
    yes, no = _("Yes"), _("No")

    def shown(one: Choice, value: Any) -> Any:
        return (yes if value else no) if isinstance(value, bool) else titles.get(one.name, {}).get(value, value)

    return [{"choice": one, "kept": shown(one, one.kept), "gone": shown(one, one.gone)} for one in choices]


@require_safe
@door(roles=MERGERS)
def merge_page(request: HttpRequest, merge_id: int) -> HttpResponse:
    """What a merge did, and the way back."""
    return _show(request, merge_id)


@require_POST
@door(roles=MERGERS)
def merge_undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Take them apart again."""
    by = person(request)
    try:
        doing.seen(merge_id, by=by)
        done = doing.undo(merge_id, by=by, now=timezone.now())
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except Refused as refused:
        return _show(request, merge_id, [str(reason.message) for reason in refused.reasons])
    except RunRefused as refused:
        return _show(request, merge_id, [say(reason.text) for reason in refused.reasons])
    messages.success(request, _("They are two again."))
    return redirect("merge", done.pk)


def _show(request: HttpRequest, merge_id: int, reasons: list[str] | None = None) -> HttpResponse:
    try:
        done = doing.seen(merge_id, by=person(request))
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    counted: dict[str, int] = {}
    for label, *_rest in done.moved:
        counted[label] = counted.get(label, 0) + 1
    context: dict[str, Any] = {
        "title": _("%(gone)s → %(kept)s") % {"gone": done.gone_name, "kept": done.kept_name}, "merge": done,
        "moved": [(doing.name_of(label), count) for label, count in counted.items()], "reasons": reasons or [],
        "kept_url": reverse(PLACES[done.kind], args=[done.kept_id]),
        "gone_url": reverse(PLACES[done.kind], args=[done.gone_id]) if done.undone_at or done.kind == "lead" else "",
    }  # fmt: skip
    return render(request, "pages/merge.html", context, status=409 if reasons else 200)

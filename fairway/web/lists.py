"""What screens beside the lists share: filter fields, views as tabs, whom one may give runs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from fairway.people.models import User
from fairway.people.roles import MANAGER, REP
from fairway.people.scope import scope_of
from fairway.runs.queries.lists import ALL, CLOSED, ME, NOBODY, OPEN, Choices, RunFilters, owner_choices, team_choices

MOST_AT_ONCE = 200
GRADES = ("A", "B", "C")


def page_number(request: HttpRequest) -> int:
    """The page of a list that the address asks for, from 1."""
    given = request.GET.get("after") or request.GET.get("before") or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 1


def same_view(request: HttpRequest, **changes: str) -> str:
    """The query of this view with other values, from its first page; an empty value leaves the name out."""
    query: QueryDict = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}" if query else ""


def filter_fields(
    filters: RunFilters, *, by: User, stages: Choices, outcomes: Choices, placeholder: str, grades: bool = True
) -> dict[str, dict[str, Any]]:  # fmt: skip
    """The fields of a filter bar, by name, as the tag `field` takes them. Two queries."""
    states = [(OPEN, _("Open")), (CLOSED, _("Closed")), *outcomes, (ALL, _("Open and closed"))]
    owners = [(ME, _("Me")), (NOBODY, _("Nobody")), *owner_choices(by)]
    fields = {
        "q": {"type": "search", "label": _("Search"), "value": filters.text, "placeholder": placeholder},
        "stage": select(_("Stage"), filters.stage, stages),
        "state": {**select(_("State"), filters.state, states), "required": True},
        "owner": select(_("Owner"), filters.owner, owners),
        "team": select(_("Team"), filters.team, team_choices(scope_of(by))),
        "late": {"type": "checkbox", "label": _("Late only"), "value": filters.late},
    }
    if grades:
        listed = [*((one, one) for one in GRADES), (NOBODY, _("Not graded"))]
        fields["grade"] = select(_("Grade"), filters.grade, listed)
    return {name: {"name": name, "id": f"filter_{name}", **field} for name, field in fields.items()}


def select(label: str, value: str, options: Choices) -> dict[str, Any]:
    """A choice where none is all of them."""
    return {"type": "select", "label": label, "value": value, "options": options, "placeholder": _("All")}


def view_tabs(request: HttpRequest, counts: Mapping[str, int], filters: RunFilters) -> dict[str, Any]:
    """One's own, nobody's and late ones as tabs beside all, each with how many there are."""
    tabs: list[tuple[str, str, str, str]] = [
        ("all", _("All I see"), "", ""), ("mine", _("Mine"), ME, ""), ("nobody", _("Unassigned"), NOBODY, ""),
        ("late", _("Late"), "", "1"),
    ]  # fmt: skip
    items = [
        {"key": key, "label": label, "count": counts[key], "url": same_view(request, owner=owner, late=late) or "?"}
        for key, label, owner, late in tabs
    ]
    current = next((key for key, _l, owner, late in tabs if (owner, bool(late)) == (filters.owner, filters.late)), "")
    return {"items": items, "current": current}


def heirs(user: User) -> Choices:
    """Whom the reader may give runs to: reps and managers of the teams that they see. Two queries."""
    scope = scope_of(user)
    found = User.objects.active().filter(grants__role__in=(REP, MANAGER)).distinct().order_by("display_name")
    if not scope.is_admin:
        found = found.filter(team_id__in=sorted(scope.team_ids))
    return [(str(pk), name) for pk, name in found.values_list("pk", "display_name")]

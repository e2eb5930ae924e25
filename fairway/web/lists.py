"""What screens beside the lists share: filter fields, views as tabs, whom one may give runs to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from fairway.people.models import User
from fairway.people.roles import MANAGER, REP
from fairway.people.scope import scope_of
from fairway.runs.queries.lists import Choices

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


def select(label: str, value: str, options: Choices) -> dict[str, Any]:
    """A choice where none is all of them."""
    return {"type": "select", "label": label, "value": value, "options": options, "placeholder": _("All")}


def heirs(user: User) -> Choices:
    """Whom the reader may give runs to: reps and managers of the teams that they see. Two queries."""
    scope = scope_of(user)
    found = User.objects.active().filter(grants__role__in=(REP, MANAGER)).distinct().order_by("display_name")
    if not scope.is_admin:
        found = found.filter(team_id__in=sorted(scope.team_ids))
    return [(str(pk), name) for pk, name in found.values_list("pk", "display_name")]

"""Reads for the screens of people: lists, the tree of teams, who is away, what was changed."""

import functools
import json
import operator
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.db.models import Count, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from fairway.people.models import Absence, AuditEntry, Firm, RoleGrant, Team, User
from fairway.people.roles import MANAGER, ROLES, Role
from fairway.people.scope import Scope, q

PAGE = 50


Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list: its rows, how many there are in all, and the numbers of the pages beside it (0: none)."""

    rows: list[Row]
    total: int
    after: int
    before: int


def page_of(rows: QuerySet[Row], number: int, size: int = PAGE) -> Page[Row]:
    """Cut page `number` (from 1; beyond the end is the last) out of ordered rows, in two queries."""
    total = rows.count()
    last = max(1, -(-total // size))
    number = min(max(number, 1), last)
    shown = list(rows[(number - 1) * size : number * size])
    return Page(shown, total, after=number + 1 if number < last else 0, before=number - 1)


def users(*, text: str = "", team: Team | None = None, role: str = "", active: bool | None = True) -> QuerySet[User]:
    """Users by name, with team and roles; `text` is part of a name, address or phone, `active` None takes all.

    `team` takes those in it and below it.
    """
    found = User.objects.with_roles().order_by("display_name", "id")
    if active is not None:
        found = found.filter(is_active=active)
    if team is not None:
        found = found.filter(team__path__startswith=team.path)
    if role:
        found = found.filter(pk__in=RoleGrant.objects.filter(role=role).values("user_id"))
    if text:
        looked_in = ("display_name", "username", "email", "phone")
        found = found.filter(functools.reduce(operator.or_, (Q(**{f"{name}__icontains": text}) for name in looked_in)))
    return found


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team of the tree: how deep it lies (0 is the top), how many active people are in it, who manages it."""

    team: Team
    level: int
    members: int
    managers: list[User]


def team_tree(*, archived: bool = False) -> list[TeamRow]:
    """All teams, each under the one it is part of, by name; archived ones too when asked. Three queries."""
    teams = Team.objects.all() if archived else Team.objects.current()
    active = User.objects.filter(is_active=True).order_by()
    members = dict(active.values_list("team_id").annotate(Count("pk")))
    managers: dict[int | None, list[User]] = defaultdict(list)
    for user in User.objects.active().filter(grants__role=MANAGER, team__isnull=False):
        managers[user.team_id].append(user)
    below: dict[int | None, list[Team]] = defaultdict(list)
    for team in teams.order_by("name", "id"):
        below[team.parent_id].append(team)
    return [
        TeamRow(team, level, members.get(team.pk, 0), managers.get(team.pk, []))
        for team, level in _down(below, None, 0)
    ]


def _down(below: dict[int | None, list[Team]], parent: int | None, level: int) -> Iterator[tuple[Team, int]]:
    for team in below.get(parent, ()):
        yield team, level
        yield from _down(below, team.pk, level + 1)


def roles_held() -> list[tuple[Role, int]]:
    """Every role with the number of active people who hold it."""
    counted = RoleGrant.objects.filter(user__is_active=True).values_list("role").annotate(Count("pk"))
    counts = dict(counted.order_by())
    return [(role, counts.get(role.key, 0)) for role in ROLES.values()]


def absences(scope: Scope, now: datetime) -> QuerySet[Absence]:
    """Absences not over at `now` of those whom `scope` sees, soonest first."""
    return (
        Absence.objects.filter(q(scope, owner="user_id", team="user__team_id"), ends_at__gt=now)
        .select_related("user__team", "stand_in")
        .order_by("starts_at", "id")
    )


def may_be_sent_away(scope: Scope) -> QuerySet[User]:
    """Active people whose absence this person may note: their own, a manager their team's, an administrator all."""
    found = User.objects.active()
    if scope.is_admin:
        return found
    own = Q(pk=scope.user_id)
    return found.filter(own | Q(team_id__in=sorted(scope.team_ids)) if MANAGER in scope.roles else own)


def changes(
    *, kind: str = "", subject_id: int | None = None, text: str = "", by: User | None = None,
    since: datetime | None = None, until: datetime | None = None,
) -> QuerySet[AuditEntry]:  # fmt: skip
    """What administrators changed, newest first; of one kind, one subject, one person, one time.

    `text` is part of the subject's name, of what was done, or of a value. `until` is up to and without.
    """
    found: QuerySet[AuditEntry] = AuditEntry.objects.select_related("by").order_by("-at", "-id")
    if kind:
        found = found.filter(subject_kind=kind)
    if by is not None:
        found = found.filter(by=by)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    for word in text.split():
        found = _saying(found, word)
    return found if subject_id is None else found.filter(subject_id=subject_id)


def _saying(found: QuerySet[AuditEntry], word: str) -> QuerySet[AuditEntry]:
    """Entries in which a word stands. Values are kept as JSON, in which text outside ASCII is escaped."""
    kept = json.dumps(word)[1:-1]
    values = found.annotate(before_text=Cast("before", TextField()), after_text=Cast("after", TextField()))
    said = Q(subject_name__icontains=word) | Q(action__icontains=word) | Q(by__display_name__icontains=word)
    for form in {word, kept}:
        said |= Q(before_text__icontains=form) | Q(after_text__icontains=form)
    return values.filter(said)


def firm() -> Firm:
    """What the firm says of itself; the usual values where it has not said anything. One query."""
    return Firm.objects.filter(pk=1).first() or Firm(pk=1)


def nobody_yet() -> bool:
    """Whether this installation is empty: the first visitor who knows the set-up code becomes its administrator."""
    return not User.objects.exists()


def has_second_factor(user: User) -> bool:
    """Whether the person signs in with a second factor."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def password_link(user: User) -> str:
    """Address (path) at which this person sets a password, once, within three days; `note_password_link` notes it."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=key)

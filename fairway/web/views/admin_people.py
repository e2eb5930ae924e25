"""The administrator's screens: users, teams, roles, and what was changed."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fairway.people import audit, holdings, queries, tokens
from fairway.people.actions import roles as role_actions
from fairway.people.actions import teams as team_actions
from fairway.people.actions import users as user_actions
from fairway.people.actions.checked import one_change
from fairway.people.doors import door
from fairway.people.errors import Refused
from fairway.people.models import Team, User
from fairway.people.roles import ADMIN
from fairway.web import exports, rights
from fairway.web.changes import WORDS, change_rows
from fairway.web.forms.people import ChangeFilter, HandOnForm, NewUserForm, TeamForm, UserFilter, UserForm
from fairway.web.nav import url_or_nothing
from fairway.web.views.person import person
from fairway.web.views.refusals import add_reasons

for_admins = door(roles=(ADMIN,))
LATEST = 10


class Place(NamedTuple):
    """One administrator's screen: the name of its URL, what it is called, what it is for, its icon."""

    name: str
    label: str | Promise
    about: str | Promise
    icon: str


PLACES = (
    Place("admin-users", gettext_lazy("Users"), gettext_lazy("Who signs in, their team and roles."), "users"),
    Place("admin-teams", gettext_lazy("Teams"), gettext_lazy("The tree of teams and who manages them."), "sitemap"),
    Place("admin-roles", gettext_lazy("Roles"), gettext_lazy("What each of the eight roles does."), "id"),
    Place("absences", gettext_lazy("Absences"), gettext_lazy("Who is away, and who stands in."), "calendar-time"),
    Place("admin-calendar", gettext_lazy("Working days"), gettext_lazy("Holidays and make-up days."), "calendar"),
    Place(
        "admin-sources",
        gettext_lazy("Lead sources"),
        gettext_lazy("Where leads come from, and campaigns with their cost."),
        "target",
    ),
    Place("admin-products", gettext_lazy("Products"), gettext_lazy("What is sold, with list prices."), "package"),
    Place(
        "admin-reasons", gettext_lazy("Reasons"), gettext_lazy("Why deals and complaints ended, and how often."), "flag"
    ),
    Place("admin-mail", gettext_lazy("Mail"), gettext_lazy("How mail leaves, with a test."), "mail"),
    Place("admin-outbox", gettext_lazy("Outbox"), gettext_lazy("What could not be delivered; send it again."), "inbox"),
    Place("admin-tokens", gettext_lazy("API tokens"), gettext_lazy("Of all people; revoke what is not needed."), "key"),
    Place(
        "admin-backups",
        gettext_lazy("Backups"),
        gettext_lazy("Make one, download, see how old the newest is."),
        "database",
    ),
    Place(
        "admin-settings",
        gettext_lazy("Settings file"),
        gettext_lazy("All settings as one file, out and in."),
        "file-text",
    ),
    Place("demo", gettext_lazy("Demo company"), gettext_lazy("A made-up company to look at; made and removed."), "eye"),
    Place(
        "admin-changes", gettext_lazy("Audit trail"), gettext_lazy("What administrators changed, and when."), "history"
    ),
)
"""Every screen of administration, in the order shown; one whose URL does not exist is left out."""


@require_safe
@for_admins
def administration(request: HttpRequest) -> HttpResponse:
    """Show the way to every administrator's screen."""
    places = [{**place._asdict(), "url": url} for place in PLACES if (url := url_or_nothing(place.name))]
    return render(request, "pages/admin/index.html", {"title": _("Administration"), "places": places})


# Users


@require_safe
@for_admins
def user_list(request: HttpRequest) -> HttpResponse:
    """List users, filtered."""
    form = UserFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.users(
        text=wanted.get("q", ""),
        team=wanted.get("team"),
        role=wanted.get("role", ""),
        active={"inactive": False, "all": None}.get(wanted.get("state", ""), True),
    )
    page = queries.page_of(found, _page_number(request))
    return render(request, "pages/admin/users.html", {"title": _("Users"), "form": form, "page": page})


@for_admins
def user_new(request: HttpRequest) -> HttpResponse:
    """Make a user."""
    form = NewUserForm(request.POST or None, initial={"timezone": person(request).timezone})
    if request.method == "POST" and form.is_valid():
        try:
            user = user_actions.create_user(**form.cleaned_data, by=person(request), now=timezone.now())
        except Refused as refused:
            add_reasons(form, refused)
        else:
            messages.success(request, _("%(name)s is created.") % {"name": user})
            return redirect("admin-user", user.pk)
    context = {"title": _("New user"), "form": form}
    return render(request, "pages/admin/user_new.html", context, status=422 if form.errors else 200)


@for_admins
def user_page(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show and change one user: who they are, what they hold, what was changed."""
    user = get_object_or_404(User.objects.with_roles(), pk=user_id)
    initial = {name: getattr(user, name) for name in user_actions.FIELDS} | {"roles": sorted(user.role_keys)}
    form = UserForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _save_user(user, form.cleaned_data, person(request))
        except Refused as refused:
            add_reasons(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("admin-user", user.pk)
    now = timezone.now()
    context = {
        "title": str(user),
        "person": user,
        "form": form,
        "holdings": holdings.of(user),
        "second_factor": queries.has_second_factor(user),
        "tokens": tokens.live_tokens(user, now),
        "changes": change_rows(queries.changes(kind="user", subject_id=user.pk)[:LATEST]),
        "now": now,
    }
    return render(request, "pages/admin/user.html", context, status=422 if form.errors else 200)


def _save_user(user: User, values: dict[str, Any], by: User) -> None:
    """Change the person and their roles, both or neither."""
    now = timezone.now()
    fields = {name: value for name, value in values.items() if name != "roles"}
    with one_change():
        user_actions.change_user(user, **fields, by=by, now=now)
        role_actions.set_roles(user, values["roles"], by=by, now=now)


@for_admins
def user_deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Shut a person out; with work in hand it says to whom that goes first."""
    user = get_object_or_404(User.objects.with_roles(), pk=user_id)
    held, by, now = holdings.of(user), person(request), timezone.now()
    form = HandOnForm(request.POST or None, leaver=user)
    if request.method == "POST" and held and user.is_active and not request.POST.get("keep") and not form.is_valid():
        return _leaving(request, user, form, held, status=422)
    if request.method != "POST":
        return _leaving(request, user, form, held)
    to = form.cleaned_data.get("to") if form.is_bound and form.is_valid() else None
    try:
        with one_change():
            user_actions.deactivate(user, by=by, now=now)
            if to is not None and not request.POST.get("keep"):
                why = form.cleaned_data["why"] or _("%(name)s has left.") % {"name": user}
                holdings.hand_on(user, to=to, why=why, by=by, now=now)
    except Refused as refused:
        messages.error(request, " ".join(reason.message for reason in refused.reasons))
        return redirect("admin-user", user.pk)
    messages.success(request, _("Deactivated: signed out everywhere, tokens revoked."))
    return redirect("admin-user", user.pk)


def _leaving(
    request: HttpRequest, user: User, form: HandOnForm, held: list[holdings.Holding], *, status: int = 200
) -> HttpResponse:
    context = {"title": _("Deactivate %(name)s") % {"name": user}, "person": user, "form": form, "holdings": held}
    return render(request, "pages/admin/user_deactivate.html", context, status=status)


@require_POST
@for_admins
def user_invite(request: HttpRequest, user_id: int) -> HttpResponse:
    """Write to a person with a link to set their password."""
    site = request.build_absolute_uri("/")
    return _do(request, user_id, partial(user_actions.invite, site=site), _("The invitation is on its way."))


@require_POST
@for_admins
def user_activate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let a person in again."""
    return _do(request, user_id, user_actions.reactivate, _("Reactivated."))


@require_POST
@for_admins
def user_second_factor(request: HttpRequest, user_id: int) -> HttpResponse:
    """Drop the second factor of who lost it."""
    return _do(request, user_id, user_actions.drop_second_factor, _("Two-factor authentication is off."))


@require_POST
@never_cache
@for_admins
def user_password_link(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show, once, a link at which the person sets a password."""
    user = get_object_or_404(User, pk=user_id, is_active=True)
    user_actions.note_password_link(user, by=person(request), now=timezone.now())
    link = request.build_absolute_uri(queries.password_link(user))
    return render(request, "pages/admin/password_link.html", {"title": str(user), "person": user, "link": link})


def _do(request: HttpRequest, user_id: int, action: Callable[..., object], done: str) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    try:
        action(user, by=person(request), now=timezone.now())
    except Refused as refused:
        messages.error(request, " ".join(reason.message for reason in refused.reasons))
    else:
        messages.success(request, done)
    return redirect("admin-user", user.pk)


# Teams


@for_admins
def team_list(request: HttpRequest) -> HttpResponse:
    """Show the tree of teams, and make one."""
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            team = team_actions.create_team(**form.cleaned_data, by=person(request), now=timezone.now())
        except Refused as refused:
            add_reasons(form, refused)
        else:
            messages.success(request, _("Team %(name)s is created.") % {"name": team})
            return redirect("admin-teams")
    archived = bool(request.GET.get("archived"))
    context = {"title": _("Teams"), "form": form, "teams": queries.team_tree(archived=archived), "archived": archived}
    return render(request, "pages/admin/teams.html", context, status=422 if form.errors else 200)


@for_admins
def team_page(request: HttpRequest, team_id: int) -> HttpResponse:
    """Show and change one team."""
    team = get_object_or_404(Team.objects.select_related("parent"), pk=team_id)
    form = TeamForm(request.POST or None, initial={"name": team.name, "parent": team.parent_id})
    if request.method == "POST" and form.is_valid():
        by, now = person(request), timezone.now()
        try:
            with one_change():
                team_actions.rename_team(team, form.cleaned_data["name"], by=by, now=now)
                team_actions.move_team(team, form.cleaned_data["parent"], by=by, now=now)
        except Refused as refused:
            add_reasons(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("admin-team", team.pk)
    context = {
        "title": team.name,
        "team": team,
        "form": form,
        "members": queries.users().filter(team=team),
        "changes": change_rows(queries.changes(kind="team", subject_id=team.pk)[:LATEST]),
        "now": timezone.now(),
    }
    return render(request, "pages/admin/team.html", context, status=422 if form.errors else 200)


@require_POST
@for_admins
def team_archive(request: HttpRequest, team_id: int) -> HttpResponse:
    """Put a team away, or bring it back."""
    team = get_object_or_404(Team, pk=team_id)
    archive = team.archived_at is None
    action = team_actions.archive_team if archive else team_actions.restore_team
    try:
        action(team, by=person(request), now=timezone.now())
    except Refused as refused:
        messages.error(request, " ".join(reason.message for reason in refused.reasons))
    else:
        messages.success(request, _("Archived.") if archive else _("The team is restored."))
    return redirect("admin-team", team.pk)


# Roles and changes


@require_safe
@for_admins
def role_list(request: HttpRequest) -> HttpResponse:
    """Show what each role does and may do, as the checks in the program and the documents have it."""
    held = queries.roles_held()
    groups = [
        {"title": group.title, "rows": [(right.what, [role.key in right.roles for role, _count in held])
                                        for right in group.rights]}
        for group in rights.groups()
    ]  # fmt: skip
    context = {"title": _("Roles"), "roles": held, "groups": groups, "asked": rights.asked_by_sops()}
    return render(request, "pages/admin/roles.html", context)


@require_safe
@for_admins
def change_list(request: HttpRequest) -> HttpResponse:
    """Show what administrators changed."""
    form = ChangeFilter(request.GET)
    page = queries.page_of(queries.changes(**form.wanted()), _page_number(request))
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    context = {
        "title": _("Audit trail"), "form": form, "page": page, "changes": change_rows(page.rows),
        "query": query.urlencode(),
    }  # fmt: skip
    return render(request, "pages/admin/changes.html", context)


@require_safe
@for_admins
def change_export(request: HttpRequest) -> HttpResponseBase:
    """The audit trail as filtered, as a file; that it went out is put on record itself."""
    form, by = ChangeFilter(request.GET), person(request)
    wanted = form.wanted()
    found = queries.changes(**wanted)
    said = {name: str(value) for name, value in wanted.items() if value}
    audit.record("audit.exported", by=by, now=timezone.now(), kind="audit", after={**said, "rows": found.count()})
    head = (_("When"), _("Who"), _("What"), _("About"), _("Name"), _("Before"), _("After"))
    rows = (
        (exports.moment(one.at), str(one.by or _("Command line")), str(WORDS.get(one.action, one.action)),
         one.subject_kind, one.subject_name, _json(one.before), _json(one.after))
        for one in found.iterator(chunk_size=500)
    )  # fmt: skip
    return exports.csv_response("audit-trail", head, rows)


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("after") or request.GET.get("before") or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 1

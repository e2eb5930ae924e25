"""One's own page: who one is, API tokens, and who is away."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fairway.people import queries
from fairway.people.actions import absences as absence_actions
from fairway.people.actions import tokens as token_actions
from fairway.people.actions.users import OWN_FIELDS, change_user
from fairway.people.doors import door
from fairway.people.errors import Refused
from fairway.people.middleware import activate_for
from fairway.people.models import Absence, ApiToken
from fairway.people.scope import scope_of
from fairway.people.tokens import live_tokens
from fairway.web.forms.people import AbsenceForm, ProfileForm, TokenForm
from fairway.web.scope_names import scope_rows
from fairway.web.views.person import person
from fairway.web.views.refusals import add_reasons


@door(signed_in=True)
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change one's own name, phone, language and time zone."""
    user = person(request)
    form = ProfileForm(request.POST or None, initial={name: getattr(user, name) for name in OWN_FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            activate_for(change_user(user, **form.cleaned_data, by=user, now=timezone.now()))
        except Refused as refused:
            add_reasons(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("profile")
    context = {"title": _("My account"), "form": form}
    return render(request, "pages/account/profile.html", context, status=422 if form.errors else 200)


@never_cache
@door(signed_in=True)
def token_list(request: HttpRequest) -> HttpResponse:
    """Show one's API tokens, and make one; its secret is on the answer to the form and nowhere else."""
    user, now = person(request), timezone.now()
    form, clear = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        expires_at = now + timedelta(days=values["days"])
        try:
            _token, clear = token_actions.create_token(
                user, name=values["name"], scopes=values["scopes"], expires_at=expires_at, by=user, now=now
            )
        except Refused as refused:
            add_reasons(form, refused, expires_at="days")
        else:
            form = TokenForm()
    chosen = request.POST.getlist("scopes") if form.errors else []
    context = {
        "title": _("API tokens"),
        "form": form,
        "clear": clear,
        "tokens": live_tokens(user, now),
        "scopes": scope_rows(chosen),
        "administers": user.is_admin,
        "now": now,
    }
    return render(request, "pages/account/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@door(signed_in=True)
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of one's own tokens; an administrator, anybody's."""
    user = person(request)
    found = ApiToken.objects.select_related("user")
    token = get_object_or_404(found if user.is_admin else found.filter(user=user), pk=token_id)
    token_actions.revoke_token(token, by=user, now=timezone.now())
    messages.success(request, _("Revoked: %(name)s no longer works.") % {"name": token.name})
    return redirect("tokens") if token.user_id == user.pk else redirect("admin-user", token.user_id)


@door(signed_in=True)
def absence_list(request: HttpRequest) -> HttpResponse:
    """Show who is away among those one sees, and note an absence for whom one may."""
    user, now = person(request), timezone.now()
    scope = scope_of(user)
    form = AbsenceForm(request.POST or None, choices=queries.may_be_sent_away(scope), initial={"user": user.pk})
    if request.method == "POST" and form.is_valid():
        starts_at, ends_at = form.span()
        who, stand_in = form.cleaned_data["user"], form.cleaned_data["stand_in"]
        try:
            absence_actions.set_absence(who, stand_in=stand_in, starts_at=starts_at, ends_at=ends_at, by=user, now=now)
        except Refused as refused:
            add_reasons(form, refused, starts_at="first_day", ends_at="last_day")
        else:
            messages.success(request, _("Saved: %(name)s is away.") % {"name": who})
            return redirect("absences")
    changeable = set(queries.may_be_sent_away(scope).values_list("pk", flat=True))
    rows = [
        {"absence": one, "may_end": one.user_id in changeable, "under_way": one.starts_at <= now}
        for one in queries.absences(scope, now)
    ]
    context = {"title": _("Absences"), "form": form, "rows": rows, "now": now}
    return render(request, "pages/account/absences.html", context, status=422 if form.errors else 200)


@require_POST
@door(signed_in=True)
def absence_end(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Take back an absence one may change."""
    user, now = person(request), timezone.now()
    scope = scope_of(user)
    absence = Absence.objects.select_related("user").filter(pk=absence_id).first()
    if absence is not None and scope.sees(owner_id=absence.user_id, team_id=absence.user.team_id):
        absence_actions.end_absence(absence, by=user, now=now)
        messages.success(request, _("%(name)s is back.") % {"name": absence.user})
    return redirect("absences")

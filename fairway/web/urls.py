from django.urls import URLPattern, URLResolver, path

from fairway.web.views import account, admin_people, leads
from fairway.web.views.components_page import components
from fairway.web.views.health import health
from fairway.web.views.preferences import set_language, set_theme

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    path("leads", leads.lead_list, name="leads"),
    path("leads/new", leads.lead_new, name="lead-new"),
    path("leads/duplicates", leads.lead_duplicates, name="lead-duplicates"),
    path("leads/export", leads.lead_export, name="lead-export"),
    path("runs/reassign", leads.runs_reassign, name="runs-reassign"),
    path("components", components, name="components"),
    path("preferences/theme", set_theme, name="set-theme"),
    path("preferences/language", set_language, name="set-language"),
    path("profile", account.profile, name="profile"),
    path("profile/tokens", account.token_list, name="tokens"),
    path("profile/tokens/<int:token_id>/revoke", account.token_revoke, name="token-revoke"),
    path("absences", account.absence_list, name="absences"),
    path("absences/<int:absence_id>/end", account.absence_end, name="absence-end"),
    path("administration", admin_people.administration, name="administration"),
    path("administration/users", admin_people.user_list, name="admin-users"),
    path("administration/users/new", admin_people.user_new, name="admin-user-new"),
    path("administration/users/<int:user_id>", admin_people.user_page, name="admin-user"),
    path("administration/users/<int:user_id>/activate", admin_people.user_activate, name="admin-user-activate"),
    path("administration/users/<int:user_id>/deactivate", admin_people.user_deactivate, name="admin-user-deactivate"),
    path(
        "administration/users/<int:user_id>/password-link",
        admin_people.user_password_link,
        name="admin-user-password-link",
    ),
    path(
        "administration/users/<int:user_id>/drop-second-factor",
        admin_people.user_second_factor,
        name="admin-user-second-factor",
    ),
    path("administration/teams", admin_people.team_list, name="admin-teams"),
    path("administration/teams/<int:team_id>", admin_people.team_page, name="admin-team"),
    path("administration/teams/<int:team_id>/archive", admin_people.team_archive, name="admin-team-archive"),
    path("administration/roles", admin_people.role_list, name="admin-roles"),
    path("administration/changes", admin_people.change_list, name="admin-changes"),
]

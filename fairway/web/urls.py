from django.urls import URLPattern, URLResolver, path

from fairway.web.views import account, admin_people, leads, notices, run
from fairway.web.views.complaint_record import complaint
from fairway.web.views.components_page import components
from fairway.web.views.customer import customer
from fairway.web.views.deal_record import deal
from fairway.web.views.health import health
from fairway.web.views.lead_record import lead
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
    path("leads/<int:lead_id>", lead, name="lead"),
    path("deals/<int:deal_id>", deal, name="deal"),
    path("complaints/<int:complaint_id>", complaint, name="complaint"),
    path("runs/<int:run_id>", run.run_page, name="run"),
    path("runs/<int:run_id>/steps/<slug:step>", run.submit, name="run-submit"),
    path("runs/<int:run_id>/add", run.add_step, name="run-add"),
    path("runs/<int:run_id>/contact", run.contact, name="run-contact"),
    path("runs/<int:run_id>/advance", run.advance, name="run-advance"),
    path("runs/<int:run_id>/back", run.go_back, name="run-back"),
    path("runs/<int:run_id>/close", run.close, name="run-close"),
    path("runs/<int:run_id>/reopen", run.reopen, name="run-reopen"),
    path("runs/<int:run_id>/owner", run.reassign, name="run-reassign"),
    path("runs/<int:run_id>/waivers", run.ask_waiver, name="run-waiver"),
    path("runs/<int:run_id>/facts", run.change_facts, name="run-facts"),
    path("runs/<int:run_id>/files", run.attach, name="run-attach"),
    path("waivers/<int:waiver_id>/decide", run.decide_waiver, name="waiver-decide"),
    path("waivers/<int:waiver_id>/withdraw", run.withdraw_waiver, name="waiver-withdraw"),
    path("tasks/<int:task_id>/decide", run.decide, name="task-decide"),
    path("tasks/<int:task_id>/answer", run.write_answer, name="task-answer"),
    path("tasks/<int:task_id>/take", run.take, name="task-take"),
    path("tasks/<int:task_id>/hand-over", run.hand_over, name="task-hand-over"),
    path("c/<str:token>", customer, name="customer"),
    path("notices", notices.notice_list, name="notices"),
    path("notices/read", notices.notices_read, name="notices-read"),
    path("notices/preferences", notices.notice_preferences, name="notice-preferences"),
    path("notices/<int:notice_id>", notices.notice_open, name="notice-open"),
    path("notices/<int:notice_id>/read", notices.notice_read, name="notice-read"),
    path("files/<int:file_id>", run.attachment, name="attachment"),
]

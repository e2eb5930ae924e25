import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from fairway.customers.actions import create_account
from fairway.customers.models import Account
from fairway.leads.actions import register_lead
from fairway.people.actions.absences import set_absence
from fairway.people.actions.roles import set_roles
from fairway.people.actions.teams import move_team
from fairway.people.actions.users import change_user, deactivate
from fairway.people.models import AuditEntry, RoleGrant, Team, User
from fairway.runs.actions import submit
from fairway.runs.models import Run, Task
from fairway.runs.verify import verify
from tests.fixtures_runs import LEAD

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PAGES = ("administration", "admin-users", "admin-user-new", "admin-teams", "admin-roles", "admin-changes")
MOST_QUERIES = 20


@pytest.fixture
def admin(people, client):
    client.force_login(people.admin)
    return client


def user_fields(user, **changes):
    values = {
        "display_name": user.display_name,
        "username": user.username,
        "email": user.email,
        "phone": user.phone,
        "team": user.team_id or "",
        "roles": sorted(user.role_keys),
        "language": user.language,
        "timezone": user.timezone,
    }
    return values | changes


def fresh(user):
    return User.objects.get(pk=user.pk)


def every_page(people):
    return [
        *(reverse(name) for name in PAGES),
        reverse("admin-user", args=[people.rep.pk]),
        reverse("admin-team", args=[people.east.pk]),
    ]


def test_each_page_opens_for_an_administrator_within_its_queries(people, admin, django_assert_max_num_queries):
    for number in range(60):
        people.add(f"more{number}", team=people.west, roles=("rep", "service"))
    for address in every_page(people):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert admin.get(address).status_code == 200, address


@pytest.mark.parametrize("who", ["rep", "manager", "director", "legal", None])
def test_nobody_else_enters(people, client, who):
    if who:
        client.force_login(getattr(people, who))
    changes = [
        reverse("admin-user-activate", args=[people.rep.pk]),
        reverse("admin-user-deactivate", args=[people.rep.pk]),
        reverse("admin-user-password-link", args=[people.rep.pk]),
        reverse("admin-user-second-factor", args=[people.rep.pk]),
        reverse("admin-team-archive", args=[people.west.pk]),
    ]
    for address in [*every_page(people), *changes]:
        assert client.get(address).status_code in ((403,) if who else (302,)), address
        assert client.post(address, {}).status_code in ((403,) if who else (302,)), address
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_word_is_left_in_the_other_language(people, admin, language):
    User.objects.filter(pk=people.admin.pk).update(language=language)
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(display_name="X")
    for team in Team.objects.all():
        Team.objects.filter(pk=team.pk).update(name=f"X{team.pk}")
    for address in every_page(people):
        page = admin.get(address).content.decode()
        main = re.sub(
            r"<(code|option|select)\b.*?</\1>", "", page[page.index("<main") : page.index("</main>")], flags=re.DOTALL
        )
        words = re.sub(r"<[^>]+>", " ", main)
        has_chinese = re.search(r"[\u4e00-\u9fff]", words)
        assert bool(has_chinese) is (language == "zh-hans"), (address, has_chinese)


def test_users_are_found_by_text_team_role_and_state(people, admin):
    def found(**query):
        return {user.username for user in admin.get(reverse("admin-users"), query).context["page"].rows}

    deactivate(people.mate, by=people.admin, now=NOW)
    assert "mate" not in found()
    assert found(state="inactive") == {"mate"}
    assert len(found(state="all")) == len(found()) + 1
    assert found(q="王小") == {"rep"}
    assert found(q="OUTSIDER@") == {"outsider"}
    assert found(team=people.sales.pk) == {"rep", "outsider", "manager", "director"}
    assert found(role="finance") == {"finance"}
    assert found(q="nobody") == set()
    assert found(role="boss", after="99999999999") == found()


def test_long_lists_come_in_pages(people, admin):
    for number in range(60):
        people.add(f"more{number}", team=None, roles=())
    first = admin.get(reverse("admin-users"))
    assert len(first.context["page"].rows) == 50
    assert "after=2" in first.content.decode()
    second = admin.get(reverse("admin-users"), {"after": "2"})
    assert len(second.context["page"].rows) == first.context["page"].total - 50
    assert len(admin.get(reverse("admin-users"), {"after": "77"}).context["page"].rows) == len(
        second.context["page"].rows
    )


def test_a_user_is_made_and_hands_over_a_link_that_works_once(people, admin):
    values = {
        "display_name": "李雷",
        "username": "lilei",
        "email": "lilei@example.com",
        "team": people.east.pk,
        "roles": ["rep"],
        "timezone": "Asia/Shanghai",
    }
    answer = admin.post(reverse("admin-user-new"), values)
    user = User.objects.get(username="lilei")
    assert answer["Location"] == reverse("admin-user", args=[user.pk])
    assert (user.team, user.role_keys, user.has_usable_password()) == (people.east, {"rep"}, False)
    shown = admin.post(reverse("admin-user-password-link", args=[user.pk]))
    assert "no-store" in shown["Cache-Control"]
    link = shown.context["link"]
    visitor = Client()
    form = visitor.get(link, follow=True)
    password = "correct horse battery"
    visitor.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
    assert fresh(user).check_password(password)
    assert Client().get(link, follow=True).context["token_fail"]


def test_a_refused_user_keeps_what_was_typed_and_says_every_reason(people, admin):
    values = {"display_name": "李雷", "username": "rep", "email": "MATE@example.com", "timezone": "Asia/Shanghai"}
    answer = admin.post(reverse("admin-user-new"), values)
    assert answer.status_code == 422
    assert "李雷" in answer.content.decode()
    assert set(answer.context["form"].errors) == {"username", "email"}
    weak = admin.post(reverse("admin-user-new"), values | {"username": "lilei", "email": "", "password": "123"})
    assert weak.context["form"].errors["password"]
    assert not User.objects.filter(username="lilei").exists()


def test_a_user_is_changed_with_team_and_roles(people, admin):
    address = reverse("admin-user", args=[people.rep.pk])
    answer = admin.post(
        address, user_fields(people.rep, team=people.west.pk, roles=["rep", "manager"], territories="华东，江苏,华东")
    )
    assert answer.status_code == 302
    assert fresh(people.rep).territories == ["华东", "江苏"]
    assert (fresh(people.rep).team, fresh(people.rep).role_keys) == (people.west, {"rep", "manager"})


def test_a_change_is_stored_whole_or_not_at_all(people, admin):
    address = reverse("admin-user", args=[people.admin.pk])
    answer = admin.post(address, user_fields(people.admin, display_name="New name", roles=[]))
    assert answer.status_code == 422
    assert fresh(people.admin).display_name == "Admin"
    assert not AuditEntry.objects.exists()


def test_a_user_is_shut_out_and_let_in_again(people, admin):
    admin.post(reverse("admin-user-deactivate", args=[people.rep.pk]))
    assert not fresh(people.rep).is_active
    page = admin.get(reverse("admin-user", args=[people.rep.pk])).content.decode()
    assert reverse("admin-user-activate", args=[people.rep.pk]) in page
    assert reverse("admin-user-deactivate", args=[people.rep.pk]) not in page
    admin.post(reverse("admin-user-activate", args=[people.rep.pk]))
    assert fresh(people.rep).is_active
    admin.post(reverse("admin-user-deactivate", args=[people.admin.pk]))
    assert fresh(people.admin).is_active
    assert admin.post(reverse("admin-user-deactivate", args=[999999])).status_code == 404


def test_who_leaves_hands_their_work_to_somebody_each_on_record(sops, people, admin):
    lead = register_lead(LEAD, by=people.rep, owner=people.rep, now=NOW)
    account = create_account({"name": "老客户"}, by=people.rep, now=NOW)
    address = reverse("admin-user-deactivate", args=[people.rep.pk])
    assert admin.post(address, {}).status_code == 422
    assert fresh(people.rep).is_active
    assert admin.post(address, {"to": people.mate.pk, "why": "离职"}).status_code == 302
    assert not fresh(people.rep).is_active
    run = Run.objects.get(pk=lead.run_id)
    assert run.owner == people.mate
    assert run.events.get(kind="reassigned").data["why"] == "离职"
    assert Account.objects.get(pk=account.pk).owner == people.mate
    assert not Task.objects.open().filter(assignee=people.rep).exists()
    assert list(verify(NOW)) == []


def test_work_may_be_left_where_it_is(sops, people, admin):
    lead = register_lead(LEAD, by=people.rep, owner=people.rep, now=NOW)
    admin.post(reverse("admin-user-deactivate", args=[people.rep.pk]), {"keep": "1"})
    assert not fresh(people.rep).is_active
    assert Run.objects.get(pk=lead.run_id).owner == people.rep


def test_a_verdict_goes_to_others_of_its_role(sops, people, admin):
    lead = register_lead(LEAD, by=people.rep, owner=people.rep, now=NOW)
    card = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}
    submit(lead.run_id, step="score", raw=card, by=people.rep, now=NOW)
    task = Task.objects.get(run=lead.run_id, step="review", status="open")
    assert task.assignee == people.manager
    admin.post(reverse("admin-user-deactivate", args=[people.manager.pk]), {"to": people.mate.pk})
    task.refresh_from_db()
    assert task.assignee == people.director
    assert list(verify(NOW)) == []


def test_a_deactivated_person_gets_no_link(people, admin):
    deactivate(people.rep, by=people.admin, now=NOW)
    assert admin.post(reverse("admin-user-password-link", args=[people.rep.pk])).status_code == 404


def test_a_team_is_made_moved_and_archived(people, admin):
    admin.post(reverse("admin-teams"), {"name": "华南", "parent": people.sales.pk})
    south = Team.objects.get(name="华南")
    address = reverse("admin-team", args=[south.pk])
    admin.post(address, {"name": "华南大区", "parent": people.top.pk})
    south.refresh_from_db()
    assert (south.name, south.parent) == ("华南大区", people.top)
    circle = admin.post(reverse("admin-team", args=[people.sales.pk]), {"name": "X", "parent": people.east.pk})
    assert circle.status_code == 422
    assert Team.objects.get(pk=people.sales.pk).name == "Sales"
    admin.post(reverse("admin-team-archive", args=[south.pk]))
    south.refresh_from_db()
    assert south.archived_at is not None
    assert "华南大区" not in admin.get(reverse("admin-teams")).content.decode().split("<form")[0]
    assert "华南大区" in admin.get(reverse("admin-teams"), {"archived": "1"}).content.decode()
    admin.post(reverse("admin-team-archive", args=[south.pk]))
    south.refresh_from_db()
    assert south.archived_at is None
    admin.post(reverse("admin-team-archive", args=[people.east.pk]))
    people.east.refresh_from_db()
    assert people.east.archived_at is None
    assert admin.post(reverse("admin-teams"), {"name": "East", "parent": people.sales.pk}).status_code == 422


def test_the_roles_say_how_many_hold_them(people, admin):
    deactivate(people.legal, by=people.admin, now=NOW)
    held = {role.key: count for role, count in admin.get(reverse("admin-roles")).context["roles"]}
    assert held == {
        "rep": 3, "manager": 2, "product": 1, "support": 1, "legal": 0, "finance": 1, "service": 1, "admin": 1,
    }  # fmt: skip


def test_the_changes_are_listed_with_who_and_what(people, admin):
    admin.post(reverse("admin-user", args=[people.rep.pk]), user_fields(people.rep, phone="13800000000"))
    admin.post(reverse("admin-teams"), {"name": "华南", "parent": ""})
    page = admin.get(reverse("admin-changes")).content.decode()
    assert "13800000000" in page
    assert "华南" in page
    only = admin.get(reverse("admin-changes"), {"kind": "team"})
    assert [entry.action for entry in only.context["page"].rows] == ["team.created"]
    assert RoleGrant.objects.filter(user=people.rep).count() == 1


def test_a_change_is_told_with_names_and_labels_instead_of_keys(people, admin):
    move_team(people.east, people.office, by=people.admin, now=NOW)
    set_roles(people.rep, ["rep", "legal"], by=people.admin, now=NOW)
    change_user(people.rep, team=None, by=people.admin, now=NOW)
    span = {"starts_at": NOW, "ends_at": NOW.replace(year=2027)}
    set_absence(people.rep, stand_in=people.mate, **span, by=people.admin, now=NOW)
    deactivate(people.legal, by=None, now=NOW)
    page = re.sub(r"<[^>]+>", "", admin.get(reverse("admin-changes")).content.decode())
    for words in (
        "Part of: Sales → Office",
        "Roles: Sales rep → Sales rep, Legal",
        "Team: East → –",
        "Stand-in: Mate",
        "Active: Yes → No",
        "Command line",
    ):
        assert words in page, words
    assert "2026-11-23T" not in page


def test_a_part_is_given_to_htmx(people, admin):
    part = admin.get(reverse("admin-users"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "王小明" in part

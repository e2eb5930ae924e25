"""The page of a complaint, and of a company in care."""

import pytest
from django.utils import timezone

from fairway.care.actions import register_complaint, take_into_care
from fairway.customers.actions import create_account
from fairway.people.models import User
from fairway.runs.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(people):
    return create_account({"name": "启明机电"}, by=people.rep, now=timezone.now())


@pytest.fixture
def complaint(sops, people, account):
    typed = {
        "account": str(account.pk), "complainant": "刘总", "channel": "phone", "category": "quality",
        "content": "系统每天停两次", "severity": "normal",
    }  # fmt: skip
    return register_complaint(typed, by=people.rep, now=timezone.now())


@pytest.mark.parametrize(("language", "word"), [("en", "Complaints"), ("zh-hans", "客诉")])
def test_a_complaint_shows_its_clocks_and_the_next_step_in_both_languages(
    client, people, complaint, language, word, django_assert_max_num_queries
):
    User.objects.update(language=language)
    client.force_login(people.rep)
    client.get(f"/complaints/{complaint.pk}")
    with django_assert_max_num_queries(20):
        page = client.get(f"/complaints/{complaint.pk}")
    said = page.content.decode()
    assert page.status_code == 200
    assert word in said
    assert "系统每天停两次" in said
    assert "data-clock" in said
    assert complaint.run.tasks.filter(status=Task.OPEN).exists()


def test_an_outsider_does_not_see_the_complaint(client, people, complaint):
    client.force_login(people.outsider)
    assert client.get(f"/complaints/{complaint.pk}").status_code == 404


def test_a_company_in_care_is_worked_on_the_page_of_its_run(client, sops, people, account):
    run = take_into_care(account, owner=people.rep, by=people.rep, now=timezone.now())
    client.force_login(people.rep)
    page = client.get(f"/runs/{run.pk}")
    assert page.status_code == 200
    assert "启明机电" in page.content.decode()
    assert f'action="/runs/{run.pk}/steps/' in page.content.decode()

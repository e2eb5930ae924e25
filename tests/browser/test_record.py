"""The page of a run in a real browser: worked with script and without, on a phone, in both languages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fairway.leads.actions import register_lead
from fairway.people.models import User
from tests.browser.axe import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import PHONE
from tests.fixtures_runs import LEAD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(sops, people):
    at = timezone.now() - timedelta(hours=2)
    return register_lead(LEAD, by=people.rep, now=at, owner=people.rep).run


def sign_in(window, live_server, user, language):
    User.objects.filter(pk=user.pk).update(language=language)
    client = Client()
    client.force_login(user)
    window.context.add_cookies(
        [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in client.cookies.items()]
    )


def test_a_lead_is_scored_judged_and_moved_on_without_leaving_the_page(open_window, live_server, people, run, shoot):
    window = open_window(locale="en-GB")
    sign_in(window, live_server, people.rep, "en")
    window.goto(f"/leads/{run.lead.pk}")
    assert_accessible(window)
    for name, points in (("fit_score", 4), ("budget_score", 4), ("urgency_score", 3)):
        window.check(f'input[name="values.{name}"][value="{points}"]')
    window.check('input[name="values.bant_need"][value="weak"]')
    window.click('#work button:has-text("Save")')
    window.wait_for_selector("text=Score and BANT do not agree")
    assert window.url.startswith(f"{live_server.url}/leads/{run.lead.pk}")

    window.click('a:has-text("Move on")')
    window.wait_for_selector("#do")
    window.click('#do button:has-text("Move on")')
    window.wait_for_selector(".fy-refusal")
    assert "The grade is not approved yet" in window.inner_text(".fy-refusal")
    assert "/runs/" not in window.url
    shoot(window, "refused")

    manager = open_window(locale="zh-CN", viewport=PHONE, dark=True)
    sign_in(manager, live_server, people.manager, "zh-hans")
    manager.goto("/approvals")
    assert_accessible(manager)
    assert_no_sideways_scroll(manager)
    manager.click("button[name=row][value$=':approve']")
    manager.wait_for_selector("text=已同意。")
    shoot(manager, "approved")

    window.goto("/")
    window.click('.fy-due a.btn:has-text("Log the contact")')
    window.wait_for_selector(".fy-due__work form")
    assert_accessible(window)
    window.click('.fy-due__work button[value="reached"]')
    window.wait_for_selector("text=Contact logged.")
    assert window.url.rstrip("/") == live_server.url
    run.refresh_from_db()
    assert run.reached


def test_everything_works_without_script_on_a_phone(open_window, live_server, people, run):
    window = open_window(viewport=PHONE, script=False)
    sign_in(window, live_server, people.rep, "zh-hans")
    window.goto(f"/leads/{run.lead.pk}?do=contact")
    window.fill('#do textarea[name="note"]', "下周再打")
    window.click('#do button[value="no_answer"]')
    assert "无应答" in window.inner_text("#timeline")
    window.goto(f"/leads/{run.lead.pk}")
    window.click("#fact-phone .fy-pencil")
    window.fill('#facts input[name="phone"]', "12")
    window.click('#facts button:has-text("保存")')
    assert "12" in window.input_value('#facts input[name="phone"]')
    assert window.locator("#facts .fy-field__error").count() == 1
    run.lead.refresh_from_db()
    assert run.lead.phone == "+8613800000001"

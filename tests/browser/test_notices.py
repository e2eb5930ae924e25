"""Notices as one follows them: read by following the link, by the button without script; and how one is told."""

import pytest
from playwright.sync_api import expect

from fairway.leads.actions import register_lead
from fairway.notify.models import Notice
from tests.browser.axe import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import PHONE
from tests.browser.test_people import PASSWORD, set_password
from tests.fixtures_runs import LEAD, NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(sops, people):
    """A lead of the representative, and two notices about it."""
    set_password(people.rep, PASSWORD, by=people.admin, now=NOW)
    lead = register_lead(LEAD, by=people.rep, now=NOW, owner=people.rep)
    for number in (1, 2):
        Notice.objects.create(
            user=people.rep, run=lead.run, key=f"asked:{number}", code="asked", data={"step": "score"}, at=NOW
        )
    return lead


def sign_in(page):
    page.goto("/notices")
    page.fill("input[name=login]", "rep")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/notices")


@pytest.mark.parametrize(
    ("language", "options"), [("zh-hans", {"script": True}), ("en", {"script": True, "viewport": PHONE, "dark": True})]
)
def test_following_a_notice_reads_it_and_ones_wishes_are_kept(told, people, open_window, shoot, language, options):
    type(people.rep).objects.filter(pk=people.rep.pk).update(language=language)
    page = open_window(**options)
    sign_in(page)
    expect(page.locator(".fy-notice--unread")).to_have_count(2)
    with page.expect_response(lambda answer: answer.url.endswith("/read") and answer.request.method == "POST"):
        page.locator(".fy-notice--unread a").first.click()
    page.wait_for_url(f"**/leads/{told.pk}")
    page.goto("/notices")
    expect(page.locator(".fy-notice--unread")).to_have_count(1)
    page.goto("/notices/preferences")
    page.locator("input[name=urgent][value=clock]").check()
    page.locator("input[name=quiet_from]").fill("22:00")
    page.locator("input[name=quiet_to]").fill("08:00")
    page.locator("input[name=digest_at]").fill("08:30")
    page.locator("#telling button[type=submit]").click()
    expect(page.locator("input[name=urgent][value=clock]")).to_be_checked()
    expect(page.locator("input[name=digest_at]")).to_have_value("08:30")
    shoot(page, "notice-preferences")
    assert_no_sideways_scroll(page)
    assert_accessible(page)


def test_without_script_the_link_opens_and_the_button_reads(told, open_window):
    page = open_window(script=False)
    sign_in(page)
    page.locator(".fy-notice a").first.click()
    page.wait_for_url(f"**/leads/{told.pk}")
    page.goto("/notices")
    expect(page.locator(".fy-notice--unread")).to_have_count(2)
    page.locator(".fy-notice form button").first.click()
    expect(page.locator(".fy-notice--unread")).to_have_count(1)

"""Find and do, by keys only: the palette, what it offers on a page, going by two keys, and the list of keys."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

from fairway.runs.models import Run
from tests.browser.axe import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import PHONE
from tests.browser.desk import Desk

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


@pytest.fixture
def mine(lead, people):
    Run.objects.filter(pk=lead.run_id).update(owner=people.rep, team=people.east)
    people.rep.set_password(PASSWORD)
    people.rep.save()
    return lead


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh-hans"), ("en-GB", "en")])
def test_everything_is_found_and_done_by_keys(open_window, shoot, mine, people, locale, language):
    people.rep.language = language
    people.rep.save()
    page = open_window(locale=locale)
    Desk(page, "rep", PASSWORD)
    keys, options = page.keyboard, page.locator("#palette [role=option]")
    chosen = page.locator("#palette [role=option][aria-selected=true]")

    # A record: two characters, Enter.
    keys.press("Control+k")
    page.locator("#palette [role=option]").first.wait_for()
    assert_accessible(page)
    shoot(page, f"{language}-empty")
    keys.type("启明")
    page.locator(f"#palette a[href='/leads/{mine.pk}']").wait_for()
    shoot(page, f"{language}-found")
    assert chosen.count() == 1
    active = page.locator("#palette [role=combobox]").get_attribute("aria-activedescendant")
    assert chosen.get_attribute("id") == active
    keys.press("Enter")
    page.wait_for_url(f"**/leads/{mine.pk}")

    # What may be done on this page, and it is done.
    with translation.override(language):
        log = gettext("Log a contact")
    keys.press("/")
    page.locator("#palette [role=option]", has_text=log).first.wait_for()
    shoot(page, f"{language}-on-a-record")
    keys.type(log)
    page.locator("#palette [aria-selected=true]", has_text=log).wait_for()
    keys.press("Enter")
    page.wait_for_url("**do=contact**")
    page.locator("#palette").wait_for(state="hidden")

    # No key fires while one types; "g l" and "?" do when one does not.
    page.locator("#do textarea").first.focus()
    keys.type("/g l?")
    assert page.locator("dialog[open]").count() == 0
    assert page.locator("#do textarea").first.input_value() == "/g l?"
    page.locator("#do textarea").first.fill("")
    page.locator("#do textarea").first.blur()
    keys.press("?")
    page.locator("#keys[open]").wait_for()
    assert page.locator("#keys dt", has_text="gl").count() == 1
    keys.press("Escape")
    keys.press("g")
    keys.press("l")
    page.wait_for_url("**/leads")

    # What was opened last is offered; "new" and Enter makes a lead in any language; Escape closes.
    keys.press("Control+k")
    page.locator(f"#palette a[href='/leads/{mine.pk}']").wait_for()
    keys.press("Escape")
    page.locator("#palette").wait_for(state="hidden")
    keys.press("Control+k")
    options.first.wait_for()
    keys.type("new lead")
    with translation.override(language):
        page.locator("#palette [aria-selected=true]", has_text=gettext("New lead")).wait_for()
    keys.press("Enter")
    page.wait_for_url("**/leads/new")

    # Nothing found says so; the phone has a button, and the page works without the palette.
    page.set_viewport_size(PHONE)
    page.locator("[data-search]").click()
    keys.type("不存在的公司")
    page.locator("#palette [data-palette-none]").wait_for()
    assert options.count() == 0
    shoot(page, f"{language}-phone")
    assert_accessible(page)
    keys.press("Enter")
    page.wait_for_url("**/search?q=**")
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    page.goto("/search?q=启明")
    shoot(page, f"{language}-page-phone")
    assert_no_sideways_scroll(page)

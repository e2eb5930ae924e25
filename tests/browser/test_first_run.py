"""The first visit of an empty installation: from the code in the terminal to a workplace with teams and people."""

import pytest
from django.core.cache import cache
from django.utils import translation
from django.utils.translation import gettext

from fairway import setup_code
from fairway.people.models import Firm, Team, User
from fairway.sops.queries import retired
from fairway.web import context
from tests.browser.axe import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = {"zh-CN": "zh-hans", "en-US": "en"}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_first_visitor_is_led_through_five_steps_and_may_leave_between(open_window, sops, settings, shoot, locale):
    cache.clear()
    context._guided.clear()
    window = open_window(locale=locale)

    def say(text):
        with translation.override(LANGUAGES[locale]):
            return gettext(text)

    def go_on(label="Go on"):
        window.get_by_role("button", name=say(label), exact=True).click()

    def look(name):
        shoot(window, f"{name}-{locale}")
        if locale == "zh-CN":  # the language changes nothing about it
            assert_accessible(window)
        assert_no_sideways_scroll(window)

    window.goto("/leads")
    assert window.url.endswith("/start")
    look("1-claim")
    window.fill("[name=code]", "aaaa-bbbb-cccc")
    window.fill("[name=display_name]", "李总")
    window.fill("[name=username]", "boss")
    window.fill("[name=email]", "boss@example.com")
    window.fill("[name=password]", "correct horse battery")
    go_on()
    window.locator(".fy-field__error").wait_for()
    assert window.input_value("[name=display_name]") == "李总"
    window.fill("[name=code]", setup_code.derive(settings.SECRET_KEY))
    window.fill("[name=password]", "correct horse battery")
    go_on()

    window.wait_for_url("**/start/company")
    look("2-company")
    window.fill("[name=name]", "启明科技")
    go_on()

    window.wait_for_url("**/start/people")
    window.fill("[name=teams]", "销售部\n- 华东组")
    go_on("Create teams")
    window.get_by_text("华东组").first.wait_for()
    window.fill("[name=display_name]", "王敏")
    window.fill("[name=username]", "wang")
    window.select_option("[name=role]", "rep")
    window.select_option("[name=team]", label="\N{IDEOGRAPHIC SPACE}华东组")
    go_on("Create and show the link")
    link = window.locator("[data-secret]").inner_text()
    look("3-people")

    # Left here, the mark at the top leads back; the person who was invited chooses a password meanwhile.
    window.goto("/administration")
    window.locator(".fy-top a[href='/start']").click()
    window.wait_for_url("**/start/people")
    other = open_window(locale=locale)
    other.goto(link)
    other.fill("[name=password1]", "another horse battery")
    other.fill("[name=password2]", "another horse battery")
    other.locator("form button[type=submit]").first.click()
    other.wait_for_load_state("networkidle")
    assert User.objects.get(username="wang").check_password("another horse battery")

    go_on()
    window.wait_for_url("**/start/sops")
    window.uncheck("[value=key-account]")
    look("4-sops")
    go_on()
    window.wait_for_url("**/start/leads")
    window.set_viewport_size(PHONE)
    look("5-leads")
    go_on("Finish")
    window.locator(".fy-toast", has_text=say("Everything is set up. What is here can be changed under Administration."))
    window.wait_for_url(lambda url: url.rstrip("/").count("/") == 2)
    assert not window.locator(".fy-top a[href='/start']").count()
    assert Firm.objects.get().name == "启明科技"
    assert Team.objects.count() == 2
    assert retired() == {"key-account"}

"""A company that is there twice: seen while one types, reviewed, merged side by side, taken apart again."""

import re

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext

from fairway.customers.actions import create_account, create_contact
from fairway.customers.models import Account
from fairway.duplicates.finding import sweep
from tests.browser.axe import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import PHONE
from tests.browser.desk import Desk

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


@pytest.mark.parametrize(("locale", "language", "dark"), [("zh-CN", "zh-hans", False), ("en-GB", "en", True)])
def test_a_duplicate_is_seen_merged_and_taken_apart(open_window, shoot, people, sops, locale, language, dark):
    rep, now = people.rep, timezone.now()
    rep.set_password(PASSWORD)
    rep.language = language
    rep.save()
    first = create_account({"name": "杭州启明机电有限公司", "region": "浙江", "industry": "machinery"}, by=rep, now=now)

    def said(text):
        with translation.override(language):
            return gettext(text)

    page = open_window(locale=locale, dark=dark)
    Desk(page, "rep", PASSWORD)

    # While one types, what is there shows; it is made all the same, and nothing typed is lost.
    page.goto("/accounts/new")
    page.fill("[name=name]", "啟明機電")
    page.fill("[name=phone]", "0571-88886666")
    page.locator(f"#same a[href='/accounts/{first.pk}']").wait_for()
    page.get_by_role("button", name=said("Create company"), exact=True).click()
    page.get_by_role("button", name=said("Create anyway"), exact=True).wait_for()
    assert page.input_value("[name=phone]") == "0571-88886666"
    page.get_by_role("button", name=said("Create anyway"), exact=True).click()
    page.wait_for_url(re.compile(r"/accounts/\d+$"))
    second = Account.objects.latest("pk")
    create_contact(second.pk, {"name": "王芳"}, by=rep, now=now)
    while sweep(now):
        pass

    # The review list leads to both side by side; the phone of the second is taken, its contact comes along.
    page.goto("/duplicates")
    shoot(page, f"{language}-list")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.locator(f"a[href='/duplicates/account/{first.pk}/{second.pk}']").click()
    page.locator("input[name='take.phone']").first.wait_for()
    shoot(page, f"{language}-pair")
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert_no_sideways_scroll(page)
    shoot(page, f"{language}-pair-phone")
    page.get_by_role("button", name=said("Make them one"), exact=True).click()
    page.wait_for_url(re.compile(r"/merges/\d+$"))
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    shoot(page, f"{language}-merged-phone")
    first.refresh_from_db()
    assert (first.phone, first.contacts.count()) == ("0571-88886666", 1)
    assert not Account.objects.filter(pk=second.pk).exists()

    # And back.
    page.get_by_role("button", name=said("Undo the merge"), exact=True).click()
    page.get_by_text(said("They are two again.")).first.wait_for()
    first.refresh_from_db()
    assert (first.phone, Account.objects.get(pk=second.pk).contacts.count()) == ("", 1)

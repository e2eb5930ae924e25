"""The pages of people, looked at: signing in, one's own pages, administration; wide and narrow, light and dark."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from fairway.people.actions.users import set_password
from fairway.people.models import User
from tests.browser.axe import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


@pytest.fixture
def company(people):
    cache.clear()
    set_password(people.admin, PASSWORD, by=people.admin, now=timezone.now())
    return people


def look(page, shoot, name):
    """Keep a picture; nothing may be cut off at the side, and the page reads well aloud."""
    shoot(page, name)
    assert_no_sideways_scroll(page)
    assert_accessible(page)


def addresses(company):
    return (
        "/profile",
        "/profile/tokens",
        "/absences",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/administration",
        "/administration/users",
        "/administration/users/new",
        f"/administration/users/{company.rep.pk}",
        "/administration/teams",
        f"/administration/teams/{company.east.pk}",
        "/administration/roles",
        "/administration/changes",
    )


def sign_in(page, shoot):
    page.goto("/profile")
    look(page, shoot, "sign-in")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/profile")


@pytest.mark.parametrize(
    ("shape", "options"),
    [
        ("wide", {"viewport": DESKTOP}),
        ("narrow-dark", {"viewport": PHONE, "dark": True}),
    ],
)
def test_every_page_fits_and_reads_well(company, open_window, shoot, shape, options):
    page = open_window(**options)
    User.objects.filter(pk=company.admin.pk).update(language="" if shape == "wide" else "en")
    sign_in(page, shoot)
    for address in addresses(company):
        page.goto(address)
        look(page, shoot, f"{shape}{address.rstrip('/').replace('/', '-')}")


def test_a_user_is_made_and_shut_out_without_script(company, open_window, shoot):
    page = open_window(viewport=PHONE, script=False)
    page.goto("/administration/users/new")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.fill("input[name=display_name]", "李雷")
    page.fill("input[name=username]", "lilei")
    page.check("input[name=roles][value=rep]")
    page.click("main .btn-primary")
    page.wait_for_url("**/administration/users/*")
    shoot(page, "made")
    page.click("main a:has-text('Deactivate')")
    shoot(page, "asked-first")
    page.click("main .btn-danger")
    page.click("summary:has-text('Reactivate')")
    assert not User.objects.get(username="lilei").is_active
    page.click("details[open] .btn-primary")
    page.wait_for_selector("main a:has-text('Deactivate')")
    assert User.objects.get(username="lilei").is_active

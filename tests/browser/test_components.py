"""The parts that every screen is made of, in a real browser."""

import pytest

from tests.browser.axe import assert_accessible, assert_no_sideways_scroll, small_targets
from tests.browser.conftest import DESKTOP, PHONE

LOOKS = [
    ("zh-CN", DESKTOP, False),
    ("zh-CN", PHONE, True),
    ("en-GB", DESKTOP, True),
    ("en-GB", PHONE, False),
]


@pytest.fixture
def boss(people, live_server):
    """A person who may see the page, with the cookie that signs in."""
    from django.test import Client

    client = Client()
    people.admin.language = ""
    people.admin.save()
    client.force_login(people.admin)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}


@pytest.fixture
def open_page(open_window, boss):
    def open_one(path="/components", **look):
        page = open_window(**look)
        page.context.add_cookies([boss])
        page.goto(path)
        return page

    return open_one


@pytest.mark.parametrize(("locale", "viewport", "dark"), LOOKS)
def test_every_component_can_be_used_by_everyone(open_page, shoot, locale, viewport, dark):
    page = open_page(locale=locale, viewport=viewport, dark=dark)
    page.wait_for_selector("[data-chart] canvas")
    shoot(page, "components")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.click("[data-dialog=sample-dialog]")
    assert_accessible(page, within="#sample-dialog")


def test_targets_are_large_enough_for_a_finger(open_page):
    assert small_targets(open_page(viewport=PHONE)) == []


def test_the_chosen_theme_stays_without_a_flash(open_page):
    page = open_page(dark=False)
    page.click("header [data-menu] summary >> nth=0")
    page.click("[data-theme-switch] button[value=dark]")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    html = page.reload().text()
    assert 'data-bs-theme="dark"' in html


def test_the_theme_follows_the_system_when_nothing_was_chosen(open_page):
    ground = "getComputedStyle(document.body).backgroundColor"
    assert open_page(dark=True).evaluate(ground) != open_page(dark=False).evaluate(ground)


def test_language_and_theme_can_be_set_without_script(open_page):
    page = open_page(locale="zh-CN", script=False)
    page.click("header [data-menu] summary >> nth=0")
    page.click("button[value=en]")
    assert page.text_content("h1") == "Components"
    page.click("header [data-menu] summary >> nth=0")
    page.click("button[value=dark]")
    assert page.get_attribute("html", "data-bs-theme") == "dark"


def test_the_navigation_stays_narrow(open_page):
    page = open_page()
    page.click("[data-nav-toggle]")
    assert page.get_attribute("html", "data-nav") == "narrow"
    page.reload()
    assert page.get_attribute("html", "data-nav") == "narrow"


def test_what_was_typed_is_kept_and_offered_again(open_page):
    page = open_page()
    page.fill("#id_company", "苏州恒力")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert page.input_value("#id_company") == ""
    page.click("form[data-guard] .fy-note .btn-primary")
    assert page.input_value("#id_company") == "苏州恒力"


def test_leaving_with_something_typed_asks_first(open_page):
    page = open_page()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.fill("#id_company", "苏州恒力")
    page.goto("/health")
    assert asked == ["beforeunload"]


def test_a_second_press_sends_nothing(open_page):
    page = open_page()
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    with page.expect_navigation():
        page.evaluate(
            """() => {
                const form = document.querySelector('form[data-guard]');
                form.noValidate = true;
                form.requestSubmit();
                form.requestSubmit();
            }"""
        )
    assert len(sent) == 1


def test_a_menu_closes_on_escape_and_gives_the_focus_back(open_page):
    page = open_page()
    summary = page.locator("header [data-menu] summary").first
    summary.click()
    page.keyboard.press("Escape")
    assert not page.locator("header [data-menu]").first.evaluate("menu => menu.open")
    assert summary.evaluate("summary => summary === document.activeElement")


def test_sorting_swaps_the_panel_and_the_address(open_page):
    page = open_page()
    page.evaluate("window.untouched = true")
    with page.expect_response(lambda response: "sort=amount" in response.url):
        page.click("th >> text=/金额/")
    page.wait_for_selector("th[aria-sort=ascending]")
    assert page.url.endswith("?sort=amount")
    assert page.evaluate("window.untouched")
    assert page.locator(".fy-shell").count() == 1


def test_a_clock_goes_on_in_an_open_page(open_page):
    page = open_page()
    page.evaluate(
        """() => {
            const clock = document.querySelector('time[data-clock].fy-tone--neutral');
            clock.id = 'watched';
            clock.dateTime = new Date(Date.now() - 7200e3 - 5e3).toISOString();
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    assert page.text_content("#watched").strip() == "逾期 2 小时"
    assert "fy-tone--bad" in page.get_attribute("#watched", "class")


def test_without_script_the_figures_of_a_chart_stand_in_a_table(open_page):
    page = open_page(script=False)
    assert page.locator("figure table >> nth=0").is_visible()
    assert not page.locator("[data-chart] >> nth=0").is_visible()


def test_a_page_that_is_not_there_says_so_in_the_frame(open_page):
    page = open_page("/nothing-here")
    assert page.locator(".fy-side").count() == 1
    assert "页面不存在" in page.text_content("main")
    assert_accessible(page)


def test_a_card_that_may_not_move_goes_back_and_the_reasons_are_shown(open_page):
    page = open_page()
    page.wait_for_selector("[data-board-ready]")
    card, lane = page.locator("#card-0"), page.locator("[data-lane=negotiation]")
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        card.drag_to(lane)
    assert answer.value.status == 409
    assert answer.value.request.post_data == "to=negotiation&revision=1"
    page.wait_for_selector("#board-answer .fy-refusal")
    assert card.evaluate("card => card.parentElement.dataset.lane") == "needs"


def test_a_card_that_was_moved_stays_where_it_was_dropped(open_page):
    page = open_page()
    page.route("**/components", lambda route: route.fulfill(status=200, body="<p>moved</p>"))
    page.wait_for_selector("[data-board-ready]")
    card = page.locator("#card-0")
    card.drag_to(page.locator("[data-lane=negotiation]"))
    page.wait_for_selector("#board-answer p")
    assert card.evaluate("card => card.parentElement.dataset.lane") == "negotiation"


def test_a_card_goes_back_when_the_server_cannot_be_reached(open_page):
    page = open_page(faults=True)
    page.route("**/components", lambda route: route.fulfill(status=500, body="fault"))
    page.wait_for_selector("[data-board-ready]")
    card = page.locator("#card-0")
    card.drag_to(page.locator("[data-lane=negotiation]"))
    page.wait_for_selector("#toasts .fy-toast")
    assert card.evaluate("card => card.parentElement.dataset.lane") == "needs"


def test_a_fault_of_the_server_is_told_and_swaps_nothing(open_page):
    page = open_page(faults=True)
    page.route("**/components?sort=amount", lambda route: route.fulfill(status=503, body="<h1>fault</h1>"))
    page.click("th >> text=/金额/")
    page.wait_for_selector("#toasts .fy-toast")
    assert page.text_content("h1") == "组件"


def test_a_page_that_is_not_there_is_shown_where_it_can_be_read(open_page):
    page = open_page()
    page.evaluate("htmx.ajax('GET', '/nothing-here', '#board-answer')")
    page.wait_for_selector("#panel > .fy-empty")


def test_the_question_mark_lists_the_keys_of_the_page(open_page):
    page = open_page()
    page.keyboard.press("?")
    assert "新建线索" in page.text_content("#keys dl")
    assert_accessible(page, within="#keys")


def test_what_was_refused_is_kept_and_what_was_accepted_is_forgotten(open_page):
    page = open_page()
    kept = "sessionStorage.getItem('typed:components-sample')"
    page.fill("#id_company", "苏州恒力")
    with page.expect_navigation():
        page.evaluate(
            "form => { form.noValidate = true; form.requestSubmit() }", page.query_selector("form[data-guard]")
        )
    assert "苏州恒力" in page.evaluate(kept)
    page.fill("#id_budget", "5")
    page.check("#id_urgency_2")
    with page.expect_navigation():
        page.click("form[data-guard] button[type=submit]")
    page.wait_for_selector("#toasts .fy-toast")
    assert page.evaluate(kept) is None


def test_a_second_press_sends_nothing_through_htmx_either(open_page):
    page = open_page()
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    button = '<button name="to" value="x">x</button>'
    form = f'<form id="twice" hx-post="/components" hx-target="#toasts" hx-swap="beforeend">{button}</form>'
    page.route("**/a-form", lambda route: route.fulfill(body=form))
    page.evaluate("htmx.ajax('GET', '/a-form', '#board-answer')")
    page.wait_for_selector("#twice")
    page.evaluate("() => { for (const _ of [1, 2, 3]) document.querySelector('#twice button').click() }")
    page.wait_for_selector("#toasts .fy-refusal")
    page.wait_for_timeout(500)
    assert len(sent) == 1

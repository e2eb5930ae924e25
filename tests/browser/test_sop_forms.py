"""Forms of an SOP in a real browser: rows with and without script, the total of a score, what was kept in the tab."""

import re

import pytest

from tests.browser.axe import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)

CONTRACT = "/try/new-business/contract_draft"
NODES = "[id='values-payment_nodes']"


@pytest.fixture(autouse=True)
def _forms_on_pages(settings):
    settings.ROOT_URLCONF = "tests.web.form_pages"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_rows_are_added_and_removed_and_what_was_typed_stays(open_window, script):
    window = open_window(script=script)
    window.goto(CONTRACT)
    window.fill("[name='values.name']", "年度合同")
    rows = window.locator(f"{NODES} > ol > li")
    assert rows.count() == 3
    window.click(f"{NODES} > button")
    rows.nth(3).wait_for()
    rows.nth(3).locator("input").nth(1).fill("尾款")
    rows.nth(0).locator("button").click()
    window.wait_for_function("() => document.querySelectorAll(\"[id='values-payment_nodes'] > ol > li\").length === 3")
    assert rows.nth(2).locator("input").nth(1).input_value() == "尾款"
    assert window.input_value("[name='values.name']") == "年度合同"
    window.click(".fy-try button")
    window.wait_for_selector(".fy-refusal")
    assert "尾款" in [box.input_value() for box in window.locator(f"{NODES} input").all()]


def test_enter_saves_and_adds_no_row(window):
    window.goto(CONTRACT)
    window.press("[name='values.name']", "Enter")
    window.wait_for_selector(".fy-refusal")
    assert window.locator(f"{NODES} > ol > li").count() == 3


def test_a_link_of_the_summary_leads_to_its_field(window):
    window.goto("/try/new-business/scorecard")
    window.click(".fy-try button")
    window.click(".fy-refusal a >> nth=2")
    assert window.url.endswith("#values-urgency_score")
    assert window.evaluate("document.activeElement.id") == "values-urgency_score"


def test_the_total_follows_the_points(window):
    window.goto("/try/new-business/scorecard")
    total = window.locator("[data-total]")
    assert not total.is_visible()
    for field, points in (("fit_score", 4), ("budget_score", 3), ("urgency_score", 3)):
        window.check(f"[name='values.{field}'][value='{points}']")
    assert re.sub(r"\s+", " ", total.inner_text()) == "合计 10 / 15 · 等级 A"
    window.check("[name='values.fit_score'][value='1']")
    assert "7 / 15" in total.inner_text()
    assert total.inner_text().endswith("B")


def test_what_was_left_unfinished_comes_back_with_its_rows(window):
    window.goto(CONTRACT)
    window.click(f"{NODES} > button")
    window.fill("[name='values.payment_nodes.3.title']", "尾款")
    window.on("dialog", lambda dialog: dialog.accept())
    window.reload()
    assert window.locator(f"{NODES} > ol > li").count() == 3
    window.click(".fy-note .btn-primary")
    assert window.input_value("[name='values.payment_nodes.3.title']") == "尾款"


@pytest.mark.parametrize("form", ["new-business/need_record", "new-business/scorecard", "new-business/contract_draft",
                                  "complaint/complaint_intake"])  # fmt: skip
@pytest.mark.parametrize(("viewport", "locale", "dark"), [(DESKTOP, "zh-CN", False), (PHONE, "en-GB", True)])
def test_every_form_fits_its_window_and_everyone(open_window, shoot, form, viewport, locale, dark):
    window = open_window(viewport=viewport, locale=locale, dark=dark)
    window.goto(f"/try/{form}")
    for summary in window.locator("summary:visible").all():
        if "fy-fold" in (summary.locator("..").get_attribute("class") or ""):
            summary.click()
    shoot(window, form.replace("/", "-"))
    assert_no_sideways_scroll(window)
    # As tall as the page: what a fixed bar covers at one moment is no small target.
    window.set_viewport_size({**viewport, "height": window.evaluate("document.body.scrollHeight + 2000")})
    assert_accessible(window)
    window.click(".fy-try button")
    window.wait_for_selector(".fy-refusal")
    assert_accessible(window)
    assert_no_sideways_scroll(window)

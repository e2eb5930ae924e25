"""The board in a browser: a refused drop opens the missing forms, and the last of them finishes the move."""

import pytest

from tests.browser.axe import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import PHONE
from tests.browser.test_record import sign_in
from tests.web.views.test_deals import deal_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_card_dropped_too_early_gets_there_by_its_forms(open_window, live_server, sops, people, shoot):
    deal = deal_for(people.rep, "Hangzhou Qiming", 12_345_600, sop="repurchase")
    deal_for(people.mate, "宁波海天", 1_000_000, sop="repurchase")
    window = open_window(locale="en-GB")
    sign_in(window, live_server, people.rep, "en")
    window.goto("/deals/board?sop=repurchase&lanes=owner")
    window.wait_for_selector("[data-board-ready]")
    shoot(window, "lanes")
    assert_accessible(window)
    card = window.locator(f'[data-move="/deals/{deal.pk}/move"]')
    lane = window.locator("section", has=card).locator("[data-lane=upgrade]")
    card.drag_to(lane)
    window.wait_for_selector(".fy-refusal")
    assert "Missing before it can move on" in window.inner_text(".fy-refusal")
    shoot(window, "refused")
    window.select_option('#work [name="values.kind"]', "renewal")
    window.fill('#work [name="values.needs"]', "More seats")
    window.click('#work button:has-text("Save")')
    window.wait_for_selector('#work [name="values.need"]')
    window.fill('#work [name="values.held_at"]', "2026-03-02T10:00")
    window.locator('#work [name^="values.customer_attendees"]').first.fill("Wang")
    window.fill('#work [name="values.need"]', "More seats")
    window.fill('#work [name="values.target_outcomes"]', "All use it")
    window.click('#work button:has-text("Save")')
    window.wait_for_selector("text=Moved on to")
    deal.run.refresh_from_db()
    assert deal.run.stage == "upgrade"

    phone = open_window(locale="zh-CN", viewport=PHONE, dark=True)
    sign_in(phone, live_server, people.mate, "zh-hans")
    for query in ("", "&lanes=grade"):
        phone.goto(f"/deals/board?sop=repurchase{query}")
        assert_no_sideways_scroll(phone)
        shoot(phone, f"phone{query[1:6]}")
    assert_accessible(phone)
    mine = phone.locator(".fy-lane__item", has_text="宁波海天")
    mine.locator("summary").click()
    mine.get_by_role("button", name="升级方案").click()
    phone.wait_for_selector(".fy-refusal")
    assert "之前还缺" in phone.inner_text(".fy-refusal")
    assert_no_sideways_scroll(phone)

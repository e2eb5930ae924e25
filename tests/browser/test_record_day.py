"""A record's day in a browser: a mention, following, facts in place, a conflict, history, a file, paper."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fairway.customers.actions import create_account, create_contact
from fairway.leads.actions import register_lead
from fairway.runs import actions
from fairway.teamwork.models import Comment, Follower
from tests.browser.axe import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import PHONE
from tests.browser.test_record import sign_in
from tests.fixtures_runs import LEAD, NOW

pytestmark = pytest.mark.django_db(transaction=True)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


@pytest.fixture
def run(sops, people):
    at = timezone.now() - timedelta(hours=2)
    return register_lead(LEAD, by=people.rep, now=at, owner=people.rep).run


def test_a_records_day(open_window, live_server, people, run, shoot):
    window = open_window(locale="en-GB")
    sign_in(window, live_server, people.rep, "en")
    home = f"/leads/{run.lead.pk}"
    window.goto(home)

    # A comment: the name is offered after an @ and chosen by the keyboard; who was named is told.
    box = window.locator("#comment-box textarea")
    box.press_sequentially("Please look, @Ma")
    window.locator('.fy-names [role="option"]').first.wait_for()
    shoot(window, "mention")
    names = window.locator('.fy-names [role="option"]').all_inner_texts()
    for _step in range(names.index("Mate")):
        box.press("ArrowDown")
    box.press("Enter")
    assert box.input_value() == "Please look, @Mate "
    window.click('#comment-box button:has-text("Comment")')
    window.wait_for_selector(".fy-comment >> text=Please look, @Mate")
    assert list(Comment.objects.get().mentions.values_list("user", flat=True)) == [people.mate.pk]
    assert box.input_value() == ""
    box.fill("@Outsider too")
    window.click('#comment-box button:has-text("Comment")')
    window.wait_for_selector("text=Outsider may not see this record")
    assert window.locator("#comment-box textarea").input_value() == "@Outsider too"
    window.locator("#comment-box textarea").fill("")

    # A colleague follows.
    mate = open_window(locale="zh-CN", viewport=PHONE)
    sign_in(mate, live_server, people.mate, "zh-hans")
    mate.goto(home)
    assert_no_sideways_scroll(mate)
    mate.click('#followers button:has-text("关注")')
    mate.wait_for_selector('#followers button:has-text("取消关注")')
    assert Follower.objects.filter(user=people.mate).exists()
    shoot(mate, "phone")
    mate.set_viewport_size({**PHONE, "height": 3000})  # nothing lies under the bars, wherever the page was scrolled to
    assert_accessible(mate)

    # A fact in place, while something unsaid stands in the comment box; taken back by one press.
    window.locator("#comment-box textarea").fill("half a thought")
    window.locator("#fact-region").hover()
    window.click("#fact-region .fy-pencil")
    window.fill('#fact-region input[name="region"]', "Zhejiang")
    window.keyboard.press("Enter")
    window.wait_for_selector('#fact-region button:has-text("Undo")')
    assert window.locator("#comment-box textarea").input_value() == "half a thought"
    window.wait_for_selector("#events >> text=Facts changed")
    window.click('#fact-region button:has-text("Undo")')
    window.wait_for_selector('#fact-region >> text="–"')

    # Two at once: both values, and one is chosen.
    window.locator("#fact-region").hover()
    window.click("#fact-region .fy-pencil")
    window.wait_for_selector('#fact-region input[name="region"]')
    actions.change_facts(run.pk, {"lead.region": "Jiangsu"}, by=people.manager, now=timezone.now())
    window.fill('#fact-region input[name="region"]', "Zhejiang")
    window.keyboard.press("Enter")
    window.wait_for_selector(".fy-both")
    assert "Manager changed this meanwhile." in window.inner_text("#fact-region")
    assert {"Jiangsu", "Zhejiang"} <= set(window.inner_text(".fy-both").split())
    shoot(window, "conflict")
    assert_accessible(window)
    window.click('#fact-region button:has-text("Take mine")')
    window.wait_for_selector("#fact-region .fy-undo")
    run.lead.refresh_from_db()
    assert run.lead.region == "Zhejiang"
    window.click("#facts >> text=History of facts")
    window.wait_for_selector("text=Jiangsu")
    assert_accessible(window)
    shoot(window, "history")

    # A file is kept, looked at, and goes on paper with the rest.
    window.goto(f"{home}?do=file")
    window.set_input_files('#do input[type="file"]', [{"name": "plan.pdf", "mimeType": "text/html", "buffer": PDF}])
    window.click('#do button[type="submit"]')
    window.wait_for_selector("#files >> text=plan.pdf")
    window.click("#files >> text=plan.pdf")
    window.wait_for_selector("iframe.fy-preview")
    assert_accessible(window)
    shoot(window, "preview")
    window.goto(home)
    window.emulate_media(media="print")
    assert not window.locator(".fy-side").is_visible()
    assert not window.locator("#comment-box").is_visible()
    assert window.locator("#events >> text=Please look").is_visible()
    paper = window.pdf(format="A4", print_background=True)
    assert paper.startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_company_is_read_on_a_desk_and_a_phone(open_window, live_server, people, sops, shoot, language):
    top = create_account({"name": "启明集团"}, by=people.rep, now=NOW)
    account = create_account({"name": "杭州启明机电有限公司", "parent_id": top.pk}, by=people.rep, now=NOW)
    boss = {"name": "王总", "title": "总经理", "buying_role": "decision", "attitude": "support", "influence": 5}
    head = create_contact(account.pk, boss, by=people.rep, now=NOW)
    for name, role, stance, influence in (("李强", "purchasing", "oppose", 3), ("赵敏", "technical", "neutral", 4)):
        values = {"name": name, "buying_role": role, "attitude": stance, "influence": influence}
        create_contact(account.pk, {**values, "reports_to_id": head.pk}, by=people.rep, now=NOW)
    for viewport, dark in ((None, False), (PHONE, True)):
        window = open_window(locale="zh-CN" if language == "zh-hans" else "en-GB", viewport=viewport, dark=dark)
        sign_in(window, live_server, people.rep, language)
        for path, name in ((f"/accounts/{account.pk}", "company"), (f"/contacts/{head.pk}", "contact")):
            window.goto(path)
            assert_accessible(window)
            assert_no_sideways_scroll(window)
            assert window.locator(".fy-chain ul a").count() == 2
            shoot(window, f"{name}-{'phone' if viewport else 'desk'}")

"""A rep's morning with the list of leads: narrow it, keep the view, work on rows by key and by mouse."""

import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from fairway.leads.actions import register_lead
from fairway.leads.models import Lead
from fairway.lists.models import SavedView, Tagging
from fairway.people.actions.users import set_password
from fairway.people.models import User
from fairway.runs.models import Run
from tests.browser.axe import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.desk import Desk
from tests.fixtures_runs import LEAD

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"
WORDS = {
    "zh-CN": {
        "add": "添加条件", "go": "添加", "columns": "列与字段", "show": "显示这些列", "keep": "保存视图",
        "save": "保存", "tag": "打标签", "chosen": "已选 2 条", "undo": "撤销", "more": "华东客户",
    },
    "en-GB": {
        "add": "Add a condition", "go": "Add", "columns": "Columns", "show": "Show these columns",
        "keep": "Keep this view", "save": "Keep", "tag": "Put a tag on", "chosen": "2 chosen", "undo": "Undo",
        "more": "East",
    },
}  # fmt: skip


@pytest.fixture
def leads(sops, people):
    cache.clear()
    set_password(people.rep, PASSWORD, by=people.admin, now=timezone.now())
    User.objects.filter(pk=people.rep.pk).update(language="")
    made = []
    for number in range(6):
        values = {**LEAD, "company_name": f"客户{number}有限公司", "contact_phone": f"1380000100{number}"}
        lead = register_lead(values, by=people.rep, now=timezone.now(), owner=people.rep)
        Run.objects.filter(pk=lead.run_id).update(grade="ABC"[number % 3])
        Lead.objects.filter(pk=lead.pk).update(region="华东" if number < 4 else "华南")
        made.append(lead)
    return made


def rows(page):
    return page.locator("tr[data-row]")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_rep_narrows_keeps_and_works_the_list(leads, open_window, shoot, locale):
    words, page = WORDS[locale], open_window(locale=locale)
    Desk(page, "rep", PASSWORD)
    page.goto("/leads")
    assert rows(page).count() == 6
    shoot(page, "leads")
    # a condition, then a column, each by its tool
    page.get_by_role("link", name=words["add"], exact=True).click()
    page.locator("#tool-field").select_option("region")
    page.locator("#tool-value").fill("华东")
    page.locator("#tool").get_by_role("button", name=words["go"], exact=True).click()
    page.wait_for_url(re.compile("f=region~"))
    assert rows(page).count() == 4
    page.get_by_role("link", name=words["columns"], exact=True).click()
    page.locator("#tool input[value=region]").check()
    shoot(page, "columns")
    page.get_by_role("button", name=words["show"]).click()
    page.wait_for_url(re.compile("cols="))
    # the view is kept, pinned, and comes back by its tab
    page.get_by_role("link", name=words["keep"], exact=True).click()
    page.fill("#view-name", words["more"])
    page.locator("#tool").get_by_role("button", name=words["save"], exact=True).click()
    page.wait_for_url(re.compile("view=[0-9]"))
    assert SavedView.objects.get().query.startswith("f=region~")
    page.goto("/leads?view=0")
    page.get_by_role("link", name=words["more"]).click()
    page.wait_for_url(re.compile("view=[1-9]"))
    assert rows(page).count() == 4
    # by keys: two rows down, choose both; the bar says so
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert words["chosen"] in page.locator("#bulk").inner_text()
    page.locator("#bulk").get_by_role("button", name=words["tag"], exact=True).click()
    page.locator("[name=tags]").fill("展会")
    shoot(page, "ask")
    page.locator("form[data-guard] button[type=submit]").first.click()
    page.wait_for_url(re.compile("/leads"))
    assert Tagging.objects.filter(tag__name="展会").count() == 2
    # a cell is changed where it stands, left by Esc, changed, and taken back
    cell = page.locator(f"#c-{leads[3].pk}-region")
    cell.dblclick()
    field = page.locator("td.fy-cell input[name=region]")
    field.wait_for()
    page.keyboard.press("Escape")
    field.wait_for(state="detached")
    cell.dblclick()
    field.fill("华中")
    page.keyboard.press("Enter")
    page.locator(".fy-toast").get_by_role("button", name=words["undo"]).wait_for()
    assert Lead.objects.get(pk=leads[3].pk).region == "华中"
    page.locator(".fy-toast").get_by_role("button", name=words["undo"]).click()
    page.locator(f"#c-{leads[3].pk}-region", has_text="华东").wait_for()
    assert Lead.objects.get(pk=leads[3].pk).region == "华东"
    # Enter opens the row; the record knows its list
    page.keyboard.press("Escape")
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/leads/\d+\?from="))


def test_lists_fit_a_phone_and_the_dark(leads, open_window, shoot):
    for viewport, dark, path in (
        (PHONE, False, "/leads?tool=filter&field=grade&f=grade:A,B"),
        (DESKTOP, True, "/leads?group=grade&open=A&tool=columns"),
    ):
        page = open_window(viewport=viewport, dark=dark)
        Desk(page, "rep", PASSWORD)
        page.goto(path)
        shoot(page, "dark" if dark else "phone")
        assert_no_sideways_scroll(page)
        assert_accessible(page)

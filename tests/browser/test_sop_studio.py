"""An SOP changes as a manager does it: findings beside the text, rehearsal, comparison, publishing with a note."""

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import translation
from django.utils.translation import gettext

from fairway.people.models import User
from fairway.sops.models import SopVersion
from tests.browser.axe import assert_accessible, assert_no_sideways_scroll
from tests.browser.desk import Desk
from tests.fixtures_people import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh-hans"), ("en-US", "en")])
def test_a_draft_is_mended_rehearsed_and_published_with_a_note(open_window, sops, people, shoot, locale, language):
    User.objects.filter(pk=people.manager.pk).update(password=make_password(PASSWORD), language=language)
    window = Desk(open_window(locale=locale), "manager", PASSWORD).window

    def say(text, **words):
        with translation.override(language):
            return gettext(text) % words if words else gettext(text)

    window.goto("/sops/complaint/draft")
    editor, findings = window.locator("#text"), window.locator("#findings")
    findings.get_by_text(say("Nothing to mend: it may be published.")).wait_for()
    text = editor.input_value()

    # A mistake is found while typing, with its line; mended, it is gone.
    editor.fill(text.replace("next: [solve]", "next: [solved]", 1))
    line = text[: text.index("next: [solve]")].count("\n") + 1
    findings.get_by_text(say("line %(line)s", line=line), exact=True).first.wait_for()
    shoot(window, f"findings-{locale}")
    editor.fill(text.replace("answer: 24h", "answer: 12h", 1))
    findings.get_by_text(say("Nothing to mend: it may be published.")).wait_for()

    # The scenarios say that the clock is another now: what the change does is seen before it is done.
    window.get_by_role("button", name=say("Play the scenarios")).click()
    window.locator("#rehearsals .fy-stack li").first.wait_for()
    shoot(window, f"rehearsed-{locale}")
    assert_accessible(window)
    assert_no_sideways_scroll(window)

    window.get_by_role("button", name=say("Save, then review and publish")).click()
    window.wait_for_url("**/draft/publish")
    assert "12" in window.locator(".fy-changes").inner_text()
    window.locator("#note").fill("一般投诉半天内答复")
    window.locator("form:has(#note) button.btn-primary").click()
    window.wait_for_url("**/sops/complaint")
    version = SopVersion.objects.filter(key="complaint").first()
    assert (version.number, version.note, version.published_by) == (2, "一般投诉半天内答复", people.manager)
    window.goto("/sops/complaint/versions")
    window.get_by_text("一般投诉半天内答复").wait_for()

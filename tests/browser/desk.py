"""One person at their desk: signs in, opens what is asked of them, fills forms and presses buttons."""

import re

from django.utils import translation
from django.utils.translation import gettext

from fairway.runs.models import Run, Task

FIRST_ROW = re.compile(r"^(values(?:\.\w+)*?)\.(\d+)(?:\.|$)")


def zh(text, context=None):
    """A text of the product in Chinese."""
    with translation.override("zh-hans"):
        return translation.pgettext(context, text) if context else gettext(text)


class Desk:
    """A window, and what its person does in it."""

    def __init__(self, window, login="", password=""):
        self.window = window
        if login:
            window.goto("/accounts/login/")
            window.fill("[name=login]", login)
            window.fill("[name=password]", password)
            window.locator("form:has([name=password]) button[type=submit]").click()
            window.wait_for_url(lambda url: "/accounts/login" not in url)

    # -- records -----------------------------------------------------------------------------------------------------

    def open_run(self, run):
        """Go to the page of a run."""
        self.window.goto(f"/runs/{run.pk}")

    def open_task(self, run, step, **wanted):
        """Open the task of a step that is asked now, by its link on the page of the run."""
        task = Task.objects.filter(run=run, step=step, status="open", **wanted).order_by("id").first()
        assert task, f"{step} is not asked of anybody"
        self.open_run(run)
        work = self.window.locator("#work")
        if not work.locator(f"[name=task][value='{task.pk}'], form[action*='/tasks/{task.pk}/']").count():
            self.window.locator(f"a[href*='task={task.pk}']").first.click()
            self.window.wait_for_url(f"**task={task.pk}*")
        work.wait_for()
        return task

    def submit(self, run, step, values, **wanted):
        """Fill the form of a step and save it. Returns the status of the answer."""
        self.open_task(run, step, **wanted)
        self.fill("#work", values)
        return self.press("#work", zh("Save"))

    def add(self, run, step, values):
        """Do a step that may be opened any time."""
        self.open_run(run)
        self.window.locator(f".fy-adds a[href*='step={step}']").click()
        self.window.locator(f"#work form[action$='/steps/{step}']").wait_for()
        self.fill("#work", values)
        return self.press("#work", zh("Save"))

    def tick(self, run, step):
        """Tick a step off."""
        self.open_task(run, step)
        return self.press("#work", zh("Done"))

    def decide(self, run, step, values=None, verdict="Approve", note=""):
        """Judge."""
        self.open_task(run, step)
        self.fill("#work", values or {})
        if note:
            self.window.locator("#work [name=note]").fill(note)
        return self.press("#work", zh(verdict))

    def advance(self, run):
        """Move on to the next stage."""
        self.open_run(run)
        self.window.goto(f"{self.window.url.split('?')[0]}?do=advance")
        return self.press("#do", zh("Move on"))

    def reasons(self):
        """The reasons of a refusal on the page."""
        return self.window.locator(".fy-refusal").inner_text()

    # -- forms -------------------------------------------------------------------------------------------------------

    def fill(self, place, values):
        """Fill fields by key, rows and all; each has a label that a person reads."""
        for name, value in _flat("values", values):
            self._row_for(place, name)
            field = self.window.locator(f"{place} [name='{name}']:not([type=hidden])")
            self._show(field.first)
            assert field.first.evaluate(LABEL), f"{name} has no label"
            kind = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind == "select":
                field.select_option(str(value))
            elif kind in ("radio", "checkbox"):
                self._choose(field, kind, value)
            else:
                field.fill(str(value))

    def _choose(self, field, kind, value):
        if isinstance(value, list):
            for one in value:
                field.and_(self.window.locator(f"[value='{one}']")).check()
        elif kind == "checkbox":
            field.set_checked(value)
        else:
            word = str(value).lower() if isinstance(value, bool) else value
            field.and_(self.window.locator(f"[value='{word}']")).check()

    def _row_for(self, place, name):
        found = FIRST_ROW.match(name)
        if not found or self.window.locator(f"{place} [name^='{found.group(0).rstrip('.')}']").count():
            return
        self.window.click(f"{place} button[value='add:{found.group(1).removeprefix('values.')}']")
        self.window.locator(f"{place} [name^='{found.group(0).rstrip('.')}']").first.wait_for()

    def _show(self, field):
        if not field.is_visible():
            field.evaluate(
                "e => { for (let d = e.closest('details'); d; d = d.parentElement.closest('details')) d.open = true }"
            )

    def press(self, place, label):
        """Press a button, and wait for what comes of it. Returns the status of the answer."""
        button = self.window.locator(f"{place} button", has_text=re.compile(rf"^\s*{re.escape(label)}\s*$")).first
        with self.window.expect_response(lambda response: response.request.method == "POST") as answer:
            button.click()
        self.window.wait_for_load_state("networkidle")
        return answer.value.status


LABEL = """e => {
    const own = [...(e.labels || [])].map(label => label.innerText).join(' ');
    const group = e.closest('fieldset')?.querySelector('legend')?.innerText || '';
    return (own + group + (e.getAttribute('aria-label') || '')).trim();
}"""


def _flat(name, value):
    """Names of fields as forms have them, with their values."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}", inner)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for place, inner in enumerate(value):
            yield from _flat(f"{name}.{place}", inner)
    elif isinstance(value, list) and value and name.rsplit(".", 1)[-1] in TEXT_LISTS:
        for place, inner in enumerate(value):
            yield f"{name}.{place}", inner
    else:
        yield name, value


TEXT_LISTS = {
    "prep_questions", "customer_attendees", "sent_to", "customer_concerns", "our_levers", "what_worked", "problems",
}  # fmt: skip


def fresh(run):
    """The run as it is stored now."""
    return Run.objects.get(pk=run.pk)

"""Is a page fit for everyone? axe-core, from the npm lock file, judges it in the browser."""

from pathlib import Path

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page, *, within=None):
    """Return what axe finds wrong on `page` (in the part that the selector `within` names): rule, where, and why."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """([within, tags]) => axe.run(
            within || document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}
        )""",
        [within, TAGS],
    )
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))} — {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def assert_accessible(page, *, within=None):
    """Fail with all that axe finds wrong."""
    found = violations(page, within=within)
    assert not found, "\n".join(found)


def assert_no_sideways_scroll(page):
    """Fail when the page is wider than the window."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def small_targets(page, least=44):
    """Return the controls that are smaller than `least` px on a side; links within a text are not judged."""
    return page.evaluate(
        """least => [...document.querySelectorAll('button, summary, select, input, .btn, nav a')]
            .filter(one => one.checkVisibility() && !one.matches('[type=hidden], [type=radio], [type=checkbox]'))
            .filter(one => !one.closest('.fy-stages, .fy-hidden'))
            .map(one => [one, one.getBoundingClientRect()])
            .filter(([, box]) => box.width < least - 0.5 || box.height < least - 0.5)
            .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`)""",
        least,
    )

"""Everything that is wrong with a document that could be read, before it may be published."""

from collections.abc import Collection

from fairway.engine.checks import conditions, forms, gates, loops, names, sizes, tables, twice, ways
from fairway.engine.checks.ground import Ground
from fairway.engine.facts import Vocabulary
from fairway.engine.findings import Finding
from fairway.engine.load import Loaded
from fairway.engine.spec import EVENTS

MAX_FINDINGS = 200
"""A person mends a few at a time; the rest would only cost memory."""

CHECKS = (names, twice, conditions, forms, tables, ways, gates, loops)


def check(
    loaded: Loaded,
    vocabulary: Vocabulary,
    *,
    effects: Collection[str],
    events: Collection[str] = EVENTS,
    fillable: Collection[str],
) -> list[Finding]:
    """Every finding, in the order of the lines; a document with an error among them must not be published.

    `vocabulary` is `Vocabulary.of(loaded.sop, declared)` with the facts that the domains declare. `effects` are the
    registered effects, `events` what may be heard besides the moments of the document, `fillable` the facts that a form
    or a `fill` may write.
    """
    ground = Ground(loaded, vocabulary, effects=effects, events=events, fillable=fillable)
    if sizes.look(ground):
        for each in CHECKS:
            each.look(ground)
    found = {(f.line, f.column, f.path, f.code, f.message["en"]): f for f in ground.findings}
    # Mistakes go before warnings: a flood of these must not hide one of those.
    first = sorted(found.values(), key=lambda finding: (finding.level != "error", finding.line, finding.column))
    return sorted(first[:MAX_FINDINGS], key=lambda finding: (finding.line, finding.column))


def is_publishable(findings: list[Finding]) -> bool:
    """Whether nothing but warnings was found."""
    return all(finding.level != "error" for finding in findings)

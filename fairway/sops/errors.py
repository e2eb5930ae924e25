"""How an action on SOPs and calendars says no; `people.errors` has the other two, Refused and Forbidden."""

from collections.abc import Iterable
from datetime import datetime

from fairway.engine.findings import Finding


class NotPublishable(Exception):
    """The document has mistakes: `findings` (warnings too) say where and what, in both languages."""

    def __init__(self, key: str, findings: Iterable[Finding]) -> None:
        self.key = key
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join(found.located(key) for found in self.findings))


class Stale(Exception):
    """A colleague was first: the draft or calendar is at `revision` now; `who` stored it, at `when`."""

    def __init__(self, revision: int, who: str = "", when: datetime | None = None) -> None:
        self.revision = revision
        self.who = who
        self.when = when
        super().__init__(f"revision is {revision} now")

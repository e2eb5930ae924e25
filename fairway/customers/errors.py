"""How a change of a company or contact says that a colleague was first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


class Changed(Exception):
    """The row was changed since it was read.

    `revision` is its revision now, `who` changed it `when` (the last change); `conflicts` holds, by field, what was
    wanted and what stands there.
    """

    def __init__(
        self, revision: int, who: str, when: datetime | None, conflicts: Mapping[str, tuple[Any, Any]]
    ) -> None:
        self.revision = revision
        self.who = who
        self.when = when
        self.conflicts = conflicts
        super().__init__(f"revision is {revision} now")

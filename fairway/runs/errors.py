"""How an action on a run says no. `engine.refused.Refused` is the third way: the SOP does not allow it."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from fairway.engine.forms import FieldError


class Stale(Exception):
    """A colleague was first: `revision` is the run's now, `who` moved it `when`, doing `kind`."""

    def __init__(self, revision: int, who: str, when: datetime | None, kind: str) -> None:
        self.revision = revision
        self.who = who
        self.when = when
        self.kind = kind
        super().__init__(f"revision is {revision} now")


class Invalid(Exception):
    """What was typed cannot be taken; `errors` has one entry for every field at fault."""

    def __init__(self, errors: list[FieldError]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{error.path}: {error.message['en']}" for error in errors))


class Forbidden(PermissionDenied):
    """The person may not do this on this run."""

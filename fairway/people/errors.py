"""How an action of this app says no."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a stable code, the sentence in the reader's language, and the form field it is about, if any."""

    code: str
    message: str
    field: str = ""


class Refused(Exception):
    """The change is not possible as asked; `reasons` says all of it at once."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__("; ".join(reason.message for reason in reasons))
        self.reasons = reasons


class Forbidden(PermissionDenied):
    """The person may not do this at all."""

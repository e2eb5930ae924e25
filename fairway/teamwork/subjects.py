"""What one may comment on and follow: a run, a company, a contact. One word for the three, and who sees which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fairway.customers.models import Account, Contact
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs import kinds
from fairway.runs.models import Run
from fairway.runs.permissions import sees

RUN, ACCOUNT, CONTACT = "run", "account", "contact"
KINDS = (RUN, ACCOUNT, CONTACT)


@dataclass(frozen=True)
class Subject:
    """One of them, with its row."""

    kind: str
    row: Any

    @property
    def id(self) -> int:
        """Its id."""
        return int(self.row.pk)

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.row.title or f"#{self.row.pk}") if self.kind == RUN else str(self.row)

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a row that points to it."""
        return {self.kind: self.row}

    @property
    def run(self) -> Run | None:
        """The run, where it is one."""
        return self.row if self.kind == RUN else None

    @property
    def page(self) -> str:
        """The address of its page."""
        if self.kind != RUN:
            return f"/{self.kind}s/{self.row.pk}"
        if self.row.face == "account":
            return f"/runs/{self.row.pk}"
        return kinds.pages([(self.row.pk, self.row.face)]).get(self.row.pk) or f"/runs/{self.row.pk}"

    def is_seen_by(self, user: User) -> bool:
        """Whether the person may see it."""
        if self.kind == RUN:
            return sees(user, self.row)
        account = self.row.pk if self.kind == ACCOUNT else self.row.account_id
        return Account.objects.visible_to(scope_of(user)).filter(pk=account).exists()


def load(kind: str, id_: int, user: User) -> Subject:
    """One by its kind and id. Raises ObjectDoesNotExist for one that the person may not see."""
    scope = scope_of(user)
    if kind == RUN:
        return Subject(RUN, Run.objects.visible_to(scope).get(pk=id_))
    if kind == ACCOUNT:
        return Subject(ACCOUNT, Account.objects.visible_to(scope).get(pk=id_))
    return Subject(CONTACT, Contact.objects.visible_to(scope).select_related("account").get(pk=id_))


def of_row(row: Any) -> Subject:
    """What a comment or follower points to."""
    kind = next(kind for kind in KINDS if getattr(row, f"{kind}_id") is not None)
    return Subject(kind, getattr(row, kind))

"""Choosing a company by typing its name: found among those one sees, or made on the spot."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from fairway.customers.actions import create_account
from fairway.customers.models import Account
from fairway.customers.normal import company_key
from fairway.people.models import User
from fairway.people.scope import scope_of

OFFERED = 20


def offered(text: str, user: User) -> list[Account]:
    """Companies that one sees with the text in their name, at most twenty."""
    seen = Account.objects.visible_to(scope_of(user)).filter(archived_at=None)
    return list(seen.filter(name__icontains=text.strip()[:100]).order_by("name", "id")[:OFFERED])


class CompanyPick:
    """What was typed into a company field: the company it means, or why it means none.

    `missing` is true where none has the name and it may be made: the page then offers to.
    """

    def __init__(self, post: QueryDict | None = None, *, text: str = "") -> None:
        self.text = (post.get("company", "") if post is not None else text).strip()[:200]
        self._make = bool(post is not None and post.get("make_company"))
        self.error = ""
        self.missing = False

    def account(self, user: User, now: datetime) -> Account | None:
        """The company by its name, or a new one where that was asked for; else None, and `error` says why."""
        if not self.text:
            self.error = _("Name the company.")
            return None
        seen = Account.objects.visible_to(scope_of(user)).filter(archived_at=None)
        same = list(seen.filter(name_key=company_key(self.text)).order_by("id"))
        exact = [one for one in same if one.name == self.text]
        if same:
            return (exact or same)[0]
        if Account.objects.filter(name_key=company_key(self.text), archived_at=None).exists():
            self.error = _("This company exists, owned by another team. Ask its manager to take you in.")
            return None
        if self._make:
            return create_account({"name": self.text}, by=user, now=now)
        self.missing = True
        self.error = _("No company has this name.")
        return None

"""Companies and contacts on their pages: facts changed in place, the tree of a group, the decision chain drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from fairway.customers import actions
from fairway.customers.models import Account, Contact, CustomerChange
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs.queries.lists import Choices
from fairway.web.forms.customers import AccountForm, ContactForm
from fairway.web.record.inplace import Fact, Subject

GROUP = "group"
STANCES = {"support": ("good", "thumb-up"), "neutral": ("neutral", "point"), "oppose": ("bad", "thumb-down")}
LEVELS = 3
"""So many levels of branches below a company are drawn."""
BRANCHES = 200
KINDS = {
    "term_end": "day", "golive_on": "day", "phone": "tel", "email": "mail", "remark": "long", "concerns": "long",
    "on_hold": "flag", "no_contact": "flag", "left_company": "flag",
}  # fmt: skip


class _RowSubject(Subject):
    """What the two have in common: a form over a row, its columns, and the log of its changes."""

    row: Any
    user: User

    def value(self, name: str) -> Any:
        """What the column holds."""
        return getattr(self.row, name)

    def changes(self) -> Any:
        """The changes of this row, newest first."""
        raise NotImplementedError

    def column(self, name: str) -> str:
        """The column behind a field."""
        return name

    def last(self, name: str) -> tuple[str, datetime | None]:
        """The last change of the column."""
        change = self.changes().filter(data__has_key=self.column(name)).select_related("by").first()
        return (change.by.display_name if change.by else "", change.at) if change else ("", None)

    def fact(self, form: forms.BaseForm, name: str) -> Fact:
        """One row as it is read."""
        field = form.fields[name]
        value: Any = self.value(name)
        kind = KINDS.get(name, "text")
        if isinstance(value, bool):
            value = _("Yes") if value else ""
        elif isinstance(field, forms.ChoiceField) or hasattr(field.widget, "choices"):
            choices = getattr(field.widget, "choices", ())
            value = next((str(title) for key, title in choices if str(key) == str(value) and value), value)
        label = str(field.label or name)
        return Fact(label[:1].upper() + label[1:], value, kind, name)


class AccountSubject(_RowSubject):
    """A company."""

    def __init__(self, account: Account, user: User, listed: Mapping[str, Choices]) -> None:
        self.row, self.user, self.listed = account, user, listed
        self.where, self.home = f"account-{account.pk}", f"/accounts/{account.pk}"
        self.allowed = actions.account_fields(user)
        self.may = bool(self.allowed)

    def form(self, data: Mapping[str, Any] | None = None) -> AccountForm:
        """The company's form; the group is typed by its name."""
        post = data if isinstance(data, QueryDict) else None
        return AccountForm(post, instance=Account.objects.get(pk=self.row.pk) if post else self.row, listed=self.listed)

    def column(self, name: str) -> str:
        """The group stands in the column of its id."""
        return "parent_id" if name == GROUP else name

    def may_write(self, name: str) -> bool:
        """Only the fields of the reader's roles."""
        return self.column(name) in self.allowed

    def value(self, name: str) -> Any:
        """What the column holds; of the group its name."""
        return (self.row.parent.name if self.row.parent else "") if name == GROUP else super().value(name)

    def save(self, name: str, value: Any, *, by: User, now: datetime) -> None:
        """Change the one column."""
        values = {"parent_id": actions.company_named(value, by)} if name == GROUP else {name: value}
        actions.change_account(self.row.pk, values, by=by, now=now)

    def changes(self) -> Any:
        """The company's own changes."""
        return CustomerChange.objects.filter(account=self.row, contact=None).order_by("-id")

    def facts(self) -> list[Fact]:
        """Every field in the order of the form."""
        form = self.form()
        return [self.fact(form, name) for name in form.fields]


class ContactSubject(_RowSubject):
    """A contact."""

    def __init__(self, contact: Contact, user: User) -> None:
        self.row, self.user = contact, user
        self.where, self.home = f"contact-{contact.pk}", f"/contacts/{contact.pk}"
        self.may = bool(actions.WRITERS & user.role_keys)

    def form(self, data: Mapping[str, Any] | None = None) -> ContactForm:
        """The contact's form."""
        post = data if isinstance(data, QueryDict) else None
        row = Contact.objects.get(pk=self.row.pk) if post else self.row
        return ContactForm(post, instance=row, account=self.row.account)

    def column(self, name: str) -> str:
        """Who stands above is kept in the column of their id."""
        return "reports_to_id" if name == "reports_to" else name

    def value(self, name: str) -> Any:
        """What the column holds; of who stands above, their id."""
        return getattr(self.row, self.column(name))

    def save(self, name: str, value: Any, *, by: User, now: datetime) -> None:
        """Change the one column."""
        stored = value.pk if isinstance(value, Contact) else value
        actions.change_contact(self.row.pk, {self.column(name): stored}, by=by, now=now)

    def changes(self) -> Any:
        """The contact's own changes."""
        return CustomerChange.objects.filter(contact=self.row).order_by("-id")

    def facts(self) -> list[Fact]:
        """Every field in the order of the form."""
        form = self.form()
        rows = [self.fact(form, name) for name in form.fields]
        boss = self.row.reports_to
        return [
            Fact(one.label, boss.name if boss else "", one.kind, one.name) if one.name == "reports_to" else one
            for one in rows
        ]


# -- the group ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Branch:
    """One company of the tree with those below it. One that the reader may not see has no name."""

    id: int
    name: str
    owner: str
    is_here: bool
    below: tuple[Branch, ...]


def tree_of(account: Account, user: User) -> Branch | None:
    """The group around a company: the companies above it and three levels below; None where it stands alone.

    `account.parent` and two more above it are read with it (`select_related`); one query a level below.
    """
    above = _above(account)
    rows: dict[int, list[Account]] = {}
    level = [account.pk]
    for _level in range(LEVELS):
        found = list(Account.objects.filter(parent_id__in=level, archived_at=None).select_related("owner")[:BRANCHES])
        for one in found:
            rows.setdefault(one.parent_id or 0, []).append(one)
        level = [one.pk for one in found]
        if not level:
            break
    if not above and not rows:
        return None
    everyone = [*above, *(one for some in rows.values() for one in some)]
    seen = _seen(everyone, user) | {account.pk}
    branch = _branch(account, rows, seen, account.pk)
    for one in above:
        branch = _node(one, seen, account.pk, (branch,))
    return branch


def _above(account: Account) -> list[Account]:
    """The companies above, the nearest first."""
    found: list[Account] = []
    one = account
    while one.parent is not None and len(found) < actions.DEEPEST:
        one = one.parent
        found.append(one)
    return found


def _seen(rows: Sequence[Account], user: User) -> set[int]:
    seen = Account.objects.visible_to(scope_of(user)).filter(pk__in=[one.pk for one in rows])
    return set(seen.order_by().values_list("pk", flat=True))


def _branch(account: Account, rows: Mapping[int, Sequence[Account]], seen: set[int], here: int) -> Branch:
    return _node(account, seen, here, tuple(_branch(one, rows, seen, here) for one in rows.get(account.pk, ())))


def _node(account: Account, seen: set[int], here: int, below: tuple[Branch, ...]) -> Branch:
    known = account.pk in seen
    owner = account.owner.display_name if known and account.owner_id and account.owner else ""
    return Branch(account.pk if known else 0, account.name if known else "", owner, account.pk == here, below)


# -- the decision chain ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """One person of the chain with those who report to them. `dots` are five marks of influence, filled or not."""

    contact: Contact
    role: str
    stance: str
    tone: str
    icon: str
    dots: tuple[bool, ...]
    below: tuple[Link, ...]


def chain_of(contacts: Sequence[Contact]) -> tuple[Link, ...]:
    """The people of a company by whom they report to, the most influential first; who has left is left out."""
    present = [one for one in contacts if not one.left_company]
    ids = {one.pk for one in present}
    below: dict[int, list[Contact]] = {}
    for one in present:
        boss = one.reports_to_id if one.reports_to_id in ids else None
        below.setdefault(boss or 0, []).append(one)

    def links(boss: int, passed: frozenset[int]) -> tuple[Link, ...]:
        people = sorted(below.get(boss, ()), key=lambda one: (-(one.influence or 0), one.pk))
        return tuple(_link(one, links(one.pk, passed | {one.pk})) for one in people if one.pk not in passed)

    return links(0, frozenset())


def _link(contact: Contact, below: tuple[Link, ...]) -> Link:
    tone, icon = STANCES.get(contact.attitude, ("neutral", "question-mark"))
    influence = contact.influence or 0
    return Link(
        contact, contact.get_buying_role_display(), contact.get_attitude_display(), tone, icon,
        tuple(number < influence for number in range(5)), below,
    )  # fmt: skip

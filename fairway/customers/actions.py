"""Writing companies and contacts: from the page, the API, and from what the SOP's forms fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairway.customers.errors import Changed
from fairway.customers.models import Account, AccountQuerySet, Contact, CustomerChange
from fairway.customers.normal import company_key, email_key, phone_key
from fairway.customers.watchers import watchers
from fairway.people.actions.access import require_admin
from fairway.people.errors import Forbidden, Reason, Refused
from fairway.people.models import User
from fairway.people.roles import FINANCE, MANAGER, REP, SERVICE
from fairway.people.scope import scope_of

WRITERS = frozenset({REP, MANAGER, SERVICE})
DEEPEST = 20
"""So many companies above each other in a group."""
ACCOUNT_FIELDS = frozenset(
    {
        "name", "legal_name", "uscc", "industry", "size", "region", "address", "website", "phone", "tier", "parent_id",
        "satisfaction", "term_end", "golive_on", "on_hold", "remark",
    }
)  # fmt: skip
CONTACT_FIELDS = frozenset(
    {
        "name", "department", "title", "phone", "email", "wechat", "buying_role", "attitude", "influence",
        "reports_to_id", "concerns", "no_contact", "left_company",
    }
)  # fmt: skip


HOLD_KEEPERS = frozenset({MANAGER, FINANCE})
"""Who may put new orders of a company on hold, and let them go again: not who earns by them."""


def account_fields(by: User) -> frozenset[str]:
    """The fields of a company that the roles of a person may write."""
    fields = ACCOUNT_FIELDS - {"on_hold"} if WRITERS & by.role_keys else frozenset()
    return fields | {"on_hold"} if HOLD_KEEPERS & by.role_keys else fields


def check_may_write(by: User | None, account: Account | None = None) -> None:
    """Raise Forbidden unless the person may write companies, and sees this one. None is the system."""
    if by is None:
        return
    if not WRITERS & by.role_keys:
        raise Forbidden(_("Your roles do not write companies."))
    check_sees(by, account)


def check_sees(by: User, account: Account | None) -> None:
    """Raise Forbidden for a company that the person does not see."""
    scope = scope_of(by)
    if account is not None and not Account.objects.visible_to(scope).filter(pk=account.pk).exists():
        raise Forbidden(_("This company is another team's."))


@transaction.atomic
def create_account(values: Mapping[str, Any], *, by: User | None, now: datetime, owner: User | None = None) -> Account:
    """Make a company. `values` by field name; raises Refused without a name, or for a credit code already there."""
    check_may_write(by)
    known = {key: value for key, value in values.items() if key in ACCOUNT_FIELDS}
    _check_account(known)
    _check_roles(Account(), known, by)
    _check_parent(None, known.get("parent_id"), by)
    keeper = owner or by
    account = Account.objects.create(
        **known, owner=keeper, team_id=keeper.team_id if keeper else None, created_at=now, created_by=by
    )
    _note(account, None, "account_created", {}, known, by=by, now=now)
    return account


@transaction.atomic
def change_account(
    account_id: int, values: Mapping[str, Any], *, by: User | None, now: datetime, revision: int | None = None
) -> Account:  # fmt: skip
    """Change fields of a company; what is the same already changes nothing.

    Raises Forbidden for a field that the person's roles do not write, Refused for a circle of companies.
    `revision` is what the person saw: raises Changed with both values of each field when a colleague was first.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    if by is not None:
        check_sees(by, account)
    known = {key: value for key, value in values.items() if key in ACCOUNT_FIELDS}
    _check_roles(account, known, by)
    _check_account({"name": account.name, **known}, besides=account.pk)
    if known.get("parent_id") not in (None, account.parent_id):
        _check_parent(account, known["parent_id"], by)
    _check_revision(account, None, known, revision)
    _change(account, account, None, "account_changed", known, by=by, now=now)
    return account


@transaction.atomic
def create_contact(account_id: int, values: Mapping[str, Any], *, by: User | None, now: datetime) -> Contact:
    """Make a contact at a company. Raises Refused without a name."""
    account = Account.objects.get(pk=account_id)
    check_may_write(by, account)
    known = {key: value for key, value in values.items() if key in CONTACT_FIELDS}
    if not str(known.get("name") or "").strip():
        raise Refused(Reason("required", _("A contact needs a name."), "name"))
    _check_boss(None, account, known)
    contact = Contact.objects.create(account=account, **known, created_at=now, created_by=by)
    _note(account, contact, "contact_created", {}, known, by=by, now=now)
    return contact


@transaction.atomic
def change_contact(
    contact_id: int, values: Mapping[str, Any], *, by: User | None, now: datetime, revision: int | None = None
) -> Contact:  # fmt: skip
    """Change fields of a contact; what is the same already changes nothing.

    `revision` is what the person saw: raises Changed with both values of each field when a colleague was first.
    """
    contact = Contact.objects.select_for_update(of=("self",)).select_related("account").get(pk=contact_id)
    check_may_write(by, contact.account)
    known = {key: value for key, value in values.items() if key in CONTACT_FIELDS}
    if "name" in known and not str(known["name"] or "").strip():
        raise Refused(Reason("required", _("A contact needs a name."), "name"))
    if known.get("reports_to_id") != contact.reports_to_id:
        _check_boss(contact, contact.account, known)
    _check_revision(contact.account, contact, known, revision)
    _change(contact, contact.account, contact, "contact_changed", known, by=by, now=now)
    return contact


def find_account(name: str, *, uscc: str = "") -> Account | None:
    """The company that a name or credit code means: the oldest with the same key."""
    if uscc:
        found = Account.objects.filter(uscc=uscc, archived_at=None).order_by("id").first()
        if found is not None:
            return found
    key = company_key(name)
    return Account.objects.filter(name_key=key, archived_at=None).order_by("id").first() if key else None


def find_contact(account: Account, *, name: str = "", phone: str = "", email: str = "") -> Contact | None:
    """The contact at the company with the same phone, mailbox or, failing both, name."""
    people = list(account.contacts.order_by("id"))
    for key, attribute in ((phone_key(phone), "phone_key"), (email_key(email), "email_key"), (name.strip(), "name")):
        found = next((one for one in people if key and getattr(one, attribute) == key), None)
        if found is not None:
            return found
    return None


def hand_on_accounts(leaver: User, *, to: User, why: str, by: User | None, now: datetime) -> int:
    """Give every company of `leaver` to `to`, on record with why; return how many. Raises Forbidden."""
    require_admin(by)
    with transaction.atomic():
        owned = list(Account.objects.select_for_update().filter(owner=leaver).order_by("pk"))
        for account in owned:
            account.owner, account.team_id, account.revision = to, to.team_id, account.revision + 1
            account.save(update_fields=["owner", "team_id", "revision"])
            _note(account, None, "account_changed", {"owner": str(leaver)}, {"owner": str(to)}, by=by, now=now)
    return len(owned)


def _check_account(values: Mapping[str, Any], besides: int | None = None) -> None:
    reasons = []
    if not str(values.get("name") or "").strip():
        reasons.append(Reason("required", _("A company needs a name."), "name"))
    code = str(values.get("uscc") or "")
    if code and Account.objects.filter(uscc=code, archived_at=None).exclude(pk=besides or 0).exists():
        reasons.append(Reason("duplicate", _("A company with this credit code is there already."), "uscc"))
    if reasons:
        raise Refused(*reasons)


def _check_roles(account: Account, values: Mapping[str, Any], by: User | None) -> None:
    """Raise Forbidden for a field that would change and is not the person's to write; with no role, for any."""
    if by is None:
        return
    allowed = account_fields(by)
    wanted = {key for key, value in values.items() if getattr(account, key) != value}
    if not allowed:
        raise Forbidden(_("Your roles do not write companies."))
    if "on_hold" in wanted - allowed:
        raise Forbidden(_("Only managers and finance put orders on hold or let them go."))
    if wanted - allowed:
        raise Forbidden(_("Your roles do not write companies."))


def _check_parent(account: Account | None, parent_id: int | None, by: User | None) -> None:
    """Raise Refused for a company above that the person does not see, or that stands below this one already."""
    if parent_id is None:
        return
    seen = Account.objects.filter(archived_at=None) if by is None else visible_companies(by)
    if not seen.filter(pk=parent_id).exists():
        raise Refused(Reason("unknown", _("No company has this name."), "parent_id"))
    if account is None:
        return
    above: int | None = parent_id
    for _step in range(DEEPEST):
        if above == account.pk:
            raise Refused(Reason("circle", _("A company cannot belong to itself or to its own branch."), "parent_id"))
        if above is None:
            return
        above = Account.objects.values_list("parent_id", flat=True).get(pk=above)
    raise Refused(Reason("deep", _("The group is too deep."), "parent_id"))


def company_named(name: str, by: User) -> int | None:
    """The id of the company of that name among those that the person sees; None for no name. Raises Refused."""
    if not name.strip():
        return None
    found = visible_companies(by).filter(name_key=company_key(name)).order_by("id").first()
    if found is None:
        raise Refused(Reason("unknown", _("No company has this name."), "group"))
    return found.pk


def visible_companies(by: User) -> AccountQuerySet:
    """Companies that the person sees and that are in use."""
    return Account.objects.visible_to(scope_of(by)).filter(archived_at=None)


def _check_boss(contact: Contact | None, account: Account, values: Mapping[str, Any]) -> None:
    """Raise Refused for somebody above who is at another company, or stands below this person already."""
    above = values.get("reports_to_id")
    if above is None:
        return
    bosses = dict(account.contacts.values_list("pk", "reports_to_id"))
    if above not in bosses:
        raise Refused(Reason("unknown", _("They report to somebody at the same company."), "reports_to_id"))
    seen: set[int] = set()
    while above is not None and above not in seen:
        if contact is not None and above == contact.pk:
            raise Refused(
                Reason("circle", _("Nobody reports to themselves, however many stand between."), "reports_to_id")
            )
        seen.add(above)
        above = bosses.get(above)


def _check_revision(
    account: Account, contact: Contact | None, wanted: Mapping[str, Any], revision: int | None
) -> None:  # fmt: skip
    """Raise Changed when the row moved on since `revision`, unless it says already what is wanted."""
    row = contact or account
    conflicts = {key: (value, getattr(row, key)) for key, value in wanted.items() if getattr(row, key) != value}
    if revision is None or row.revision == revision or not conflicts:
        return
    last = CustomerChange.objects.filter(account=account, contact=contact).select_related("by").first()
    who = last.by.display_name if last and last.by else ""
    raise Changed(row.revision, who, last.at if last else None, conflicts)


def _change(
    row: Account | Contact, account: Account, contact: Contact | None, kind: str, values: Mapping[str, Any], *,
    by: User | None, now: datetime,
) -> None:  # fmt: skip
    before = {key: getattr(row, key) for key in values}
    changed = {key: value for key, value in values.items() if before[key] != value}
    if not changed:
        return
    for key, value in changed.items():
        setattr(row, key, value)
    row.revision += 1
    row.save()
    _note(account, contact, kind, {key: before[key] for key in changed}, changed, by=by, now=now)


def note_tags(
    account: Account, contact: Contact | None, added: Sequence[str], removed: Sequence[str], *, by: User | None,
    now: datetime,
) -> None:  # fmt: skip
    """Note tags that were put on a company or contact, and taken off. Call it inside the transaction of the change."""
    data = {"tags": [", ".join(removed), ", ".join(added)]}
    kind = "contact_tagged" if contact else "account_tagged"
    CustomerChange.objects.create(account=account, contact=contact, at=now, by=by, kind=kind, data=data)


def _note(
    account: Account, contact: Contact | None, kind: str, before: Mapping[str, Any], after: Mapping[str, Any], *,
    by: User | None, now: datetime,
) -> None:  # fmt: skip
    data = {key: [_plain(before.get(key)), _plain(value)] for key, value in after.items()}
    change = CustomerChange.objects.create(account=account, contact=contact, at=now, by=by, kind=kind, data=data)
    for watcher in watchers():
        watcher(account, contact, change.pk, data, by=by, now=now)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)

"""Looking for what is there twice: each record that is new or was changed, against those like it (L16).

A record is compared with those that the index of the search finds by its phone, mailbox, domain, or half of its name;
so the work grows with what is new. Who is the same is reckoned by `customers.matching`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fairway.customers.actions import WRITERS
from fairway.customers.matching import COMPANY, LEAD, PERSON, Settings, compare
from fairway.customers.models import Account, Contact
from fairway.customers.normal import company_cores, dialled, folded, own_domain, phone_key
from fairway.duplicates.models import Pair
from fairway.leads.models import Lead
from fairway.people.errors import Forbidden
from fairway.people.models import User
from fairway.search import kinds, queries
from fairway.search.models import Entry
from fairway.search.queries import Hit

AT_ONCE = 50
LIKE = 40
"""So many records at the most are compared for each piece that they have in common."""
_HALVED = 4
Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sort:
    """How records of one kind are looked for: columns read, values compared, settings."""

    model: type[models.Model]
    columns: tuple[str, ...]
    values: Callable[[Mapping[str, Any]], Values]
    settings: Settings


@dataclass(frozen=True, slots=True)
class Like:
    """A record that may be the same: its evidence, what speaks for it, and what one sees of it (None: not at all)."""

    id: int
    bits: float
    reasons: tuple[str, ...]
    hit: Hit | None


def company_values(row: Mapping[str, Any]) -> Values:
    """What a company is compared by."""
    return {
        "core": "\n".join(company_cores(row["name"])), "phone": dialled(phone_key(row["phone"])),
        "domain": own_domain(row["website"]), "uscc": folded(row["uscc"]), "region": folded(row["region"]),
    }  # fmt: skip


def contact_values(row: Mapping[str, Any]) -> Values:
    """What a contact is compared by."""
    return {
        "name": folded(row["name"]).replace(" ", ""), "phone": dialled(row["phone_key"]), "email": row["email_key"],
        "wechat": folded(row["wechat"]), "company": next(iter(company_cores(row["account__name"])), ""),
    }  # fmt: skip


def lead_values(row: Mapping[str, Any]) -> Values:
    """What a lead is compared by."""
    return {
        "phone": dialled(row["phone_key"]), "email": row["email_key"], "core": "\n".join(company_cores(row["company"])),
        "domain": own_domain(row["email_key"]), "name": folded(row["contact_name"]).replace(" ", ""),
    }  # fmt: skip


SORTS: Mapping[str, Sort] = {
    "account": Sort(Account, ("pk", "name", "phone", "website", "uscc", "region"), company_values, COMPANY),
    "contact": Sort(
        Contact, ("pk", "name", "phone_key", "email_key", "wechat", "account__name"), contact_values, PERSON
    ),
    "lead": Sort(Lead, ("pk", "company", "contact_name", "phone_key", "email_key"), lead_values, LEAD),
}  # fmt: skip


def like(kind: str, row: Mapping[str, Any], *, by: User | None = None) -> list[Like]:
    """Records of a kind that may be the same as what is in `row` (its columns; `pk` 0 for one that is not there yet).

    The strongest evidence first; with `by`, what that person sees of each, so that one outside their sight is only
    known to exist. Two queries, four with `by`.
    """
    sort = SORTS[kind]
    values = sort.values(row)
    numbers = queries.subjects_with(kinds.named(kind), _pieces(values), most=LIKE) - {row["pk"]}
    if not numbers:
        return []
    others = sort.model._default_manager.filter(pk__in=numbers).values(*sort.columns)  # noqa: SLF001
    found = []
    for other in others:
        bits, reasons = compare(values, sort.values(other), sort.settings)
        if bits >= sort.settings.threshold:
            found.append((other["pk"], bits, reasons))
    seen = queries.records(kind, [one for one, _b, _r in found], by=by) if by is not None and found else {}
    return sorted(
        (Like(number, bits, reasons, seen.get(number)) for number, bits, reasons in found), key=lambda one: -one.bits
    )


def _pieces(values: Values) -> list[str]:
    """By what others like it are found: whole keys, and each half of a name, one of which a slip leaves as it was."""
    found = [values.get(name, "") for name in ("phone", "email", "wechat", "domain", "uscc")]
    for core in [*values.get("core", "").split("\n"), values.get("name", "") if "company" in values else ""]:
        middle = len(core) // 2
        found += [core[:middle], core[middle:]] if len(core) >= _HALVED else [core]
    return list(dict.fromkeys(filter(None, found)))


def sweep(now: datetime) -> int:
    """Look at the next records that are new or changed; how many. For the worker: nothing is done where none are."""
    entries = list(
        Entry.objects.filter(unmatched=True).order_by("id").values_list("id", "kind", "subject_id")[:AT_ONCE]
    )
    for entry_id, kind, number in entries:
        with transaction.atomic():
            if Entry.objects.filter(pk=entry_id, unmatched=True).update(unmatched=False):
                look_at(kind, number, now=now)
    return len(entries)


def look_at(kind: str, number: int, *, now: datetime) -> list[Pair]:
    """Note with which others a record may be the same; pairs that it is no longer like are dropped. The pairs found."""
    sort = SORTS[kind]
    row = sort.model._default_manager.filter(pk=number).values(*sort.columns).first()  # noqa: SLF001
    mine = Pair.objects.filter(Q(first=number) | Q(second=number), kind=kind)
    if row is None:
        mine.filter(state=Pair.OPEN).delete()
        return []
    found = {_pair(number, one.id): one for one in like(kind, row)}
    known = {(one.first, one.second): one for one in mine}
    gone = [one.pk for pair, one in known.items() if pair not in found and one.state == Pair.OPEN]
    Pair.objects.filter(pk__in=gone).delete()
    for pair, one in known.items():
        if pair in found and one.state == Pair.OPEN and one.bits != found[pair].bits:
            Pair.objects.filter(pk=one.pk).update(bits=found[pair].bits, reasons=list(found[pair].reasons))
    new = [
        Pair(kind=kind, first=one, second=two, bits=said.bits, reasons=list(said.reasons), found_at=now)
        for (one, two), said in found.items()
        if (one, two) not in known
    ]
    return Pair.objects.bulk_create(new, ignore_conflicts=True)


def _pair(one: int, two: int) -> tuple[int, int]:
    return min(one, two), max(one, two)


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair as the review list shows it, both records as the person sees them."""

    pair: Pair
    first: Hit
    second: Hit


LOOKED_THROUGH = 1000


def review(kind: str, *, by: User, most: int) -> list[Shown]:
    """The open pairs of a kind of which the person sees both, the strongest evidence first. Three queries."""
    pairs = list(Pair.objects.filter(kind=kind, state=Pair.OPEN).order_by("-bits", "id")[:LOOKED_THROUGH])
    seen = queries.records(kind, _members(pairs), by=by) if pairs else {}
    return [Shown(one, seen[one.first], seen[one.second]) for one in pairs if {one.first, one.second} <= seen.keys()][
        :most
    ]


def set_apart(pair_id: int, *, by: User, now: datetime) -> Pair:
    """Say that two are not the same; it is remembered. Raises Forbidden, Pair.DoesNotExist."""
    if not WRITERS & by.role_keys:
        raise Forbidden(_("Your roles do not write companies."))
    pair = Pair.objects.get(pk=pair_id)
    if len(queries.records(pair.kind, (pair.first, pair.second), by=by)) != len({pair.first, pair.second}):
        raise Pair.DoesNotExist
    Pair.objects.filter(pk=pair.pk, state=Pair.OPEN).update(state=Pair.APART, decided_by=by, decided_at=now)
    pair.refresh_from_db()
    return pair


def _members(pairs: Iterable[Pair]) -> Collection[int]:
    return {number for one in pairs for number in (one.first, one.second)}

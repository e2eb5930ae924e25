"""Taking one company or contact into another, with all that hangs on it; and taking them apart again (L16)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from fairway.customers.actions import ACCOUNT_FIELDS, CONTACT_FIELDS
from fairway.customers.models import Account, Contact, CustomerChange
from fairway.duplicates.models import Merge, Pair
from fairway.duplicates.rows import children, fields_of, model_named, plain, plain_value, stored_again, value_of
from fairway.people.errors import Forbidden, Reason, Refused
from fairway.people.models import User
from fairway.people.roles import MANAGER
from fairway.people.scope import scope_of
from fairway.runs.models import Run
from fairway.runs.turn import Turn
from fairway.search import index, kinds

Record = Account | Contact
MODELS: Mapping[str, type[Account | Contact]] = {"account": Account, "contact": Contact}
FIELDS: Mapping[str, tuple[str, ...]] = {
    "account": tuple(field.attname for field in fields_of(Account) if field.attname in ACCOUNT_FIELDS),
    "contact": tuple(field.attname for field in fields_of(Contact) if field.attname in CONTACT_FIELDS),
}
EMPTY = (None, "", False)


@dataclass(frozen=True, slots=True)
class Choice:
    """One field of two records side by side; `taken` is the one whose value is kept unless somebody chooses."""

    name: str
    label: str
    kept: Any
    gone: Any
    taken: str

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.kept != self.gone)


def may_merge(by: User, record: Record) -> bool:
    """Whether the person may merge this one: its owner (of a contact: its company's), or a manager over them."""
    account = record if isinstance(record, Account) else record.account
    scope = scope_of(by)
    if account.owner_id == by.pk:
        return True
    if MANAGER not in scope.roles:
        return False
    return account.team_id in scope.team_ids or (account.owner_id is None and account.team_id is None)


def load(kind: str, record_id: int, *, by: User) -> Record:
    """A record that the person may see. Raises DoesNotExist."""
    if kind == "account":
        return Account.objects.visible_to(scope_of(by)).select_related("owner", "team").get(pk=record_id)
    return Contact.objects.visible_to(scope_of(by)).select_related("account__owner", "account__team").get(pk=record_id)


def side_by_side(kind: str, kept: Record, gone: Record) -> list[Choice]:
    """The fields of both; a gap of the one that is kept is filled from the other."""
    found = []
    for name in FIELDS[kind]:
        mine, theirs = getattr(kept, name), getattr(gone, name)
        if mine in EMPTY and theirs in EMPTY:
            continue
        taken = "gone" if mine in EMPTY else "kept"
        field = MODELS[kind]._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)  # noqa: SLF001
        found.append(Choice(name, str(getattr(field, "verbose_name", name)), mine, theirs, taken))
    return found


def hanging_on(record: Record) -> list[tuple[str, int]]:
    """What hangs on a record, by name, with how many: what a merge will move."""
    counted: dict[str, int] = {}
    for child, column, _unique in children(type(record)):
        name = str(child._meta.verbose_name_plural)  # noqa: SLF001 - documented by Django
        counted[name] = counted.get(name, 0) + child._default_manager.filter(**{column: record.pk}).count()  # noqa: SLF001
    return [(name, count) for name, count in counted.items() if count]


@transaction.atomic
def merge(
    kind: str, kept_id: int, gone_id: int, *, by: User, now: datetime, take: Collection[str] | None = None
) -> Merge:  # fmt: skip
    """Take `gone` into `kept`: all that hangs on it moves, its history too; it is no more until this is undone.

    `take` names the fields whose values come from `gone`; without it the gaps are filled. Raises Forbidden, Refused.
    """
    for number in (kept_id, gone_id):
        load(kind, number, by=by)
    model = MODELS[kind]
    rows = {row.pk: row for row in model.objects.select_for_update().filter(pk__in=(kept_id, gone_id)).order_by("pk")}
    if kept_id == gone_id or len(rows) != len({kept_id, gone_id}):
        raise Refused(Reason("merge.gone", _("One of both is no longer there.")))
    kept, gone = rows[kept_id], rows[gone_id]
    for record in (kept, gone):
        if not may_merge(by, record):
            raise Forbidden(_("Only the owner of both, or a manager over them, may merge them."))
    chosen = {one.name for one in side_by_side(kind, kept, gone) if one.taken == "gone"} if take is None else set(take)
    done = Merge(
        kind=kind, kept_id=kept.pk, kept_name=str(kept)[:200], gone_id=gone.pk, gone_name=str(gone)[:200],
        gone=plain(gone), at=now, by=by,
    )  # fmt: skip
    moved = list(_move(kept, gone, done, by=by, now=now))
    fields = _chosen(kind, kept, gone, chosen)
    done.moved = moved
    done.fields = _set(kept, {name: after for name, (_before, after) in fields.items()})
    gone.delete()
    done.save()
    _note(kept, "merged", {"name": [done.gone_name, done.kept_name], **done.fields}, by=by, now=now)
    Pair.objects.filter(kind=kind, state=Pair.OPEN, **_ordered(kept_id, gone_id)).update(
        state=Pair.MERGED, decided_by=by, decided_at=now
    )
    _find_again(kept, moved)
    return done


@transaction.atomic
def undo(merge_id: int, *, by: User, now: datetime) -> Merge:
    """Take them apart again: the record comes back under its old id with what hung on it, the values that were taken go
    back. What was changed or moved since stays as it is, and `left` says so. Undone already: nothing changes.
    """
    done = Merge.objects.select_for_update().get(pk=merge_id)
    if done.undone_at is not None:
        return done
    model = MODELS[done.kind]
    kept = model.objects.select_for_update().filter(pk=done.kept_id).first()
    if kept is None:
        later = Merge.objects.filter(kind=done.kind, gone_id=done.kept_id, undone_at=None).first()
        into = later.kept_name if later else done.kept_name
        raise Refused(Reason("merge.later", _("It was merged into %(name)s since: undo that first.") % {"name": into}))
    load(done.kind, kept.pk, by=by)
    if not may_merge(by, kept):
        raise Forbidden(_("Only the owner of both, or a manager over them, may merge them."))
    left = _parents(done)
    row = stored_again(model, done.gone)
    left += _give_back(kept, done)
    for label, one in done.dropped:
        child = model_named(label)
        if not child._default_manager.filter(pk=one["id"]).exists():  # noqa: SLF001 - whatever its manager
            stored_again(child, one)
    for child_label, column, number, seq in done.moved:
        left += _move_back(child_label, column, number, seq, done, by=by, now=now)
    done.undone_at, done.undone_by, done.left = now, by, left
    done.save()
    _note(kept, "merge_undone", {"name": [done.kept_name, done.gone_name]}, by=by, now=now)
    _note(row, "merge_undone", {"name": [done.kept_name, done.gone_name]}, by=by, now=now)
    Pair.objects.filter(kind=done.kind, state=Pair.MERGED, **_ordered(done.kept_id, done.gone_id)).update(
        state=Pair.APART, decided_by=by, decided_at=now
    )
    _find_again(kept, done.moved)
    return done


# -- what hangs on it --------------------------------------------------------------------------------------------------


def _move(kept: Record, gone: Record, done: Merge, *, by: User, now: datetime) -> Iterator[list[Any]]:
    """Let everything that points to `gone` point to `kept`; each moved row as `[model, column, id, sequence]`."""
    for child, column, unique in children(type(gone)):
        label = child._meta.label  # noqa: SLF001 - documented by Django
        rows = child._default_manager.filter(**{column: gone.pk}).exclude(**_itself(child, kept))  # noqa: SLF001
        for row in rows.order_by("pk"):
            if isinstance(row, Run):
                yield [label, column, row.pk, _of_company(row.pk, kept, "company_merged", done.gone_name, by, now)]
            elif not unique or fits(row, column, kept.pk):
                child._default_manager.filter(pk=row.pk).update(**{column: kept.pk})  # noqa: SLF001
                yield [label, column, row.pk, None]
            else:
                done.dropped.append([label, plain(row)])
                row.delete()


def _itself(child: type[models.Model], kept: Record) -> dict[str, Any]:
    """Nobody reports to themselves, and no company is its own group: the one that is kept does not move."""
    return {"pk": kept.pk} if isinstance(kept, child) else {"pk": None}


def fits(row: models.Model, column: str, kept_id: int) -> bool:
    """Whether the row may point to the record that is kept: a constraint allows only one of its kind."""
    before = getattr(row, column)
    try:
        with transaction.atomic():
            setattr(row, column, kept_id)
            type(row)._default_manager.filter(pk=row.pk).update(**{column: kept_id})  # noqa: SLF001
    except IntegrityError:
        setattr(row, column, before)
        return False
    return True


def _move_back(
    label: str, column: str, number: int, seq: int | None, done: Merge, *, by: User, now: datetime
) -> list[str]:  # fmt: skip
    child = model_named(label)
    row = child._default_manager.filter(pk=number).first()  # noqa: SLF001 - whatever its manager
    name = f"{child._meta.verbose_name} {number}"  # noqa: SLF001 - documented by Django
    if row is None:
        return [_("%(what)s is no longer there.") % {"what": name}]
    if getattr(row, column) != done.kept_id:
        return [_("%(what)s was given to another one since, and stays there.") % {"what": name}]
    if isinstance(row, Run):
        worked = row.event_seq != seq
        owner = MODELS[done.kind].objects.get(pk=done.gone_id)
        _of_company(number, owner, "company_merge_undone", done.kept_name, by, now)
        return [_("%(what)s was worked on since; it went back as it is now.") % {"what": row.title}] if worked else []
    child._default_manager.filter(pk=number).update(**{column: done.gone_id})  # noqa: SLF001
    return []


def _of_company(run_id: int, account: Record, kind: str, name: str, by: User, now: datetime) -> int:
    """Let a run be of another company, with its event; the number of that event."""
    turn = Turn.begin(run_id, by=by, now=now)
    turn.run.account_id = account.pk
    return turn.commit(kind, {"name": name, "to": str(account)}).seq


def _parents(done: Merge) -> list[str]:
    """What the row itself points to may be gone since: then it points to what that was merged into, or to nothing."""
    left = []
    for name, model in (("account_id", Account), ("parent_id", Account), ("reports_to_id", Contact)):
        number = done.gone.get(name)
        if number is None or model.objects.filter(pk=number).exists():
            continue
        heir = _heir(model, number)
        if heir is None and name == "account_id":
            raise Refused(Reason("merge.company", _("Its company is no longer there.")))
        done.gone[name] = heir
        left.append(_("%(name)s now belongs where its company or superior was merged to.") % {"name": done.gone_name})
    return left


def _heir(model: type[models.Model], number: int) -> int | None:
    kind = "account" if model is Account else "contact"
    for _step in range(100):
        into = Merge.objects.filter(kind=kind, gone_id=number, undone_at=None).values_list("kept_id", flat=True).first()
        if into is None:
            return None
        if model._default_manager.filter(pk=into).exists():  # noqa: SLF001 - whatever its manager
            return into
        number = into
    return None


# -- the fields of the record itself -----------------------------------------------------------------------------------


def _chosen(kind: str, kept: Record, gone: Record, chosen: Collection[str]) -> dict[str, tuple[Any, Any]]:
    """The columns that change, with both values. Who stands below the other one takes its place in the tree."""
    fields = {
        name: (getattr(kept, name), getattr(gone, name))
        for name in FIELDS[kind]
        if name in chosen and getattr(kept, name) != getattr(gone, name)
    }
    above = "parent_id" if kind == "account" else "reports_to_id"
    wanted = fields.get(above, (None, getattr(kept, above)))[1]
    if wanted in (kept.pk, gone.pk):
        higher = getattr(gone, above)
        fields[above] = (getattr(kept, above), None if higher in (kept.pk, gone.pk) else higher)
    return fields


def _set(kept: Record, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set columns of the record that is kept, as it is stored by now; each with the value before and after."""
    kept.refresh_from_db()
    said: dict[str, list[Any]] = {}
    for name, after in values.items():
        field = next(one for one in fields_of(type(kept)) if one.attname == name)
        before = getattr(kept, name)
        said[name] = [plain_value(field, before), plain_value(field, after)]
        setattr(kept, name, after)
    kept.revision += 1
    kept.save()
    return said


def _give_back(kept: Record, done: Merge) -> list[str]:
    """Values that were taken go back, unless somebody has changed them since."""
    left, back = [], {}
    for name, (before, after) in done.fields.items():
        field = next(one for one in fields_of(type(kept)) if one.attname == name)
        if plain_value(field, getattr(kept, name)) == after:
            back[name] = value_of(type(kept), name, before)
        else:
            label = str(getattr(field, "verbose_name", name))
            left.append(_("“%(field)s” was changed since, and stays.") % {"field": label})
    for name, model in (("parent_id", Account), ("reports_to_id", Contact)):
        number = back.get(name)
        if number is not None and not model.objects.filter(pk=number).exists():
            back[name] = _heir(model, number)
    _set(kept, back)
    return left


def _note(record: models.Model, kind: str, data: Mapping[str, Any], *, by: User, now: datetime) -> None:
    if isinstance(record, Contact):
        CustomerChange.objects.create(
            account_id=record.account_id, contact=record, at=now, by=by, kind=f"contact_{kind}", data=data
        )
    else:
        CustomerChange.objects.create(account_id=record.pk, at=now, by=by, kind=f"account_{kind}", data=data)


def _ordered(one: int, two: int) -> dict[str, int]:
    return {"first": min(one, two), "second": max(one, two)}


def _find_again(kept: Record, moved: Collection[list[Any]]) -> None:
    """What moved is found by the name of its company as it is now."""
    index.put(kept)
    found = {kind.model: kind for kind in kinds.all_kinds()}
    for label, _column, number, _seq in moved:
        model = model_named(label)
        if model in found:
            row = model._default_manager.filter(pk=number).first()  # noqa: SLF001 - whatever its manager
            if row is not None:
                index.put(row)

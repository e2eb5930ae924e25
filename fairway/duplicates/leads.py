"""Taking one lead into another. Both keep their run and its events: the one that goes is closed as a duplicate, what
people hung on it goes over, and the other one says where it came from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from fairway.duplicates.merging import Choice, fits
from fairway.duplicates.models import Merge, Pair
from fairway.duplicates.rows import children, model_named, plain, plain_value, stored_again, value_of
from fairway.leads.models import Lead
from fairway.people.errors import Reason, Refused
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs import actions
from fairway.runs.models import Attachment, Run
from fairway.runs.people import directory
from fairway.runs.permissions import check_leads, leads, sees
from fairway.runs.turn import Turn
from fairway.sops.programs import program_of

FIELDS = (
    "company", "contact_name", "contact_title", "phone", "email", "wechat", "industry", "company_size", "region",
    "source", "campaign", "keyword", "referrer", "need", "lawful_basis",
)  # fmt: skip
DUPLICATE = "duplicate"
ROOMS = frozenset({"teamwork"})
"""Rooms whose rows hang on a run because people put them there; the rest of a run is its own history."""


def load(lead_id: int, *, by: User) -> Lead:
    """A lead that the person may see. Raises Lead.DoesNotExist."""
    return Lead.objects.visible_to(scope_of(by)).select_related("run__owner", "run__team").get(pk=lead_id)


def may_merge(by: User, lead: Lead, now: datetime) -> bool:
    """Whether the person acts for the lead's owner."""
    return sees(by, lead.run) and leads(by, lead.run, directory(now), now)


def side_by_side(kept: Lead, gone: Lead) -> list[Choice]:
    """The fields of both; a gap of the one that is kept is filled from the other."""
    pairs = [(name, getattr(kept, name), getattr(gone, name)) for name in FIELDS]
    return [
        Choice(name, str(Lead._meta.get_field(name).verbose_name), mine, theirs, "kept" if mine else "gone")  # type: ignore[union-attr]  # noqa: SLF001
        for name, mine, theirs in pairs
        if mine or theirs
    ]


def hanging_on(lead: Lead) -> list[tuple[str, int]]:
    """What will go over, by name, with how many."""
    found = []
    for child, column, _unique in _children():
        count = child._default_manager.filter(**{column: lead.run_id}).count()  # noqa: SLF001
        found.append((str(child._meta.verbose_name_plural), count))  # noqa: SLF001 - documented by Django
    return [(name, count) for name, count in found if count]


@transaction.atomic
def merge(kept_id: int, gone_id: int, *, by: User, now: datetime, take: Collection[str] | None = None) -> Merge:
    """Take `gone` into `kept`. `take` names the fields that come from `gone`; without it the gaps are filled.

    Raises Lead.DoesNotExist, Forbidden, Refused: one of them with itself, one that is a deal already or was merged.
    """
    kept, gone = load(kept_id, by=by), load(gone_id, by=by)
    for lead in (kept, gone):
        check_leads(by, lead.run, now)
    if kept.pk == gone.pk or Merge.objects.filter(kind="lead", gone_id__in=(kept.pk, gone.pk), undone_at=None).exists():
        raise Refused(Reason("merge.gone", _("One of both is no longer there.")))
    if gone.run.face != "lead":
        raise Refused(Reason("merge.deal", _("It is a deal already: keep that one, and take the other into it.")))
    done = Merge(
        kind="lead", kept_id=kept.pk, kept_name=kept.company, gone_id=gone.pk, gone_name=gone.company, at=now, by=by
    )
    chosen = {one.name for one in side_by_side(kept, gone) if one.taken == "gone"} if take is None else set(take)
    values = {name: getattr(gone, name) for name in FIELDS if name in chosen and kept.run.is_open}
    done.fields = {name: [getattr(kept, name), value] for name, value in values.items() if getattr(kept, name) != value}
    if done.fields:
        facts = {f"lead.{name}": after for name, (_before, after) in done.fields.items()}
        actions.change_facts(kept.run_id, facts, by=by, now=now)
    done.moved = list(_move(gone.run_id, kept.run_id, done))
    done.gone = {"run": gone.run_id, "kept_run": kept.run_id, "closed": False}
    if gone.run.is_open:
        actions.close(gone.run_id, outcome=_outcome(gone.run), reason=DUPLICATE, by=by, now=now)
        done.gone["closed"] = True
    done.save()
    _say(kept.run_id, "lead_merged", gone, by, now)
    low, high = sorted((kept.pk, gone.pk))
    Pair.objects.filter(kind="lead", state=Pair.OPEN, first=low, second=high).update(
        state=Pair.MERGED, decided_by=by, decided_at=now
    )
    return done


@transaction.atomic
def undo(merge_id: int, *, by: User, now: datetime) -> Merge:
    """Take them apart: what went over goes back, the lead is open again. Undone already: nothing changes."""
    done = Merge.objects.select_for_update().get(pk=merge_id)
    if done.undone_at is not None:
        return done
    kept, gone = load(done.kept_id, by=by), load(done.gone_id, by=by)
    for lead in (kept, gone):
        check_leads(by, lead.run, now)
    left = _give_back(kept, done, by=by, now=now)
    for label, row in done.dropped:
        if not model_named(label)._default_manager.filter(pk=row["id"]).exists():  # noqa: SLF001
            stored_again(model_named(label), row)
    for label, column, number, _seq in done.moved:
        child = model_named(label)
        went = child._default_manager.filter(**{"pk": number, column: kept.run_id}).update(**{column: gone.run_id})  # noqa: SLF001
        if not went:
            what = f"{child._meta.verbose_name} {number}"  # noqa: SLF001 - documented by Django
            left.append(_("%(what)s was given to another one since, and stays there.") % {"what": what})
    if done.gone["closed"]:
        run = Run.objects.get(pk=gone.run_id)
        if run.reason == DUPLICATE:
            actions.reopen(run.pk, why=_("The merge was undone."), by=by, now=now)
        else:
            left.append(_("%(what)s was worked on since; it went back as it is now.") % {"what": gone.company})
    done.undone_at, done.undone_by, done.left = now, by, left
    done.save()
    _say(kept.run_id, "lead_merge_undone", gone, by, now)
    low, high = sorted((kept.pk, gone.pk))
    Pair.objects.filter(kind="lead", state=Pair.MERGED, first=low, second=high).update(
        state=Pair.APART, decided_by=by, decided_at=now
    )
    return done


def _give_back(kept: Lead, done: Merge, *, by: User, now: datetime) -> list[str]:
    left, back = [], {}
    for name, (before, after) in done.fields.items():
        if plain_value(Lead._meta.get_field(name), getattr(kept, name)) == after and kept.run.is_open:  # type: ignore[arg-type]  # noqa: SLF001
            back[f"lead.{name}"] = value_of(Lead, name, before)
        else:
            label = str(Lead._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # noqa: SLF001
            left.append(_("“%(field)s” was changed since, and stays.") % {"field": label})
    if back:
        actions.change_facts(kept.run_id, back, by=by, now=now)
    return left


def _children() -> Iterator[tuple[type[models.Model], str, bool]]:
    for child, column, unique in children(Run):
        if child is Attachment or child._meta.app_label in ROOMS:  # noqa: SLF001 - documented by Django
            yield child, column, unique


def _move(from_run: int, to_run: int, done: Merge) -> Iterator[list[Any]]:
    for child, column, unique in _children():
        label = child._meta.label  # noqa: SLF001 - documented by Django
        for row in child._default_manager.filter(**{column: from_run}).order_by("pk"):  # noqa: SLF001
            if not unique or fits(row, column, to_run):
                child._default_manager.filter(pk=row.pk).update(**{column: to_run})  # noqa: SLF001
                yield [label, column, row.pk, None]
            else:
                done.dropped.append([label, plain(row)])
                row.delete()


def _outcome(run: Run) -> str:
    """The outcome of the run's SOP that has a reason for duplicates. Raises Refused where it knows none."""
    for key, outcome in program_of(run.version_id).sop.outcomes.items():
        if any(reason.key == DUPLICATE for reason in outcome.reasons):
            return key
    raise Refused(Reason("merge.outcome", _("The SOP knows no outcome for a duplicate.")))


def _say(run_id: int, kind: str, gone: Lead, by: User, now: datetime) -> None:
    Turn.begin(run_id, by=by, now=now).commit(kind, {"name": gone.company, "run": gone.run_id, "lead": gone.pk})

"""Where leads come from: the sources of the SOP, and those that a firm adds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.text import slugify
from django.utils.translation import gettext as _

from fairway.engine.spec import Choice
from fairway.leads.actions import SOP
from fairway.leads.models import Lead, Source
from fairway.people import audit
from fairway.people.actions.access import require_admin
from fairway.people.errors import Reason, Refused
from fairway.people.models import User
from fairway.sops.programs import program_of
from fairway.sops.queries import current

FAMILIES = tuple(key for key, _title in Source.FAMILIES)
FIELDS = ("title_zh", "title_en", "family")


def sources_of_sop() -> tuple[Choice, ...]:
    """The sources that the current SOP lists; the part of a key before the dot is its family (L2). Two queries."""
    version = current(SOP)
    return program_of(version.pk).sop.lists.get("source", ()) if version else ()


def leads_by_source() -> dict[str, int]:
    """How many leads came from each source. One query."""
    return dict(Lead.objects.order_by().values_list("source").annotate(Count("pk")))


def add_source(*, title_zh: str, title_en: str, family: str, by: User | None, now: datetime) -> Source:
    """Add a source of the firm's own. Raises Forbidden, Refused with everything that is wrong."""
    require_admin(by)
    values = _checked(title_zh, title_en, family, other_than=None)
    try:
        with transaction.atomic():
            source = Source.objects.create(key=_free_key(values["title_en"], family), **values)
            audit.record("source.added", by=by, now=now, kind="source", subject_id=source.pk, name=str(source),
                         after=values)  # fmt: skip
    except IntegrityError:
        raise Refused(Reason("taken", _("A colleague added a source of that name a moment ago."))) from None
    return source


def change_source(
    source_id: int, *, title_zh: str, title_en: str, family: str, by: User | None, now: datetime
) -> Source:  # fmt: skip
    """Rename a source, or put it into another family; leads keep it. The same again writes nothing.

    Raises Forbidden, Refused, Source.DoesNotExist.
    """
    require_admin(by)
    with transaction.atomic():
        source = Source.objects.select_for_update().get(pk=source_id)
        values = _checked(title_zh, title_en, family, other_than=source)
        _write(source, values, "source.changed", by=by, now=now)
    return source


def set_source_active(source_id: int, *, active: bool, by: User | None, now: datetime) -> Source:
    """Let a source be chosen for new leads, or no longer; leads that have it keep it. Raises Forbidden."""
    require_admin(by)
    with transaction.atomic():
        source = Source.objects.select_for_update().get(pk=source_id)
        action = "source.reactivated" if active else "source.deactivated"
        _write(source, {"active": active}, action, by=by, now=now)
    return source


def _write(source: Source, values: Mapping[str, object], action: str, *, by: User | None, now: datetime) -> None:
    before = {name: getattr(source, name) for name, value in values.items() if getattr(source, name) != value}
    if not before:
        return
    for name in before:
        setattr(source, name, values[name])
    source.save(update_fields=list(before))
    audit.record(action, by=by, now=now, kind="source", subject_id=source.pk, name=str(source), before=before,
                 after={name: values[name] for name in before})  # fmt: skip


def _checked(title_zh: str, title_en: str, family: str, *, other_than: Source | None) -> dict[str, str]:
    """The values in order. Raises Refused: a name in each language, one of its own, a family that there is."""
    values = {"title_zh": title_zh.strip(), "title_en": title_en.strip(), "family": family}
    others = Source.objects.exclude(pk=other_than.pk if other_than else 0).values_list("title_zh", "title_en")
    listed = [(choice.title.zh_hans, choice.title.en) for choice in sources_of_sop()]
    taken = {title.casefold() for pair in (*others, *listed) for title in pair}
    reasons = []
    for name in ("title_zh", "title_en"):
        if not values[name]:
            reasons.append(Reason("missing", _("A name in both languages is needed."), name))
        elif len(values[name]) > 100:
            reasons.append(Reason("too_long", _("The name is longer than 100 characters."), name))
        elif values[name].casefold() in taken:
            reasons.append(Reason("taken", _("There is a source of that name."), name))
    if family not in FAMILIES:
        reasons.append(Reason("unknown", _("Choose one of the three families."), "family"))
    if reasons:
        raise Refused(*reasons)
    return values


def _free_key(title: str, family: str) -> str:
    """A key that neither the SOP nor the firm has taken, such as `offline.roadshow`."""
    taken = {choice.key for choice in sources_of_sop()} | set(Source.objects.values_list("key", flat=True))
    stem = f"{family}.{slugify(title)[:36] or 'own'}"
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 3))
    return next(key for key in numbered if key not in taken)

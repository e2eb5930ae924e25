"""Publishing: a checked document becomes a version that never changes, and that new runs take from then on."""

import logging
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fairway.engine.checker import is_publishable
from fairway.engine.checks import parts
from fairway.engine.load import Loaded, load
from fairway.people import audit
from fairway.people.errors import Reason, Refused
from fairway.people.models import User
from fairway.sops import shipped
from fairway.sops.access import require_publisher
from fairway.sops.checking import check_text
from fairway.sops.errors import NotPublishable, Stale
from fairway.sops.models import SopDraft, SopVersion
from fairway.sops.queries import current
from fairway.sops.vocabulary import declared_facts

logger = logging.getLogger(__name__)


def publish(
    text: str, *, key: str | None = None, note: str = "", after: int | None = None, by: User | None, now: datetime,
    action: str = "sop.published",
) -> SopVersion:  # fmt: skip
    """Make `text` the current version of its SOP. What says the same as the current version gives that one back.

    `key`: the SOP that it must be for. `after`: the number of the current version as the author saw it, 0 for none.
    Runs under way keep their version. Raises Forbidden, NotPublishable with every finding, Stale when a colleague
    published since, Refused when at the same moment.
    """
    require_publisher(by)
    loaded, findings = check_text(text, key=key)
    if loaded is None or not is_publishable(findings):
        raise NotPublishable(key or (loaded.sop.sop if loaded else ""), findings)
    try:
        with transaction.atomic():
            before = current(loaded.sop.sop)
            if before is not None and before.digest == loaded.digest:
                return before
            if after is not None and after != (before.number if before else 0):
                raise _overtaken(before)
            version = _new_version(loaded, text, before, note=note, by=by, now=now)
            _note(action, version, before, by=by, now=now)
    except IntegrityError as error:  # two at once: one number, and only one may have it
        raise Refused(
            Reason("taken", _("A colleague published this procedure a moment ago. Compare, then publish again."))
        ) from error
    return version


def publish_draft(
    key: str, *, revision: int, note: str | None = None, after: int | None = None, by: User | None, now: datetime
) -> SopVersion:
    """Publish the draft as it was at `revision`, and put it away. `note` replaces the draft's own.

    Raises what `publish` raises, Refused where there is no draft, Stale when a colleague saved meanwhile.
    """
    require_publisher(by)
    with transaction.atomic():
        draft = SopDraft.objects.select_for_update(of=("self",)).select_related("author").filter(key=key).first()
        if draft is None:
            raise Refused(Reason("no_draft", _("There is no draft of this procedure.")))
        if draft.revision != revision:
            raise Stale(draft.revision, str(draft.author or ""), draft.updated_at)
        version = publish(draft.text, key=key, note=draft.note if note is None else note, after=after, by=by, now=now)
        SopDraft.objects.filter(pk=draft.pk, revision=revision).delete()
    return version


def roll_back(version: SopVersion, *, note: str = "", by: User | None, now: datetime) -> SopVersion:
    """Publish an old version again, as a new one: what came between stays on record, and runs keep their versions.

    Raises what `publish` raises: the old text is checked anew, because the product may have lost a word it uses.
    """
    said = note or _("Back to version %(number)s") % {"number": version.number}
    return publish(version.text, key=version.key, note=said, by=by, now=now, action="sop.rolled_back")


def install_library(*, by: User | None = None, now: datetime) -> list[SopVersion]:
    """Publish each shipped SOP that has no version yet; what the firm has published is left alone.

    Returns the new versions. A document about something that no app here serves is passed over; one with mistakes is
    reported in the log and left out.
    """
    present = set(SopVersion.objects.values_list("key", flat=True).distinct())
    installed = []
    for key in shipped.keys():  # noqa: SIM118 (no mapping)
        if key in present or not _is_served(key):
            continue
        try:
            installed.append(publish(shipped.document(key), key=key, by=by, now=now, action="sop.installed"))
        except NotPublishable as refused:
            for finding in refused.findings:
                logger.error("the shipped SOP was not published: %s", finding.located(f"{key}/sop.yaml"))
    return installed


def _is_served(key: str) -> bool:
    """Whether there are apps for all that the shipped document draws on (`deal`, `complaint`…)."""
    served = {spec.name.partition(".")[0] for spec in declared_facts()}
    missing = sorted(parts.rooms(load(shipped.document(key)).sop) - served)
    if missing:
        logger.debug("the shipped SOP %s was passed over: nothing here serves %s", key, ", ".join(missing))
    return not missing


def _overtaken(current_version: SopVersion | None) -> Stale:
    if current_version is None:
        return Stale(0)
    return Stale(current_version.number, str(current_version.published_by or ""), current_version.published_at)


def _new_version(
    loaded: Loaded, text: str, before: SopVersion | None, *, note: str, by: User | None, now: datetime
) -> SopVersion:
    return SopVersion.objects.create(
        key=loaded.sop.sop,
        number=before.number + 1 if before else 1,
        subject=loaded.sop.subject,
        title_zh=loaded.sop.title.zh_hans[:200],
        title_en=loaded.sop.title.en[:200],
        text=text,
        digest=loaded.digest,
        note=note,
        published_at=now,
        published_by=by,
    )


def _note(action: str, version: SopVersion, before: SopVersion | None, *, by: User | None, now: datetime) -> None:
    audit.record(
        action,
        by=by,
        now=now,
        kind="sop",
        subject_id=version.pk,
        name=f"{version.key} {version.number}",
        before={"version": before.number, "digest": before.digest} if before else None,
        after={"version": version.number, "digest": version.digest, "note": version.note},
    )

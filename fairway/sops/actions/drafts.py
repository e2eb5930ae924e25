"""Keeping the document under way."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fairway.engine.reader import MAX_BYTES
from fairway.people.errors import Reason, Refused
from fairway.people.models import User
from fairway.sops.access import require_publisher
from fairway.sops.errors import Stale
from fairway.sops.models import SopDraft

_key = RegexValidator(r"\A[a-z][a-z0-9-]{0,49}\Z")


def save_draft(
    key: str, text: str, *, note: str = "", revision: int | None = None, by: User | None, now: datetime
) -> SopDraft:
    """Keep `text` as the draft of the SOP `key`, mistakes and all: they are found by checking, not by saving.

    `revision`: of the draft that was edited, 0 for a first one; None keeps whatever is there (command line). Saving the
    same again writes nothing. Raises Forbidden, Refused (no key, too long), Stale when a colleague saved meanwhile.
    """
    require_publisher(by)
    _check(key, text)
    with transaction.atomic():
        draft = SopDraft.objects.select_for_update().filter(key=key).first()
        if draft is None:
            return _first(key, text, note, revision, by, now)
        if (draft.text, draft.note) == (text, note):
            return draft
        if revision is not None and revision != draft.revision:
            raise _stale(draft)
        changed = SopDraft.objects.filter(pk=draft.pk, revision=draft.revision).update(
            text=text, note=note, author=by, updated_at=now, revision=draft.revision + 1
        )
        draft.refresh_from_db()
        if not changed:
            raise _stale(draft)
    return draft


def discard_draft(key: str, *, revision: int, by: User | None, now: datetime) -> None:
    """Throw the draft away; versions stay. Raises Forbidden, Stale when a colleague saved meanwhile."""
    require_publisher(by)
    gone, _rows = SopDraft.objects.filter(key=key, revision=revision).delete()
    if not gone and (draft := SopDraft.objects.filter(key=key).select_related("author").first()):
        raise _stale(draft)


def _check(key: str, text: str) -> None:
    reasons = []
    try:
        _key(key)
    except ValidationError:
        reasons.append(Reason("key", _("A key is small letters, digits and hyphens, a letter first."), "key"))
    # no character takes less than a byte, so the length alone refuses what would be costly to encode
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        reasons.append(Reason("too_large", _("The document is larger than 1 MB."), "text"))
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        reasons.append(Reason("characters", _("The document contains characters that are not text."), "text"))
    if reasons:
        raise Refused(*reasons)


def _first(key: str, text: str, note: str, revision: int | None, by: User | None, now: datetime) -> SopDraft:
    if revision:
        raise Stale(0)  # it was published or thrown away meanwhile
    try:
        with transaction.atomic():
            return SopDraft.objects.create(key=key, text=text, note=note, author=by, updated_at=now, revision=1)
    except IntegrityError:
        raise _stale(SopDraft.objects.select_related("author").get(key=key)) from None


def _stale(draft: SopDraft) -> Stale:
    return Stale(draft.revision, str(draft.author or ""), draft.updated_at)

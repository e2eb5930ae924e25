"""Reads of SOPs. Everybody who is signed in may read how the team sells; nothing in them is about a customer."""

from django.db.models import Max, OuterRef, Subquery

from fairway.prepared import Prepared
from fairway.sops.models import SopDraft, SopRetired, SopVersion


def current(key: str) -> SopVersion | None:
    """The version that new runs of an SOP take; None where none is published. One query."""
    return SopVersion.objects.filter(key=key).order_by("-number").first()


def current_id(key: str) -> int | None:
    """The id of the version that new runs of an SOP take. One query, which reads nothing but the id."""
    row = _CURRENT_ID.first(key)
    return row[0] if row else None


_CURRENT_ID = Prepared(lambda key: SopVersion.objects.filter(key=key).order_by("-number").values_list("pk")[:1])


def current_ids(subject: str) -> dict[str, int]:
    """The ids of the current versions of the SOPs about a subject, by key. One query."""
    return dict(_IDS_BY_SUBJECT.rows(subject))


_IDS_BY_SUBJECT = Prepared(
    lambda subject: SopVersion.objects.filter(subject=subject).order_by("key", "number").values_list("key", "pk")
)


def current_versions() -> list[SopVersion]:
    """The current version of every SOP, by key, without its text. One query."""
    newest = SopVersion.objects.filter(key=OuterRef("key")).order_by("-number").values("number")[:1]
    found = SopVersion.objects.filter(number=Subquery(newest)).defer("text").order_by("key")
    return list(found.select_related("published_by"))


def numbered(key: str, number: int) -> SopVersion | None:
    """The version of an SOP with that number, if there is one."""
    return SopVersion.objects.select_related("published_by").filter(key=key, number=number).first()


def newest_number(key: str) -> int:
    """The number of the current version, 0 where none is published."""
    return SopVersion.objects.filter(key=key).aggregate(newest=Max("number"))["newest"] or 0


def version(version_id: int) -> SopVersion:
    """One version. Raises SopVersion.DoesNotExist."""
    return SopVersion.objects.select_related("published_by").get(pk=version_id)


def versions(key: str) -> list[SopVersion]:
    """Every version of an SOP, newest first, without their texts. One query."""
    return list(SopVersion.objects.filter(key=key).defer("text").select_related("published_by").order_by("-number"))


def draft(key: str) -> SopDraft | None:
    """The draft of an SOP, if there is one."""
    return SopDraft.objects.filter(key=key).select_related("author").first()


def drafts() -> list[SopDraft]:
    """Every draft, without its text, by key. One query."""
    return list(SopDraft.objects.defer("text").select_related("author").order_by("key"))


def retired() -> set[str]:
    """The keys of the SOPs that the firm does not work by. One query."""
    return set(SopRetired.objects.values_list("key", flat=True))

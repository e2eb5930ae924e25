"""SOPs and their versions."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Field, Router, Schema

from fairway.api.replies import reply
from fairway.api.types import Body, ItemId, Key
from fairway.people.doors import door
from fairway.sops import queries
from fairway.sops.checking import check_text
from fairway.sops.models import SopVersion

router = Router(tags=["sops"])


class VersionOut(Schema):
    """A published version."""

    id: int
    key: str
    number: int
    subject: str
    title: str
    digest: str
    note: str
    published_at: datetime
    published_by: int | None


class VersionTextOut(VersionOut):
    """A published version with its document."""

    text: str


class FindingOut(Schema):
    """What the checker found, with the line."""

    line: int
    column: int
    path: str
    level: str
    code: str
    message: str


class Document(Body):
    """A document to check."""

    text: str = Field(max_length=1_048_576)


def shape(version: SopVersion) -> dict[str, Any]:
    """A version as the API gives it."""
    return {
        "id": version.pk, "key": version.key, "number": version.number, "subject": version.subject,
        "title": version.title, "digest": version.digest, "note": version.note,
        "published_at": version.published_at, "published_by": version.published_by_id,
    }  # fmt: skip


@router.get("", response={200: list[VersionOut]}, operation_id="sops_list")
@door(scope="sops:read")
def list_sops(request: HttpRequest) -> HttpResponse:
    """List the current version of every SOP."""
    return reply([shape(version) for version in queries.current_versions()])


@router.get("/{key}/versions", response={200: list[VersionOut]}, operation_id="sops_versions")
@door(scope="sops:read")
def list_versions(request: HttpRequest, key: Key) -> HttpResponse:
    """List every version of an SOP, newest first."""
    return reply([shape(version) for version in queries.versions(key)])


@router.get("/versions/{item}", response={200: VersionTextOut}, operation_id="sops_version")
@door(scope="sops:read")
def get_version(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one version with its document."""
    version = queries.version(item)
    return reply({**shape(version), "text": version.text})


@router.post("/check", response={200: list[FindingOut]}, operation_id="sops_check")
@door(scope="sops:read")
def check(request: HttpRequest, body: Document) -> HttpResponse:
    """Check a document as publishing would, and say what is found in it."""
    language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    _, findings = check_text(body.text)
    return reply(
        [
            {
                "line": one.line, "column": one.column, "path": one.path, "level": one.level, "code": one.code,
                "message": one.message[language],
            }
            for one in findings
        ]
    )  # fmt: skip

"""Files kept with a run."""

from datetime import datetime
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile

from fairway.api.asking import now, person, posted
from fairway.api.paging import Page, page_of
from fairway.api.replies import reply
from fairway.api.types import Id, ItemId
from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs.actions import attach, detach
from fairway.runs.actions.attachments import may_read, path_of
from fairway.runs.models import Attachment, Run
from fairway.runs.permissions import reads_confidential
from fairway.runs.queries import load_run

router = Router(tags=["files"])
COLUMNS = ("id", "run_id", "name", "kind", "size", "digest", "confidential", "created_at", "created_by_id")
NAMED = {"run_id": "run", "digest": "sha256", "created_by_id": "created_by"}


class FileOut(Schema):
    """A file kept with a run. `kind` is what was found in it, whatever its name says."""

    id: int
    run: int
    name: str
    kind: str
    size: int
    sha256: str
    confidential: bool
    created_at: datetime
    created_by: int | None


class FilePage(Schema):
    """A page of files."""

    items: list[FileOut]
    next: str | None


class FileFilters(Page):
    """Filters of the list of files."""

    run: Id


class NewFile(Schema):
    """Where a file belongs. `confidential`: for the deal's team only."""

    run: Id
    confidential: bool = False


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """A file as the API gives it."""
    return {NAMED.get(name, name): row[name] for name in COLUMNS}


def _seen(item: int, user: User) -> Attachment:
    found: Attachment = Attachment.objects.visible_to(scope_of(user)).select_related("run").get(pk=item)
    if not may_read(user, found):
        raise Attachment.DoesNotExist
    return found


def _one(attachment: Attachment, *, status: int = 200) -> HttpResponse:
    return reply(shape({name: getattr(attachment, name) for name in COLUMNS}), status=status)


@router.get("", response={200: FilePage}, operation_id="files_list")
@door(scope="files:read")
def list_files(request: HttpRequest, asked: Query[FileFilters]) -> HttpResponse:
    """List the files of a run, newest first; confidential ones for the deal's team only."""
    user = person(request)
    run = Run.objects.visible_to(scope_of(user)).filter(pk=asked.run).first()
    rows = Attachment.objects.filter(run=run) if run else Attachment.objects.none()
    if run is not None and not reads_confidential(user, run):
        rows = rows.filter(confidential=False)
    return reply(page_of(rows, COLUMNS, asked, shape))


@router.post("", response={201: FileOut}, operation_id="files_add")
@door(scope="files:write")
@posted
def add_file(request: HttpRequest, about: Form[NewFile], file: Annotated[UploadedFile, File()]) -> HttpResponse:
    """Keep a file (at most 25 MB) with a run; the same file again gives back the one that is there."""
    user = person(request)
    run = load_run(about.run, user)
    return _one(attach(run.pk, file=file, by=user, now=now(), confidential=about.confidential), status=201)


@router.get("/{item}", response={200: FileOut}, operation_id="files_get")
@door(scope="files:read")
def get_file(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give what is known of one file."""
    return _one(_seen(item, person(request)))


@router.get("/{item}/content", response={200: Any}, operation_id="files_content", openapi_extra={"responses": {200: {
    "description": "The file, to be saved.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}}})  # fmt: skip
@door(scope="files:read")
def get_content(request: HttpRequest, item: ItemId) -> HttpResponse | FileResponse:
    """Give the file itself."""
    found = _seen(item, person(request))
    path = path_of(found)
    if not path.is_file():
        raise Attachment.DoesNotExist
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@router.delete("/{item}", response={204: None}, operation_id="files_remove")
@door(scope="files:write")
def remove_file(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Take a file away; refused while a filled form names it."""
    user = person(request)
    detach(_seen(item, user).pk, by=user, now=now())
    return HttpResponse(status=204)

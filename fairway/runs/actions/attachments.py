"""Keeping files with a run: what they are is found out by their first bytes, never believed from their name."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from fairway.engine.conditions import Unmet
from fairway.engine.refused import Refused
from fairway.engine.spec import FormField, Text
from fairway.people.models import User
from fairway.runs.actions.retry import action
from fairway.runs.errors import Forbidden
from fairway.runs.models import Attachment, Record, Run
from fairway.runs.permissions import check_leads, reads_confidential, sees
from fairway.runs.turn import Turn
from fairway.sops.programs import program_of

MOST = 25 * 1024 * 1024  # bytes of one file
OTHER = "application/octet-stream"
PDF = "application/pdf"
# What a browser may show in place; everything else is handed over to be saved.
SHOWN_IN_PLACE = frozenset({PDF, "image/png", "image/jpeg"})
_BEGINNINGS = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"ID3", "audio/mpeg"),
)


def kind_of(beginning: bytes) -> str:
    """The media type by the first bytes of a file; octet-stream for what is not known."""
    for start, kind in _BEGINNINGS:
        if beginning.startswith(start):
            return kind
    return OTHER


def clean_name(name: str) -> str:
    """A file's name without folders and control characters, at most 200 characters, its ending kept."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip(" .") or "file"
    stem, dot, ending = plain.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: 199 - len(ending)]}.{ending}"
    return plain[:200]


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.MEDIA_ROOT)


def path_of(attachment: Attachment) -> Path:
    """Where one file lies."""
    return folder() / attachment.stored[:2] / attachment.stored


def existing_files(ids: Iterable[int]) -> set[int]:
    """Those of the files that there are."""
    return set(Attachment.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


@action
def attach(run_id: int, *, file: UploadedFile[Any], by: User, now: datetime, confidential: bool = False) -> Attachment:
    """Keep a file with a run. Whoever sees the run may add to it. The same file again: the one there is given back.

    Refused when it is empty or larger than 25 MB. Nothing is left on the disk when the transaction fails.
    """
    turn = Turn.begin(run_id, by=by, now=now)
    if not sees(by, turn.run):
        raise Forbidden
    if not file.size:
        raise _no("file.empty", "文件是空的", "The file is empty")
    if file.size > MOST:
        raise _no("file.too_large", "文件超过 25 MB,请压缩后再传", "The file is larger than 25 MB")
    stored = secrets.token_hex(24)
    name, digest, kind = clean_name(file.name or ""), hashlib.sha256(), OTHER
    target = folder() / stored[:2] / stored
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("xb") as out:
            for number, chunk in enumerate(file.chunks()):
                kind = kind_of(chunk) if number == 0 else kind
                digest.update(chunk)
                out.write(chunk)
        same = Attachment.objects.filter(run=turn.run, name=name, digest=digest.hexdigest()).first()
        if same is not None and same.confidential == confidential:
            target.unlink()
            return same
        with transaction.atomic():
            attachment = Attachment.objects.create(
                run=turn.run, name=name, stored=stored, kind=kind, size=file.size, digest=digest.hexdigest(),
                confidential=confidential, created_at=now, created_by=by,
            )  # fmt: skip
            turn.commit("file_added", {"file": attachment.pk, **({} if confidential else {"name": name})})
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return attachment


@action
def detach(attachment_id: int, *, by: User, now: datetime) -> Run:
    """Take a file away from its run: the file itself goes, the event keeps its name and digest.

    For who added it and who acts for the owner. Refused while a record names the file. Raises Attachment.DoesNotExist
    for one that is gone, or that the person may not see.
    """
    attachment = Attachment.objects.select_related("run").get(pk=attachment_id)
    if not may_read(by, attachment):
        raise Attachment.DoesNotExist(attachment_id)
    turn = Turn.begin(attachment.run_id, by=by, now=now)
    if attachment.created_by_id != by.pk:
        check_leads(by, turn.run, now)
    if attachment.pk in named_files(turn.run):
        raise _no("file.in_use", "已填的表单用到了这个文件,不能删除", "A filled form names this file, so it stays")
    path = path_of(attachment)
    name = {} if attachment.confidential else {"name": attachment.name}
    turn.commit("file_removed", {"file": attachment.pk, "digest": attachment.digest, **name})
    attachment.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return turn.run


def may_read(user: User, attachment: Attachment) -> bool:
    """Whether the person sees the run of the file, and what is confidential of it."""
    run = attachment.run
    return sees(user, run) and (not attachment.confidential or reads_confidential(user, run))


def named_files(run: Run) -> frozenset[int]:
    """The files that records of the run name, replaced records too: what was judged must stay readable."""
    forms = program_of(run.version_id).sop.forms
    wanted = [key for key, form in forms.items() if _file_fields(form.fields)]
    rows = Record.objects.filter(run=run, form__in=wanted).values_list("form", "values")
    return frozenset(id_ for form, values in rows for id_ in _named(forms[form].fields, values))


def _file_fields(fields: Iterable[FormField]) -> bool:
    return any({one.type, one.of} & _FILES or _file_fields(one.fields) for one in fields)


def _named(fields: Iterable[FormField], values: Mapping[str, Any]) -> Iterator[int]:
    for one in fields:
        value = values.get(one.key)
        if value is None:
            continue
        if {one.type, one.of} & _FILES:
            yield from [value] if isinstance(value, int) else value
        elif one.fields:
            for entry in value if isinstance(value, list) else [value]:
                yield from _named(one.fields, entry)


_FILES = frozenset({"file", "files"})


def _no(code: str, zh: str, en: str) -> Refused:
    return Refused([Unmet(code, Text(zh_hans=zh, en=en), waivable=False)])

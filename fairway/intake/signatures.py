"""What a file is by its bytes, whatever its name says; what is no table is refused before anything opens it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairway.intake import limits
from fairway.intake.errors import Unreadable

TEXT, WORKBOOK = "text", "workbook"
HEAD = 4096

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = {name: name.encode("utf-16-le") for name in ("Workbook", "Book", "EncryptedPackage")}
_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_FOREIGN = (
    (b"%PDF", gettext_lazy("a PDF document")),
    (b"\x89PNG", gettext_lazy("a picture")),
    (b"\xff\xd8\xff", gettext_lazy("a picture")),
    (b"GIF8", gettext_lazy("a picture")),
    (b"\x1f\x8b", gettext_lazy("a compressed archive")),
    (b"7z\xbc\xaf\x27\x1c", gettext_lazy("a compressed archive")),
    (b"Rar!", gettext_lazy("a compressed archive")),
    (b"BZh", gettext_lazy("a compressed archive")),
    (b"\xfd7zXZ", gettext_lazy("a compressed archive")),
    (b"\x28\xb5\x2f\xfd", gettext_lazy("a compressed archive")),
    (b"SQLite format 3", gettext_lazy("a database")),
    (b"PAR1", gettext_lazy("a Parquet file")),
    (b"MZ", gettext_lazy("a program")),
    (b"\x7fELF", gettext_lazy("a program")),
)
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<svg", b"<workbook")
_JSON = re.compile(rb'[{\[]\s*["{\[\]}]')
_UTF_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x00\x00\xfe\xff")


def kind_of(data: bytes) -> str:
    """TEXT or WORKBOOK. Raises Unreadable for what is neither, is locked, is empty or would unfold too far."""
    if len(data) > limits.FILE_BYTES:
        raise Unreadable(
            "file_size",
            _("The file has %(found)s MB; %(limit)s MB are allowed.")
            % {"found": f"{len(data) / 2**20:,.0f}", "limit": f"{limits.FILE_BYTES / 2**20:,.0f}"},
        )
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty", _("The file is empty. A table with a header row is expected."))
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return _zipped(data)
    if data.startswith(_OLE):
        return _ole(data)
    head = data[:HEAD]
    for mark, name in _FOREIGN:
        if head.startswith(mark):
            raise _not_a_table(str(name))
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise _not_a_table(_("a web page or XML under another name"))
    if _JSON.match(head.lstrip(b"\xef\xbb\xbf \t\r\n")):
        raise _not_a_table(_("a JSON file"))
    if b"\0" in head and not head.startswith(_UTF_MARKS) and not _is_wide(head):
        raise _not_a_table(_("a binary file"))
    return TEXT


def _not_a_table(what: str) -> Unreadable:
    return Unreadable(
        "not_a_table",
        _("This is %(what)s. A CSV or Excel file is expected: open it and save it as .xlsx or .csv.") % {"what": what},
    )


def _is_wide(head: bytes) -> bool:
    """Whether it looks like UTF-16 or UTF-32 without a mark: NULs on the same side of every other byte."""
    return wide_encoding(head) is not None


def wide_encoding(data: bytes) -> str | None:
    """The encoding of wide text without a byte-order mark, by where its NULs stand; None for other text."""
    sample = data[:HEAD]
    sample = sample[: len(sample) // 4 * 4]
    if len(sample) < 4:
        return None
    quarters = [sample[place::4].count(0) / (len(sample) // 4) for place in range(4)]
    low, high = 0.05, 0.6
    is_zero = [share > high for share in quarters]
    is_full = [share < low for share in quarters]
    if is_zero[1] and is_zero[2] and is_zero[3] and is_full[0]:
        return "utf-32-le"
    if is_zero[0] and is_zero[1] and is_zero[2] and is_full[3]:
        return "utf-32-be"
    if is_zero[1] and is_zero[3] and is_full[0] and is_full[2]:
        return "utf-16-le"
    if is_zero[0] and is_zero[2] and is_full[1] and is_full[3]:
        return "utf-16-be"
    return None


def _ole(data: bytes) -> str:
    if _STREAMS["EncryptedPackage"] in data:
        raise _locked()
    if _STREAMS["Workbook"] in data or _STREAMS["Book"] in data:
        return WORKBOOK
    raise _not_a_table(_("an old Office document without a sheet"))


def _locked() -> Unreadable:
    return Unreadable(
        "encrypted", _("The workbook is protected by a password. Remove the password, save it and choose it again.")
    )


def _zipped(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > limits.ENTRIES:
                raise _unfolds(_("%(count)s parts") % {"count": f"{len(entries):,}"})
            if any(entry.flag_bits & 1 for entry in entries):
                raise _locked()
            _check_expansion(archive, entries, len(data))
            names = {entry.filename.lower() for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, zlib.error):
        raise Unreadable(
            "broken", _("The file is damaged and cannot be opened. Save it again in Excel and choose it anew.")
        ) from None
    if not names.intersection(_WORKBOOKS):
        what = _("a Word document") if "word/document.xml" in names else _("a compressed archive")
        raise _not_a_table(what)
    return WORKBOOK


def _check_expansion(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Unpack the parts to see how much they really hold: what a header says of itself may be a lie."""
    most = min(limits.UNPACKED_BYTES, max(limits.UNPACKED_FREE, packed * limits.EXPANSION))
    if sum(entry.file_size for entry in entries) > most:
        raise _unfolds(_("%(size)s MB") % {"size": f"{most / 2**20:,.0f}"})
    left = most
    for entry in entries:
        with archive.open(entry) as part:
            while block := part.read(1 << 20):
                left -= len(block)
                if left < 0:
                    raise _unfolds(_("%(size)s MB") % {"size": f"{most / 2**20:,.0f}"})


def _unfolds(what: str) -> Unreadable:
    return Unreadable(
        "expansion", _("The workbook unfolds to more than %(what)s, which no table of leads does.") % {"what": what}
    )

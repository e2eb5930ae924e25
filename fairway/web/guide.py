"""The user guide: chapters in both languages, with their pictures, as they lie in docs/guide (or in the package)."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import markdown
from django.utils.safestring import SafeString, mark_safe

PACKAGE = Path(__file__).resolve().parent
PLACES = (PACKAGE / "guide", PACKAGE.parents[1] / "docs" / "guide")
"""In an installed package, else in the checkout."""

PICTURE = re.compile(r"[a-z0-9-]{1,40}\.webp")
_PICTURE_OF = re.compile(r'src="pictures/([a-z0-9-]+)\.webp"')


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: its key in the address, its title, its text as HTML."""

    key: str
    title: str
    html: SafeString


def folder() -> Path | None:
    """Where the guide lies; None where it was not installed."""
    return next((place for place in PLACES if place.is_dir()), None)


@functools.cache
def chapters(language: str) -> Sequence[Chapter]:
    """The chapters in a language, in order; none where the guide was not installed."""
    place = folder()
    if place is None:
        return ()
    short = "zh" if language.startswith("zh") else "en"
    found = sorted((place / short).glob("*.md"), key=lambda path: int(path.stem.partition("-")[0]))
    return tuple(_chapter(path, short) for path in found)


def chapter(key: str, language: str) -> Chapter | None:
    """One chapter, if there is such a one."""
    return next((one for one in chapters(language) if one.key == key), None)


def picture(language: str, name: str) -> Path | None:
    """The file of a picture; None where it was not taken."""
    place = folder()
    if place is None or not PICTURE.fullmatch(name):
        return None
    path = place / "pictures" / ("zh" if language.startswith("zh") else "en") / name
    return path if path.is_file() else None


def _chapter(path: Path, short: str) -> Chapter:
    """The files are ours: nothing in them comes from outside, so their HTML is trusted."""
    text = path.read_text("utf-8")
    title, _newline, body = text.removeprefix("# ").partition("\n")
    html = markdown.markdown(body, output_format="html")
    html = _PICTURE_OF.sub(rf'loading="lazy" src="/help/pictures/{short}/\1.webp"', html)
    return Chapter(path.stem.partition("-")[2], title.strip(), mark_safe(html))  # noqa: S308 - our own files

"""The Chinese catalogues: where they are, and how they are compiled. Needs polib alone, so that a build can use it."""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "fairway"
LANGUAGE = "zh_Hans"


def catalogue_path(folder: Path) -> Path:
    """Say where the catalogue of an app's folder is."""
    return folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def catalogue_paths() -> list[Path]:
    """Find the catalogues that exist."""
    return sorted(PACKAGE.glob(f"**/locale/{LANGUAGE}/LC_MESSAGES/django.po"))


def compile_all() -> list[Path]:
    """Compile every catalogue beside itself where it changed; return the compiled files, all of them."""
    compiled = []
    for path in catalogue_paths():
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= path.stat().st_mtime:
            polib.pofile(str(path)).save_as_mofile(str(target))
        compiled.append(target)
    return compiled

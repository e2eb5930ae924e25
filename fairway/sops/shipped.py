"""The SOPs that ship: a folder each, with its document and its scenarios."""

from importlib.resources import files

FOLDER = files("fairway.sops") / "library"


def keys() -> tuple[str, ...]:
    """The keys of the shipped SOPs, in order."""
    return tuple(sorted(each.name for each in FOLDER.iterdir() if (each / "sop.yaml").is_file()))


def document(key: str) -> str:
    """The document of a shipped SOP. Raises KeyError where none has that key."""
    if key not in keys():
        raise KeyError(key)
    return (FOLDER / key / "sop.yaml").read_text("utf-8")


def scenarios(key: str) -> dict[str, str]:
    """The scenarios beside a shipped SOP: their text by file name, in order."""
    folder = FOLDER / key / "scenarios"
    if key not in keys() or not folder.is_dir():
        return {}
    found = (each for each in folder.iterdir() if each.name.endswith(".yaml"))
    return {each.name: each.read_text("utf-8") for each in sorted(found, key=lambda each: each.name)}

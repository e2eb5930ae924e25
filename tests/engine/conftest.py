"""The small document with slips of the pen, for the tests that must bear any document."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings
from hypothesis import strategies as st

from fairway import sops

# Properties are judged by what they find, not by how busy the machine is.
settings.register_profile("fairway", deadline=None)
settings.load_profile("fairway")

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The engine knows no database, so that it is tried once and not again on the other one."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.once)


Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def scalars(node: Any) -> set[str]:
    """Every text of a tree, keys too."""
    if isinstance(node, dict):
        return set(node).union(*map(scalars, node.values()))
    if isinstance(node, list):
        return set().union(*map(scalars, node))
    return {node}


def mutated(draw: st.DrawFn, node: Any, words: list[str]) -> Any:
    """The tree with something in it dropped, doubled or said otherwise, somewhere below."""
    if isinstance(node, str):
        return draw(st.sampled_from(words))
    if not node:
        return node
    keys = sorted(node) if isinstance(node, dict) else range(len(node))
    key = draw(st.sampled_from(keys))
    how = draw(st.sampled_from(["below"] * 8 + ["drop", "double"]))
    copy = node.copy()
    if how == "below":
        copy[key] = mutated(draw, node[key], words)
    elif how == "drop":
        del copy[key]
    elif isinstance(copy, list):
        copy.insert(0, copy[key])
    else:
        copy[draw(st.sampled_from(words))] = copy[key]
    return copy


class Plain(Dumper):
    """Shares nothing between its parts."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@st.composite
def _mutants(draw: st.DrawFn, text: str) -> str:
    tree = yaml.load(text, Loader)
    words = sorted(scalars(tree))
    for _ in range(draw(st.integers(1, 4))):
        tree = mutated(draw, tree, words)
    return yaml.dump(tree, allow_unicode=True, Dumper=Plain)


@pytest.fixture(scope="session")
def mutants() -> st.SearchStrategy[str]:
    """The small document with one to four things in it dropped, doubled or said otherwise, as text."""
    return _mutants((HERE / "small.yaml").read_text())


@pytest.fixture(scope="session")
def shipped_mutants() -> st.SearchStrategy[str]:
    """Shipped documents with one to four things in them dropped, doubled or said otherwise, as text."""
    found = sorted(Path(sops.__file__).parent.glob("library/*/sop.yaml"))
    return st.sampled_from([path.read_text() for path in found]).flatmap(_mutants)

"""The small document with slips of the pen, for the tests that must bear any document."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings
from hypothesis import strategies as st

# Properties are judged by what they find, not by how busy the machine is.
settings.register_profile("fairway", deadline=None)
settings.load_profile("fairway")

TREE = yaml.load((Path(__file__).parent / "small.yaml").read_text(), yaml.BaseLoader)


def scalars(node: Any) -> set[str]:
    """Every text of a tree, keys too."""
    if isinstance(node, dict):
        return set(node).union(*map(scalars, node.values()))
    if isinstance(node, list):
        return set().union(*map(scalars, node))
    return {node}


WORDS = sorted(scalars(TREE))


def mutated(draw: st.DrawFn, node: Any) -> Any:
    """The tree with something in it dropped, doubled or said otherwise, somewhere below."""
    if isinstance(node, str):
        return draw(st.sampled_from(WORDS))
    if not node:
        return node
    keys = sorted(node) if isinstance(node, dict) else range(len(node))
    key = draw(st.sampled_from(keys))
    how = draw(st.sampled_from(["below"] * 8 + ["drop", "double"]))
    copy = node.copy()
    if how == "below":
        copy[key] = mutated(draw, node[key])
    elif how == "drop":
        del copy[key]
    elif isinstance(copy, list):
        copy.insert(0, copy[key])
    else:
        copy[draw(st.sampled_from(WORDS))] = copy[key]
    return copy


class Plain(yaml.SafeDumper):
    """Shares nothing between its parts."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@st.composite
def _mutants(draw: st.DrawFn) -> str:
    tree = TREE
    for _ in range(draw(st.integers(1, 4))):
        tree = mutated(draw, tree)
    return yaml.dump(tree, allow_unicode=True, Dumper=Plain)


@pytest.fixture(scope="session")
def mutants() -> st.SearchStrategy[str]:
    """The small document with one to four things in it dropped, doubled or said otherwise, as text."""
    return _mutants()

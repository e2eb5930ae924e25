"""The published schema: current, and saying yes and no where the reader does."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from fairway.engine.schema import json_schema, json_schema_text

ROOT = Path(__file__).parents[2]
SMALL = (Path(__file__).parent / "small.yaml").read_text()


class Core(yaml.SafeLoader):
    """YAML 1.2, as editors read it: `on` and `yes` are text."""


Core.yaml_implicit_resolvers = {
    first: rules for first, rules in Core.yaml_implicit_resolvers.items() if first not in "yYnNoO"
}


def as_an_editor_reads(text: str) -> object:
    """The document with numbers and booleans."""
    return yaml.load(text, Core)


def test_the_published_schema_is_current() -> None:
    published = (ROOT / "docs" / "sop.schema.json").read_text()
    assert published == json_schema_text(), "run: fairway sop schema > docs/sop.schema.json"


def test_an_editor_finds_nothing_in_a_good_document() -> None:
    assert list(jsonschema_rs.validator_for(json_schema()).iter_errors(as_an_editor_reads(SMALL))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("goal:", "gaol:"),
        ("stay: 21d", "stay: 21 days"),
        ("kind: pay", "kind: paid"),
        ("en: Pain}", "fr: Pain}"),
        ("scale: 3", "scale: 30"),
    ],
)
def test_an_editor_finds_a_fault(old: str, new: str) -> None:
    assert old in SMALL
    assert not jsonschema_rs.is_valid(json_schema(), as_an_editor_reads(SMALL.replace(old, new, 1)))


@pytest.mark.parametrize("new", ["required: false", "required: {fact: need.complex, is: yes}", "required: true"])
def test_the_short_forms_are_known(new: str) -> None:
    document = as_an_editor_reads(SMALL.replace("required: true", new, 1))
    assert jsonschema_rs.is_valid(json_schema(), document)


@pytest.mark.parametrize("stay", ["21d", "table.stay.needs"])
def test_a_span_is_written_or_read_from_a_table(stay: str) -> None:
    document = as_an_editor_reads(SMALL.replace("stay: 21d", f"stay: {stay}", 1))
    assert jsonschema_rs.is_valid(json_schema(), document)


def test_the_schema_is_json() -> None:
    assert json.loads(json_schema_text())["$schema"] == "https://json-schema.org/draft/2020-12/schema"

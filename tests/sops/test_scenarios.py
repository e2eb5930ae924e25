"""What ships is free of mistakes, and each of its scenarios comes out as it says (given, when, then)."""

import pytest

from fairway.engine.calendars import shipped as calendar
from fairway.engine.checker import check
from fairway.engine.facts import Vocabulary
from fairway.engine.load import Loaded, load
from fairway.engine.program import Program
from fairway.engine.rehearse import rehearse
from fairway.engine.scenario import read_scenario
from fairway.people.roles import ROLES
from fairway.sops import shipped, vocabulary
from tests.sops.words import EFFECTS, FACTS, FILLABLE

KEYS = shipped.keys()
SCENARIOS = [(key, name, text) for key in KEYS for name, text in shipped.scenarios(key).items()]
_loaded: dict[str, Loaded] = {}
_programs: dict[str, Program] = {}


def loaded(key: str) -> Loaded:
    """A shipped document, read once."""
    if key not in _loaded:
        _loaded[key] = load(shipped.document(key), f"{key}/sop.yaml")
    return _loaded[key]


def program(key: str) -> Program:
    """A shipped document ready to run, made once."""
    if key not in _programs:
        _programs[key] = Program(loaded(key).sop, FACTS)
    return _programs[key]


@pytest.mark.parametrize(("key", "name", "text"), SCENARIOS, ids=[f"{key}/{name}" for key, name, _ in SCENARIOS])
def test_a_scenario_comes_out_as_it_says(key, name, text):
    read = read_scenario(text, name)
    assert read.scenario.sop == key
    failures = rehearse(read, program(key), calendar(program(key).sop.calendar))
    assert [failure.located(f"{key}/scenarios/{name}") for failure in failures] == []


@pytest.mark.parametrize("key", KEYS)
def test_every_shipped_procedure_has_scenarios(key):
    assert len(shipped.scenarios(key)) >= 5


@pytest.mark.parametrize("key", KEYS)
def test_a_shipped_document_has_no_mistakes(key):
    document = loaded(key)
    found = check(document, Vocabulary.of(document.sop, FACTS), effects=EFFECTS, fillable=FILLABLE)
    assert [finding.located(f"{key}/sop.yaml") for finding in found] == []
    assert document.sop.sop == key
    assert set(document.sop.roles) <= set(ROLES)


def test_what_the_domains_declare_is_what_the_documents_rely_on():
    declared = {spec.name: spec for spec in vocabulary.declared_facts()}
    served = {name.partition(".")[0] for name in declared}
    relied = {spec.name: spec.type for spec in FACTS if spec.name.partition(".")[0] in served}
    assert relied
    assert {name: declared[name].type for name in relied if name in declared} == relied
    assert {name for name in FILLABLE if name.partition(".")[0] in served} <= vocabulary.fillable()

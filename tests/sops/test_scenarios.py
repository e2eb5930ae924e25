"""What ships is free of mistakes, and each of its scenarios comes out as it says (given, when, then)."""

from datetime import UTC, datetime

import pytest

from fairway.engine.calendars import shipped as calendar
from fairway.engine.load import Loaded, load
from fairway.engine.program import Program
from fairway.engine.rehearse import rehearse
from fairway.engine.scenario import read_scenario
from fairway.sops import shipped, vocabulary
from fairway.sops.actions import install_library
from fairway.sops.checking import check_text
from fairway.sops.rehearsing import play, play_shipped, program_of_text

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
        _programs[key] = Program(loaded(key).sop, vocabulary.declared_facts())
    return _programs[key]


@pytest.mark.parametrize(("key", "name", "text"), SCENARIOS, ids=[f"{key}/{name}" for key, name, _ in SCENARIOS])
def test_a_scenario_comes_out_as_it_says(key, name, text):
    read = read_scenario(text, name)
    assert read.scenario.sop == key
    failures = rehearse(read, program(key), calendar(program(key).sop.calendar))
    assert [failure.located(f"{key}/scenarios/{name}") for failure in failures] == []


def test_a_version_of_the_firm_is_played_against_what_ships(db):
    text = shipped.document("complaint")
    assert all(rehearsal.passed for rehearsal in play_shipped(program_of_text(text)))
    assert "answer: 24h" in text
    slower = program_of_text(text.replace("answer: 24h", "answer: 30h"))
    failed = [rehearsal for rehearsal in play_shipped(slower) if not rehearsal.passed]
    assert "normal_answer_24h.yaml" in {rehearsal.name for rehearsal in failed}
    assert all(rehearsal.title and rehearsal.findings for rehearsal in failed)


def test_a_scenario_that_cannot_be_read_says_why(db):
    (finding,) = play(program_of_text(shipped.document("complaint")), "scenario: [", "mine.yaml").findings
    assert finding.code == "syntax"


@pytest.mark.parametrize("key", KEYS)
def test_every_shipped_procedure_has_scenarios(key):
    assert len(shipped.scenarios(key)) >= 5


@pytest.mark.parametrize("key", KEYS)
def test_a_shipped_document_has_no_mistakes(db, key):
    _, findings = check_text(shipped.document(key), key=key)
    assert [finding.located(f"{key}/sop.yaml") for finding in findings] == []


def test_everything_that_ships_is_published_by_itself(db):
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert [(version.key, version.number) for version in install_library(now=now)] == [(key, 1) for key in KEYS]
    assert install_library(now=now) == []

"""`fairway sop`: what an author types before and when publishing."""

import argparse
import json
from pathlib import Path

import pytest

from fairway.commands import sop
from fairway.sops import queries
from fairway.sops.actions import publish, save_draft
from fairway.sops.vocabulary import declared_facts
from tests.sops.conftest import NOW, PLAIN

SCENARIO = """\
scenario: {zh-hans: 填写后赢单, en: Writing wins}
sop: plain
given: {at: "2026-03-02T09:00:00+08:00"}
steps:
  - do: {advance: null}
    expect: {refused: [write]}
  - do: {complete: write, values: {words: 好}}
  - do: {advance: null}
    expect: {outcome: won}
"""


@pytest.fixture
def fairway(capsys):
    """Run the command; return (exit status, standard output, standard error)."""

    def run(*argv):
        parser = argparse.ArgumentParser()
        sop.add_arguments(parser)
        status = sop.run(parser.parse_args([*argv, *([] if argv[0] == "schema" else ["--language", "en"])]))
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def file(tmp_path):
    """A file with the text of the plain document, changed as told."""

    def write(*change, name="plain.yaml", text=PLAIN):
        if change:
            assert change[0] in text
            text = text.replace(*change)
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def test_a_good_document_says_nothing(db, fairway, file):
    assert fairway("check", file()) == (0, "", "")


def test_mistakes_are_said_with_file_line_and_column(db, fairway, file):
    name = file("form: note\n", "form: notes\n")
    status, said, _ = fairway("check", name)
    assert status == 1
    assert said.splitlines() == [
        f"{name}:7:3: warning: forms.note: No step uses the form “note”.",
        f"{name}:18:9: error: stages.work.steps.write.form: There is no form “notes”. Did you mean “note”?",
    ]


def test_mistakes_are_said_in_the_language_that_is_asked_for(db, capsys, file):
    parser = argparse.ArgumentParser()
    sop.add_arguments(parser)
    assert sop.run(parser.parse_args(["check", file("subject: deal", "subject: dael"), "--language", "zh-hans"])) == 1
    assert "错误: subject: “dael”不在可选值之中" in capsys.readouterr().out


def test_a_warning_alone_is_no_failure(db, fairway, file):
    extra = "forms:\n  spare: {title: {zh-hans: 备用, en: Spare}, fields: []}\n"
    status, said, _ = fairway("check", file("forms:\n", extra))
    assert status == 0
    assert ": warning: forms.spare: " in said


def test_findings_come_as_json_for_programs(db, fairway, file):
    name = file("form: note\n", "form: notes\n")
    status, said, _ = fairway("check", name, "--json")
    assert status == 1
    assert [finding["line"] for finding in json.loads(said)[name]] == [7, 18]


def test_what_changes_is_said_against_the_current_version(people, fairway, file):
    publish(PLAIN, by=people.manager, now=NOW)
    assert fairway("diff", "plain", file("14d", "7d")) == (0, "Stage Work, Clock: longest stay 14 days → 7 days\n", "")
    publish(PLAIN.replace("14d", "3d"), by=people.manager, now=NOW)
    save_draft("plain", PLAIN.replace("14d", "1d"), by=people.manager, now=NOW)
    assert fairway("diff", "plain@1", "plain@2")[1] == "Stage Work, Clock: longest stay 14 days → 3 days\n"
    assert fairway("diff", "plain@2", "plain@draft")[1] == "Stage Work, Clock: longest stay 3 days → 1 day\n"


@pytest.mark.parametrize(
    "name", ["nothing", "nothing@1", "plain@x", "nothing@draft", "nothing@shipped", "no/file.yaml"]
)
def test_a_document_that_is_not_there_is_said(db, fairway, name):
    status, said, error = fairway("diff", name, name)
    assert (status, said) == (1, "")
    assert error.startswith("fairway sop: ")


def test_scenarios_are_played_against_a_document(db, fairway, file):
    scenario = file(name="one.yaml", text=SCENARIO)
    assert fairway("scenario", scenario, "--document", file()) == (0, "scenarios played: 1, failed: 0\n", "")
    other = file("required: true, ", "", name="other.yaml")
    changed = file("required: true, ", "required: true, at_least: 3, ", name="third.yaml")
    assert fairway("scenario", scenario, "--document", other)[0] == 0
    assert fairway("scenario", scenario, "--document", changed)[0] == 0


def test_a_scenario_that_does_not_come_out_fails_with_its_line(db, fairway, file):
    scenario = file("outcome: won", "outcome: lost", name="one.yaml", text=SCENARIO)
    status, said, _ = fairway("scenario", scenario, "--document", file())
    assert status == 1
    assert f"{scenario}:9:14: error: steps.2.expect.outcome: expected lost, but it is won" in said
    assert said.endswith("scenarios played: 1, failed: 1\n")


def test_the_scenarios_that_ship_are_found_by_the_key(db, fairway):
    status, said, error = fairway("scenario", "nothing")
    assert (status, said) == (1, "")
    assert "no procedure nothing ships" in error


def test_publishing_says_the_new_version_and_the_same_again_changes_nothing(db, fairway, file):
    assert fairway("publish", file(), "--note", "First") == (0, "plain@1\n", "")
    assert fairway("publish", file()) == (0, "plain@1\n", "")
    version = queries.current("plain")
    assert (version.note, version.published_by) == ("First", None)


def test_a_document_with_mistakes_is_not_published(db, fairway, file):
    status, said, error = fairway("publish", file("form: note\n", "form: notes\n"))
    assert (status, said) == (1, "")
    assert ":18:9: error: stages.work.steps.write.form" in error
    path = file()
    Path(path).write_bytes(b"\xff\xfe")
    status, _, error = fairway("publish", path)
    assert status == 1
    assert "UTF-8" in error
    assert queries.current("plain") is None


def test_an_old_version_is_published_again(people, fairway, file):
    publish(PLAIN, by=people.manager, now=NOW)
    publish(PLAIN.replace("14d", "7d"), by=people.manager, now=NOW)
    assert fairway("rollback", "plain@1") == (0, "plain@3\n", "")
    assert fairway("rollback", "plain@9")[0] == 1
    status, said, _ = fairway("list")
    assert status == 0
    assert said.startswith("plain@3\t")
    assert said.endswith("\tPlain\n")


def test_the_words_of_conditions_are_shown(db, fairway):
    status, said, _ = fairway("facts")
    assert status == 0
    assert all(f"\n{spec.name}" in "\n" + said for spec in declared_facts())
    _, said, _ = fairway("facts", "--json")
    assert [fact["name"] for fact in json.loads(said)["facts"]] == [spec.name for spec in declared_facts()]


def test_the_schema_is_printed(db, fairway):
    status, said, _ = fairway("schema")
    assert status == 0
    assert json.loads(said)["title"] == "Fairway SOP"

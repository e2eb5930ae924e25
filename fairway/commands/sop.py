"""`fairway sop`: check, compare, rehearse and publish procedures from the command line."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from fairway import home
from fairway.engine.diff import diff
from fairway.engine.findings import DocumentRefused, Finding, say
from fairway.engine.load import load
from fairway.engine.program import Program
from fairway.engine.scenario import read_scenario
from fairway.engine.schema import json_schema_text
from fairway.people.errors import Refused
from fairway.runs.texts import role_texts
from fairway.sops import queries, shipped
from fairway.sops.actions import publish, roll_back
from fairway.sops.checking import as_json, check_text
from fairway.sops.errors import NotPublishable
from fairway.sops.models import SopVersion
from fairway.sops.rehearsing import play, program_of_text
from fairway.sops.vocabulary import declared_facts, effects, fillable

HELP = "Check, compare, rehearse and publish procedures."
EXAMPLES = """  fairway sop check my-sop.yaml                 every mistake with its line; without a file, what ships
  fairway sop diff new-business my-sop.yaml     what would change against the current version
  fairway sop diff complaint@1 complaint@3      between two published versions
  fairway sop scenario new-business             play the scenarios that ship with it
  fairway sop scenario --document my-sop.yaml scenarios/*.yaml
  fairway sop publish my-sop.yaml --note "Two days for A leads"
  fairway sop rollback new-business@2           publish an old version again
  fairway sop list                              what is published
  fairway sop facts                             the words that conditions may use
  fairway sop schema > sop.schema.json          for an editor that checks while one types

a document is a file, KEY (its current version), KEY@NUMBER, KEY@draft or KEY@shipped"""

LANGUAGES = ("en", "zh-hans")


class NotFound(LookupError):
    """There is no such document."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    language = argparse.ArgumentParser(add_help=False)
    language.add_argument(
        "--language", choices=LANGUAGES, default=home.language(os.environ), help="default: as the terminal's"
    )
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    check = what.add_parser("check", parents=[language], help="say every mistake with its line")
    check.add_argument("documents", nargs="*", metavar="DOCUMENT", help="default: all that ship")
    check.add_argument("--json", action="store_true", help="for programs, in both languages")
    check.set_defaults(do=_check)
    compare = what.add_parser("diff", parents=[language], help="say what differs between two documents")
    compare.add_argument("old", metavar="OLD")
    compare.add_argument("new", metavar="NEW")
    compare.set_defaults(do=_diff)
    scenario = what.add_parser("scenario", parents=[language], help="play scenarios")
    scenario.add_argument("scenarios", nargs="*", metavar="FILE|KEY", help="default: all that ship")
    scenario.add_argument("--document", default="", help="play them against this document (default: what ships)")
    scenario.set_defaults(do=_scenario)
    publishing = what.add_parser("publish", parents=[language], help="make a document the current version")
    publishing.add_argument("document", metavar="DOCUMENT")
    publishing.add_argument("--note", default="", help="why, for the list of versions")
    publishing.set_defaults(do=_publish)
    rollback = what.add_parser("rollback", parents=[language], help="publish an old version again")
    rollback.add_argument("version", metavar="KEY@NUMBER")
    rollback.add_argument("--note", default="", help="why, for the list of versions")
    rollback.set_defaults(do=_rollback)
    what.add_parser("list", parents=[language], help="show what is published").set_defaults(do=_list)
    facts = what.add_parser("facts", parents=[language], help="show the words that conditions may use")
    facts.add_argument("--json", action="store_true", help="for programs, in both languages")
    facts.set_defaults(do=_facts)
    what.add_parser("schema", help="print the JSON Schema of the language").set_defaults(do=_schema)


def run(args: argparse.Namespace) -> int:
    """Do what was asked. Returns 1 where something is wrong with a document, a scenario or the request."""
    try:
        return int(args.do(args))
    except NotPublishable as refused:
        _print_findings(refused.findings, refused.key, args.language)
    except DocumentRefused as refused:
        _print_findings(refused.findings, refused.name, args.language)
    except Refused as refused:
        for reason in refused.reasons:
            print(f"fairway sop: {reason.message}", file=sys.stderr)
    except (NotFound, OSError) as problem:
        print(f"fairway sop: {problem}", file=sys.stderr)
    return 1


# -- documents ---------------------------------------------------------------------------------------------------------


def _text(name: str) -> tuple[str, bytes]:
    """What a document is called in messages, and its text. Raises NotFound, OSError."""
    if Path(name).suffix or os.sep in name:
        return name, Path(name).read_bytes()
    key, _, which = name.partition("@")
    if which == "shipped":
        return name, _shipped(key).encode()
    if which == "draft":
        draft = queries.draft(key)
        found = draft.text if draft else None
    elif which:
        found = _version(key, which).text
    else:
        current = queries.current(key)
        found = current.text if current else None
    if found is None:
        raise NotFound(f"there is no document {name}")
    return name, found.encode()


def _shipped(key: str) -> str:
    try:
        return shipped.document(key)
    except KeyError:
        raise NotFound(f"no procedure {key} ships; these do: {', '.join(shipped.keys())}") from None


def _version(key: str, number: str) -> SopVersion:
    found = SopVersion.objects.filter(key=key, number=int(number)).first() if number.isdigit() else None
    if found is None:
        raise NotFound(f"there is no version {key}@{number}")
    return found


# -- what is done ------------------------------------------------------------------------------------------------------


def _check(args: argparse.Namespace) -> bool:
    names = args.documents or [f"{key}@shipped" for key in shipped.keys()]  # noqa: SIM118 (no mapping)
    found = {name: check_text(text)[1] for name, text in map(_text, names)}
    if args.json:
        report = {name: [as_json(finding) for finding in findings] for name, findings in found.items()}
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        for name, findings in found.items():
            _print_findings(findings, name, args.language, stream=sys.stdout)
    return any(finding.level == "error" for findings in found.values() for finding in findings)


def _diff(args: argparse.Namespace) -> bool:
    old, new = (load(text, name).sop for name, text in (_text(args.old), _text(args.new)))
    for change in diff(old, new, declared_facts(), role_texts()):
        print(change.text(args.language))
    return False


def _scenario(args: argparse.Namespace) -> bool:
    failed = played = 0
    programs: dict[str, Program] = {}
    for name, text in _scenarios(args.scenarios):
        played += 1
        document = args.document or f"{read_scenario(text, name).scenario.sop}@shipped"
        if document not in programs:
            programs[document] = program_of_text(_text(document)[1], document)
        rehearsal = play(programs[document], text, name)
        failed += not rehearsal.passed
        _print_findings(rehearsal.findings, name, args.language, stream=sys.stdout)
    summary = say(f"scenarios played: {played}, failed: {failed}", f"共演练 {played} 个场景，{failed} 个未通过")
    print(summary[args.language])
    return bool(failed) or not played


def _scenarios(names: list[str]) -> Iterator[tuple[str, str]]:
    """Each scenario's name and text: of files, or of all that ship with an SOP."""
    for name in names or shipped.keys():
        if Path(name).suffix or os.sep in name:
            yield name, Path(name).read_text("utf-8")
            continue
        _shipped(name)
        for file, text in shipped.scenarios(name).items():
            yield f"{name}/scenarios/{file}", text


def _publish(args: argparse.Namespace) -> bool:
    name, text = _text(args.document)
    try:
        version = publish(text.decode("utf-8"), note=args.note, by=None, now=datetime.now(UTC))
    except UnicodeDecodeError:
        _print_findings(check_text(text)[1], name, args.language)
        return True
    print(f"{version.key}@{version.number}")
    return False


def _rollback(args: argparse.Namespace) -> bool:
    key, _, number = args.version.partition("@")
    version = roll_back(_version(key, number), note=args.note, by=None, now=datetime.now(UTC))
    print(f"{version.key}@{version.number}")
    return False


def _list(args: argparse.Namespace) -> bool:
    for version in queries.current_versions():
        title = version.title_zh if args.language == "zh-hans" else version.title_en
        print(f"{version.key}@{version.number}\t{version.published_at:%Y-%m-%d %H:%M}Z\t{version.digest[:12]}\t{title}")
    return False


def _facts(args: argparse.Namespace) -> bool:
    fills = fillable()
    if args.json:
        rows = [
            {
                "name": spec.name,
                "type": spec.type,
                "title": spec.title.model_dump(by_alias=True),
                "values": list(spec.values),
                "fillable": spec.name in fills,
            }
            for spec in declared_facts()
        ]
        print(json.dumps({"facts": rows, "effects": sorted(effects())}, ensure_ascii=False, indent=1))
        return False
    for spec in declared_facts():
        star = "*" if spec.name in fills else ""
        values = f" ({', '.join(spec.values)})" if spec.values else ""
        print(f"{spec.name}{star}\t{spec.type}{values}\t{spec.title.in_language(args.language)}")
    print(say(f"effects: {', '.join(sorted(effects()))}", f"动作：{'、'.join(sorted(effects()))}")[args.language])
    return False


def _schema(args: argparse.Namespace) -> bool:
    print(json_schema_text(), end="")
    return False


_LEVELS = {"error": say("error", "错误"), "warning": say("warning", "提醒")}


def _print_findings(findings: Iterable[Finding], name: str, language: str, stream: TextIO | None = None) -> None:
    """`name:line:column: level: path: sentence`, a line each."""
    for finding in findings:
        level = _LEVELS[finding.level][language]
        place = f"{name}:{finding.line}:{finding.column}"
        path = f"{finding.path}: " if finding.path else ""
        print(f"{place}: {level}: {path}{finding.text(language)}", file=stream or sys.stderr)

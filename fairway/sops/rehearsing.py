"""Playing scenarios against a document before it is published, from the screen and the command line alike."""

from dataclasses import dataclass

from fairway.engine.findings import DocumentRefused, Finding
from fairway.engine.load import load
from fairway.engine.program import Program
from fairway.engine.rehearse import rehearse
from fairway.engine.scenario import read_scenario
from fairway.engine.spec import Text
from fairway.sops import shipped
from fairway.sops.calendars import calendar_of
from fairway.sops.vocabulary import declared_facts


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How one scenario came out: `title` None where it could not be read, `findings` none when it came as it says."""

    name: str
    title: Text | None
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came as expected."""
        return not self.findings


def program_of_text(text: str | bytes, name: str = "") -> Program:
    """A document ready to play with. Raises DocumentRefused."""
    return Program(load(text, name).sop, declared_facts())


def play(program: Program, text: str | bytes, name: str = "") -> Rehearsal:
    """Play one scenario. Nothing is stored, whatever it does. Raises KeyError for a calendar that is not there."""
    try:
        read = read_scenario(text, name)
    except DocumentRefused as refused:
        return Rehearsal(name, None, refused.findings)
    findings = rehearse(read, program, calendar_of(program.sop.calendar))
    return Rehearsal(name, read.scenario.scenario, tuple(findings))


def play_shipped(program: Program) -> list[Rehearsal]:
    """Play every scenario that ships with this SOP: what the firm's own version still does as the library's did."""
    return [play(program, text, name) for name, text in shipped.scenarios(program.sop.sop).items()]

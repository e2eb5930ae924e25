"""The `fairway` command: one subcommand per module of `fairway.commands`."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

import fairway.commands
from fairway import __version__, folder, lazily
from fairway.environment import BadEnvironment

STANDALONE = frozenset({"serve", "restore"})
"""Commands that run without Django: one stays small beside its children, the other lays down what is not there yet."""


class Command(Protocol):
    """What a module of `fairway.commands` gives: its words for --help, its arguments, and what it does."""

    HELP: str
    EXAMPLES: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do the work; return the exit status."""


def names() -> dict[str, str]:
    """Find the subcommands: what is typed, and the module it stands for (an underscore in front hides a module)."""
    modules = sorted(found.name for found in iter_modules(fairway.commands.__path__))
    return {module.rstrip("_").replace("_", "-"): module for module in modules if not module.startswith("_")}


def load(modules: Mapping[str, str]) -> dict[str, Command]:
    """Import command modules; Django must be set up. `modules` and the answer are by the name that is typed."""
    return {name: cast("Command", import_module(f"fairway.commands.{module}")) for name, module in modules.items()}


def build_parser(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """Make the parser for these commands."""
    parser = argparse.ArgumentParser(prog="fairway", description="Fairway: the sales SOP that runs itself.")
    parser.add_argument("--version", action="version", version=f"fairway {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in commands.items():
        subparser = subparsers.add_parser(
            name,
            help=command.HELP,
            description=command.HELP,
            epilog=f"examples:\n{command.EXAMPLES}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(subparser)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; `argv` without the program's name. Returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(arguments)
    except BadEnvironment as problem:
        print(f"fairway: {problem}", file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str]) -> int:
    lazily.put_off("psycopg")
    known = names()
    chosen = arguments[0] if arguments and arguments[0] in known else None
    # Only the chosen command is imported: the others would cost it their start-up time.
    wanted = {chosen: known[chosen]} if chosen else known
    if chosen is not None and not {"-h", "--help"} & set(arguments):
        folder.make()
    # By name, because it loads Django, which the standalone commands are to be spared.
    home = import_module("fairway.home") if chosen not in STANDALONE else None
    if home:
        home.set_up()
    commands = load(wanted)
    args = build_parser(commands).parse_args(arguments)
    if home:
        home.prepare()
    return commands[args.command].run(args)


if __name__ == "__main__":
    sys.exit(main())

"""`fairway user`: the people who may sign in, from the command line of the machine."""

import argparse
import getpass
import secrets
import sys
from datetime import UTC, datetime

from fairway.people.actions import roles, users
from fairway.people.errors import Refused
from fairway.people.models import Team, User
from fairway.people.roles import ROLES

HELP = "Make and list users, set passwords, deactivate."
EXAMPLES = """  fairway user create wang --email wang@example.com --name 王敏 --role rep --team 华东
  fairway user create boss --email boss@example.com --name 李总 --role admin --role manager
  fairway user list
  fairway user password wang                       asks for it, or makes one where nobody can be asked
  fairway user password wang --stdin < secret.txt
  fairway user deactivate wang                     ends the sessions too; `activate` lets in again
  fairway user role wang manager product           these roles and no others"""

PASSWORD_BYTES = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    create = what.add_parser("create", help="make a user; prints the password where one was made up")
    create.add_argument("username", help="what is typed to sign in")
    create.add_argument("--email", default="", help="for notices and for signing in")
    create.add_argument("--name", default="", help="as colleagues see it (default: the sign-in name)")
    create.add_argument("--role", action="append", default=[], choices=ROLES, help="may be given more than once")
    create.add_argument("--team", default="", help="the team's name")
    create.add_argument("--language", default="", choices=["", "zh-hans", "en"], help="default: as the browser asks")
    create.add_argument("--stdin", action="store_true", help="read the password from the standard input")
    create.set_defaults(do=_create)
    what.add_parser("list", help="show all users").set_defaults(do=_list)
    password = what.add_parser("password", help="set a user's password")
    password.add_argument("username")
    password.add_argument("--stdin", action="store_true", help="read it from the standard input")
    password.set_defaults(do=_password)
    for name, help_text, action in (
        ("deactivate", "shut a user out; what they did stays", users.deactivate),
        ("activate", "let a deactivated user in again", users.reactivate),
    ):
        switch = what.add_parser(name, help=help_text)
        switch.add_argument("username")
        switch.set_defaults(do=_switch, action=action)
    role = what.add_parser("role", help="set a user's roles")
    role.add_argument("username")
    role.add_argument("roles", nargs="*", metavar="ROLE", help=", ".join(ROLES))
    role.set_defaults(do=_roles)


def run(args: argparse.Namespace) -> int:
    """Do what was asked; say every reason when it is refused."""
    try:
        args.do(args)
    except Refused as refusal:
        for reason in refusal.reasons:
            where = f"{reason.field}: " if reason.field else ""
            print(f"fairway user: {where}{reason.message}", file=sys.stderr)
        return 1
    except (User.DoesNotExist, Team.DoesNotExist, Team.MultipleObjectsReturned) as problem:
        print(f"fairway user: {problem}", file=sys.stderr)
        return 1
    return 0


def _create(args: argparse.Namespace) -> None:
    password, made_up = _ask_password(from_stdin=args.stdin)
    user = users.create_user(
        username=args.username,
        email=args.email,
        display_name=args.name or args.username,
        team=Team.objects.current().get(name=args.team) if args.team else None,
        roles=args.role,
        language=args.language,
        password=password,
        by=None,
        now=datetime.now(UTC),
    )
    print(f"made {user.username}" + (f", password {password}" if made_up else ""))


def _list(_args: argparse.Namespace) -> None:
    rows = [("NAME", "SHOWN AS", "TEAM", "ROLES", "STATE")]
    rows += [
        (
            user.username,
            user.display_name,
            user.team.name if user.team else "-",
            ",".join(role for role in ROLES if role in user.role_keys) or "-",
            "active" if user.is_active else "deactivated",
        )
        for user in User.objects.with_roles().order_by("username")
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def _password(args: argparse.Namespace) -> None:
    user = _find(args.username)
    password, made_up = _ask_password(from_stdin=args.stdin)
    users.set_password(user, password, by=None, now=datetime.now(UTC))
    print(f"password of {user.username} " + (f"is now {password}" if made_up else "is set"))


def _switch(args: argparse.Namespace) -> None:
    user = args.action(_find(args.username), by=None, now=datetime.now(UTC))
    print(f"{user.username} is {'active' if user.is_active else 'deactivated'}")


def _roles(args: argparse.Namespace) -> None:
    user = _find(args.username)
    roles.set_roles(user, args.roles, by=None, now=datetime.now(UTC))
    print(f"{user.username} has {', '.join(role for role in ROLES if role in user.role_keys) or 'no roles'}")


def _find(username: str) -> User:
    try:
        return User.objects.get(username__iexact=username)
    except User.DoesNotExist as missing:
        raise User.DoesNotExist(f"there is no user {username!r}; `fairway user list` shows all") from missing


def _ask_password(*, from_stdin: bool) -> tuple[str, bool]:
    """Return a password, and whether it was made up because nobody could be asked."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if sys.stdin is not None and sys.stdin.isatty():
        typed = getpass.getpass("Password (empty: make one up): ")
        if typed:
            return typed, False
    return secrets.token_urlsafe(PASSWORD_BYTES), True

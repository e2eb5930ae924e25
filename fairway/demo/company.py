"""The people of the demo company 数启科技: three sales teams under a director, and those beside them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fairway.people.actions import teams, users
from fairway.people.models import RoleGrant, Team, User
from fairway.people.roles import ADMIN, FINANCE, LEGAL, MANAGER, PRODUCT, REP, SERVICE, SUPPORT

NAME = "数启科技"
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look alike: these are typed from paper
PASSWORD_LENGTH = 12
DOMAIN = "shuqi.example"  # reserved by RFC 2606: no mail to it ever arrives anywhere


@dataclass(frozen=True, slots=True)
class Account:
    """How one of the people signs in: name, password, and what they are."""

    login: str
    password: str
    name: str
    role: str
    team: str


PEOPLE: tuple[tuple[str, str, str, str], ...] = (
    ("zhao", "赵启", MANAGER, NAME),
    ("zhou", "周航", MANAGER, "销售部"),
    ("chen", "陈静", MANAGER, "华东组"),
    ("lin", "林晓", REP, "华东组"),
    ("wu", "吴迪", REP, "华东组"),
    ("he", "何军", MANAGER, "华南组"),
    ("huang", "黄敏", REP, "华南组"),
    ("tan", "谭磊", REP, "华南组"),
    ("sun", "孙悦", MANAGER, "华北组"),
    ("gao", "高原", REP, "华北组"),
    ("ma", "马宁", REP, "华北组"),
    ("xu", "徐凯", PRODUCT, "产品部"),
    ("luo", "罗成", SUPPORT, "技术部"),
    ("song", "宋雅", LEGAL, "职能部"),
    ("fang", "方琳", FINANCE, "职能部"),
    ("pan", "潘虹", SERVICE, "客服部"),
    ("admin", "管理员", ADMIN, "职能部"),
)
SALES_TEAMS = ("华东组", "华南组", "华北组")
OTHER_TEAMS = ("产品部", "技术部", "客服部", "职能部")


@dataclass(frozen=True, slots=True)
class Founded:
    """The people, how they sign in, and their teams."""

    accounts: list[Account]
    users: list[int]
    teams: list[int]


def found(now: datetime) -> Founded:
    """Make the teams and people; return how each signs in. Passwords are random and kept nowhere in clear.

    Where an administrator is here already the company brings none of its own; a sign-in name that is taken gets an
    ending.
    """
    made = _teams(now)
    accounts, ids = [], []
    wanted = [one for one in PEOPLE if one[2] != ADMIN or not RoleGrant.objects.filter(role=ADMIN).exists()]
    taken = {name.lower() for name in User.objects.values_list("username", flat=True)}
    addresses = {address.lower() for address in User.objects.values_list("email", flat=True)}
    for name_, shown, role, team in wanted:
        login = name_ if name_ not in taken else f"{name_}.demo"
        password = "".join(secrets.choice(LETTERS) for _ in range(PASSWORD_LENGTH))
        email = f"{login}@{DOMAIN}"
        user = users.create_user(
            username=login, email=email if email not in addresses else "", display_name=shown, team=made[team],
            roles=[role], password=password, by=None, now=now,
        )  # fmt: skip
        ids.append(user.pk)
        accounts.append(Account(login, password, shown, role, team))
    return Founded(accounts, ids, [team.pk for team in made.values()])


def _teams(now: datetime) -> dict[str, Team]:
    taken = Team.objects.current().filter(parent=None, name=NAME).exists()
    top = teams.create_team(f"{NAME}（演示）" if taken else NAME, by=None, now=now)
    sales = teams.create_team("销售部", parent=top, by=None, now=now)
    made = {NAME: top, "销售部": sales}
    made |= {name: teams.create_team(name, parent=sales, by=None, now=now) for name in SALES_TEAMS}
    made |= {name: teams.create_team(name, parent=top, by=None, now=now) for name in OTHER_TEAMS}
    return made


def reps(users_: Sequence[int]) -> list[User]:
    """The reps among these people, team by team."""
    return list(User.objects.with_roles().filter(pk__in=users_, grants__role=REP).order_by("pk"))

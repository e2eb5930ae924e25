"""The people of the demo company 数启科技: three sales teams under a director, and those beside them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from fairway.people.actions import teams, users
from fairway.people.models import Team, User
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


def found(now: datetime) -> list[Account]:
    """Make the teams and people; return how each signs in. Passwords are random and kept nowhere else."""
    made = _teams(now)
    accounts = []
    for login, name, role, team in PEOPLE:
        password = "".join(secrets.choice(LETTERS) for _ in range(PASSWORD_LENGTH))
        users.create_user(
            username=login, email=f"{login}@{DOMAIN}", display_name=name, team=made[team], roles=[role],
            password=password, by=None, now=now,
        )  # fmt: skip
        accounts.append(Account(login, password, name, role, team))
    return accounts


def _teams(now: datetime) -> dict[str, Team]:
    top = teams.create_team(NAME, by=None, now=now)
    sales = teams.create_team("销售部", parent=top, by=None, now=now)
    made = {NAME: top, "销售部": sales}
    made |= {name: teams.create_team(name, parent=sales, by=None, now=now) for name in SALES_TEAMS}
    made |= {name: teams.create_team(name, parent=top, by=None, now=now) for name in OTHER_TEAMS}
    return made


def reps() -> list[User]:
    """The reps, team by team."""
    logins = [login for login, _name, role, _team in PEOPLE if role == REP]
    found_ = {user.username: user for user in User.objects.with_roles().filter(username__in=logins)}
    return [found_[login] for login in logins]

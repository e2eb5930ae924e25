"""The base that is measured on: a sales company with its leads, runs, tasks, clocks and events."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from fairway.customers.normal import company_key, phone_key
from fairway.leads.actions import register_lead
from fairway.leads.models import Lead
from fairway.people.models import ApiToken, RoleGrant, Team, User
from fairway.people.scopes import SCOPES
from fairway.people.tokens import new_secret
from fairway.runs import actions
from fairway.runs.actions.starting import current_version
from fairway.runs.bulk import NewRun, start_many
from fairway.runs.copying import insert
from fairway.runs.models import Task

CHUNK = 10_000
CITIES = ("杭州", "苏州", "宁波", "深圳", "成都", "武汉", "青岛", "长沙", "合肥", "佛山")
TRADES = ("机电", "精工", "电子", "汽配", "食品", "医药", "建材", "纺织", "化工", "能源")
NAMES = ("启明", "宏达", "远航", "瑞丰", "华盛", "恒信", "金桥", "天成", "博雅", "联创")
SOURCES = ("online.website", "online.search", "offline.fair", "offline.referral", "internal.staff")
COLUMNS = (
    "run_id", "company", "company_key", "contact_name", "contact_title", "phone", "phone_key", "email", "email_key",
    "wechat", "industry", "company_size", "region", "source", "campaign", "keyword", "referrer", "need",
    "lawful_basis", "bant_grade", "budget_confirmed", "decision_maker_engaged", "need_clear", "mismatch", "created_at",
    "created_by_id",
)  # fmt: skip
LEAD = {"contact_name": "王芳", "contact_phone": "13800000001", "industry": "machinery", "company_size": "100-499",
        "source": "offline.fair"}  # fmt: skip


@dataclass
class Company:
    """Who asks, and what is asked for: leads that the rep may see, and ids below which a full page of them lies."""

    rep: User
    manager: User
    token: str
    session: str
    leads: list[int]
    later: list[int]
    moving: list[int]
    deal: int


def build(count: int, *, moving: int = 64) -> Company:
    """Make the company with `count` leads under way, and `moving` deals whose first gate is open both ways."""
    random.seed(7)
    top = Team.objects.create(name="销售部")
    teams = [Team.objects.create(name=f"{n}组", parent=top) for n in "一二三四五六"]
    managers = [_user(f"m{team.pk}", team, "manager") for team in teams]
    reps = [_user(f"r{team.pk}x{n}", team, "rep") for team in teams for n in range(5)]
    _leads(count, reps, managers[0])
    rep, manager = reps[0], managers[0]
    ids = list(Lead.objects.filter(run__team=rep.team).order_by("id").values_list("pk", flat=True))
    deals = [_deal(index, rep, manager) for index in range(moving)]
    return Company(rep, manager, _token(rep), _session(rep), ids, ids[len(ids) // 2 :], deals, deals[0])


def _user(name: str, team: Team, role: str) -> User:
    user = User.objects.create(username=name, display_name=name, team=team, email=f"{name}@example.com")
    RoleGrant.objects.create(user=user, role=role)
    return User.objects.with_roles().get(pk=user.pk)


def _leads(count: int, reps: list[User], by: User) -> None:
    version, now = current_version("new-business"), datetime.now(UTC)
    for first in range(0, count, CHUNK):
        names = [_name(index) for index in range(first, min(first + CHUNK, count))]
        owners = [random.choice(reps) for _ in names]
        starts = [now - timedelta(days=index % 30) for index in range(len(names))]
        rows = [NewRun(title=name, owner=owner, started_at=at) for name, owner, at in zip(names, owners, starts)]
        with transaction.atomic():
            runs = start_many(version, rows, face="lead", by=by, now=now, through="import")
            rows_of = enumerate(zip(runs, names))
            insert(Lead, COLUMNS, (_row(run, name, index, now, by) for index, (run, name) in rows_of))


def _name(index: int) -> str:
    city, trade = CITIES[index % 10], TRADES[index // 10 % 10]
    return f"{city}{NAMES[index // 100 % 10]}{index}{trade}有限公司"


def _row(run: int, name: str, index: int, now: datetime, by: User) -> list[Any]:
    phone = f"138{index % 10**8:08d}"
    return [
        run, name, company_key(name), "王芳", "", phone, phone_key(phone), "", "", "", "machinery", "100-499", name[:2],
        SOURCES[index % 5], "", "", "", "", "", "", False, False, False, False, now, by.pk,
    ]  # fmt: skip


def _deal(index: int, rep: User, manager: User) -> int:
    now = datetime.now(UTC)
    lead = register_lead({**LEAD, "company_name": f"搬运{index}有限公司"}, by=rep, now=now, owner=rep)
    run = lead.run_id
    actions.submit(run, step="score", raw={"fit_score": 4, "budget_score": 4, "urgency_score": 3}, by=rep, now=now)
    review = Task.objects.get(run_id=run, step="review", status=Task.OPEN)
    actions.decide_approval(review.pk, verdict="approve", by=manager, now=now)
    actions.log_contact(run, outcome="reached", channel="call", by=rep, now=now)
    actions.advance(run, by=rep, now=now)
    return int(lead.run.deal.pk)


def _token(user: User) -> str:
    secret, now = new_secret(), datetime.now(UTC)
    ApiToken.objects.create(
        user=user, name="bench", prefix=secret.prefix, digest=secret.digest, scopes=list(SCOPES), created_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    return secret.clear


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "fairway.people.backends.SignInBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)

"""Making the demo company: at once from the command line, in the background from the page."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fairway.customers.models import Account as Company
from fairway.demo import stage
from fairway.demo.company import Account
from fairway.demo.models import Demo
from fairway.demo.stage import Played
from fairway.people import audit
from fairway.people.actions.access import require_admin
from fairway.people.errors import Reason, Refused
from fairway.people.models import RoleGrant, User
from fairway.people.roles import ADMIN
from fairway.people.sealed import Unreadable, seal, unseal
from fairway.runs.jobs import GiveUp, owe
from fairway.runs.models import Event, Job, Run

SEALED = b"fairway demo accounts"


def here() -> Demo | None:
    """The demo company as it is, if there is one. One query."""
    return Demo.objects.filter(pk=1).first()


def why_not() -> Reason | None:
    """Why the demo company may not be made here, if so: its people would share their work with yours."""
    if Demo.objects.exists():
        return Reason("here", _("The demo company is here already."))
    admins = RoleGrant.objects.filter(role=ADMIN).values("user_id")
    if User.objects.filter(is_active=True).exclude(pk__in=admins).exists() or Run.objects.exists():
        return Reason(
            "in_use",
            _("People or leads are here already. Make the demo in a data folder of its own: "
              "FAIRWAY_HOME=/tmp/demo fairway demo, then fairway serve."),
        )  # fmt: skip
    return None


def ask_for(*, by: User | None, now: datetime) -> Demo:
    """Let the worker make the demo company. Raises Forbidden, Refused where it may not be made."""
    require_admin(by)
    with transaction.atomic():
        if (reason := why_not()) is not None:
            raise Refused(reason)
        demo = Demo.objects.create(pk=1, begun_at=now, by=by)
        audit.record("demo.asked", by=by, now=now, kind="demo", subject_id=demo.pk)
        owe("demo", f"demo:{now.isoformat()}", {}, now=now)
    return demo


def carry_out(job: Job, now: datetime) -> None:
    """Make what was asked for, in parts that are kept one by one, so that others may write meanwhile."""
    demo = here()
    if demo is None or demo.state != Demo.MAKING:
        return
    if demo.percent:  # a worker died over it: what it made is taken away by hand, nothing is made twice
        Demo.objects.filter(pk=1).update(state=Demo.FAILED, error="interrupted")
        raise GiveUp("interrupted")
    try:
        played = stage.make_in_parts(demo.begun_at, _tell)
    except Exception as error:
        _note_made(demo.begun_at, None)
        Demo.objects.filter(pk=1).update(state=Demo.FAILED, error=f"{type(error).__name__}: {error}"[:2000])
        raise GiveUp(str(error)) from error
    _note_made(demo.begun_at, played)


@transaction.atomic
def make(now: datetime) -> Played:
    """Make the company and play what happened until `now`: all of it or nothing."""
    Demo.objects.create(pk=1, begun_at=now)
    played = stage.make(now)
    _note_made(now, played)
    return played


def accounts(demo: Demo) -> list[Account]:
    """How the people of the demo sign in; nobody where another installation sealed it."""
    try:
        return [Account(*row) for row in json.loads(unseal(demo.accounts, SEALED))] if demo.accounts else []
    except Unreadable:
        return []


def _tell(percent: int, users: list[int], teams: list[int]) -> None:
    Demo.objects.filter(pk=1).update(percent=max(1, percent), users=users, teams=teams)


def _note_made(now: datetime, played: Played | None) -> None:
    """Write down what there is of it."""
    demo = Demo.objects.get(pk=1)
    users = played.users if played else demo.users
    by_them = Event.objects.filter(by__in=users).values("run_id")
    companies = set(Company.objects.filter(created_by__in=users).values_list("pk", flat=True))
    companies |= set(Run.objects.filter(pk__in=by_them, account__isnull=False).values_list("account_id", flat=True))
    runs = set(Run.objects.filter(pk__in=by_them).values_list("pk", flat=True))
    runs |= set(Run.objects.filter(account__in=companies).values_list("pk", flat=True))
    last = Event.objects.filter(run__in=runs).order_by("-pk").values_list("pk", flat=True).first()
    fields = {
        "state": Demo.HERE if played else Demo.FAILED, "done_at": now, "percent": 100, "users": users,
        "teams": played.teams if played else demo.teams, "runs": sorted(runs), "companies": sorted(companies),
        "last_event": last or 0,
    }  # fmt: skip
    if played:
        rows = [[one.login, one.password, one.name, one.role, one.team] for one in played.accounts]
        fields["accounts"] = seal(json.dumps(rows, ensure_ascii=False), SEALED)
    Demo.objects.filter(pk=1).update(**fields)

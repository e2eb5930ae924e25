"""Who may do what on a run. What one sees is `people.scope`; whether the SOP allows it, the engine decides.

`by` None is the system itself: the worker, a trigger, an import that was allowed as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from fairway.people.directory import ABOVE, OWNER, Directory
from fairway.people.models import User
from fairway.people.roles import MANAGER, REP
from fairway.people.scope import scope_of
from fairway.prepared import Prepared
from fairway.runs.errors import Forbidden
from fairway.runs.models import Participant, Run, Task, Waiver
from fairway.runs.people import directory


def sees(user: User, run: Run) -> bool:
    """Whether the person sees the run at all (F1)."""
    scope = scope_of(user)
    if scope.sees(owner_id=run.owner_id, team_id=run.team_id, pool=True):
        return True
    return takes_part(user, run)


def takes_part(user: User, run: Run) -> bool:
    """Whether the person is on the run's team or was asked to judge."""
    known: frozenset[int] | None = run.__dict__.get("_taking_part")
    if known is not None:
        return user.pk in known
    return _TAKING_PART.first(run.pk, user.pk) is not None


_TAKING_PART = Prepared(
    lambda run_id, user_id: Participant.objects.filter(run_id=run_id, user_id=user_id).order_by().values_list("id")[:1]
)


def sees_row(user: User, run_id: int, *, owner_id: int | None, team_id: int | None) -> bool:
    """The rule of `sees` where only these columns are read; who takes part is asked last."""
    if scope_of(user).sees(owner_id=owner_id, team_id=team_id, pool=True):
        return True
    return _TAKING_PART.first(run_id, user.pk) is not None


def taking_part(run: Run, participants: Iterable[Participant]) -> None:
    """Note who takes part, on a run that is only read: then nobody is asked for again."""
    run.__dict__["_taking_part"] = frozenset(one.user_id for one in participants)


def leads(user: User, run: Run, who: Directory, now: datetime) -> bool:
    """Whether the person may act for the owner: the owner, a stand-in, or a manager of the owner's team or above it.

    On a run that nobody owns yet every rep and manager who sees it may.
    """
    if run.owner_id is None:
        return bool({REP, MANAGER} & user.role_keys)
    if user.pk == run.owner_id or run.owner_id in who.acts_for(user.pk, now):
        return True
    return MANAGER in user.role_keys and run.team_id in scope_of(user).team_ids


def check_leads(user: User | None, run: Run, now: datetime) -> None:
    """Raise Forbidden unless the person sees the run and may act for its owner."""
    if user is None:
        return
    if not sees(user, run) or not leads(user, run, directory(now), now):
        raise Forbidden(_("Only the owner of this run, or a manager over them, may do this."))


def may_work(user: User, run: Run, task: Task, now: datetime) -> bool:
    """Whether the person may do the task: theirs, an absent colleague's, or of a role that they hold here."""
    who = directory(now)
    theirs = {user.pk, *who.acts_for(user.pk, now)}
    if task.kind != "customer" and task.assignee_id in theirs:
        return True
    if task.role in {OWNER, REP, "customer"}:
        return leads(user, run, who, now)
    if task.role in {MANAGER, ABOVE}:
        return _is_over(user, run, task.role, who)
    return who.holds(user.pk, task.role) and sees(user, run)


def _is_over(user: User, run: Run, role: str, who: Directory) -> bool:
    """Whether the person is a manager over the run (for `above`: not of the first level)."""
    levels = who.managers(run.team_id, besides=run.owner_id)
    return any(user.pk in level for level in (levels[1:] if role == ABOVE else levels))


def check_work(user: User | None, run: Run, task: Task, now: datetime) -> None:
    """Raise Forbidden unless the person may do the task."""
    if user is not None and not may_work(user, run, task, now):
        raise Forbidden(_("This is asked of somebody else."))


def check_judge(user: User, run: Run, task: Task, authors: set[int], now: datetime) -> None:
    """Raise Forbidden unless the person may judge: of the role, and not on work of their own."""
    check_work(user, run, task, now)
    if user.pk in authors:
        raise Forbidden(_("Nobody judges their own work; ask the next manager up."))


def reads_confidential(user: User, run: Run) -> bool:
    """Whether the person is on the deal's team: owner, participant, or manager over them (G1)."""
    scope = scope_of(user)
    if user.pk == run.owner_id or (MANAGER in scope.roles and run.team_id in scope.team_ids):
        return True
    return takes_part(user, run)


def may_judge(user: User, waiver: Waiver, who: Directory, now: datetime) -> bool:
    """Whether the person may grant or refuse the waiver: of the role the SOP names, and never who asked."""
    if user.pk == waiver.asked_by_id:
        return False
    judge = waiver.judge_id
    if judge is not None and (user.pk == judge or judge in who.acts_for(user.pk, now)):
        return True
    return any(user.pk in tier for tier in who.tiers(waiver.role, waiver.run.team_id))

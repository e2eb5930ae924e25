"""Who gets a lead: the first rule of the SOP that holds, then balance among those who fit and have room (L6)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count

from fairway.engine.spec import Assignment, AssignmentRule
from fairway.engine.view import RunView
from fairway.people.models import User
from fairway.runs.models import Run
from fairway.runs.turn import Turn


def assign_by_rules(turn: Turn, *, argument: str | None = None, value: str | None = None) -> None:
    """Give the run an owner by its SOP's rules; one that has an owner keeps it, and its clocks start now.

    Nobody suitable is told to the manager and the administrators: the lead stays visible, unowned.
    """
    if turn.run.owner_id is not None:
        turn.assign(turn.run.owner)
        return
    rules = turn.program.sop.assignment
    chosen = choose(turn, rules) if rules else None
    if chosen is None:
        turn.rows.tell(("manager", "admin"), "nobody_suitable", {})
        return
    turn.assign(User.objects.get(pk=chosen))


def choose(turn: Turn, rules: Assignment) -> int | None:
    """The person whom the rules give the run to, or None."""
    view = RunView(turn.program, turn.state, turn.facts, turn.now, turn.calendar)
    for rule in rules.rules:
        if view.holds(rule.when):
            tiers = turn.directory.tiers(rule.role, turn.run.team_id)
            for tier in tiers:
                fit = [one for one in tier if _present(turn, one) and _fits(turn, rule, one)]
                found = _balanced(turn, rules, fit)
                if found is not None:
                    return found
    return None


def _present(turn: Turn, user_id: int) -> bool:
    return turn.directory.leave(user_id, turn.now) is None


def _fits(turn: Turn, rule: AssignmentRule, user_id: int) -> bool:
    """Whether the person's territories and industries, where they have any, hold the lead's."""
    person = turn.directory.people[user_id]
    for what in rule.match:
        wanted = turn.facts.get("lead.region" if what == "territory" else "lead.industry")
        mine = person.territories if what == "territory" else person.industries
        if mine and not any(str(wanted or "").startswith(one) for one in mine):
            return False
    return True


def _balanced(turn: Turn, rules: Assignment, fit: list[int]) -> int | None:
    """The one with the fewest open runs and room for one more; by turns where the SOP says so."""
    if not fit:
        return None
    load = _load(fit)
    grade = turn.state.grade or ""
    most = rules.at_most.get(grade, rules.at_most.get("*"))
    with_room = [one for one in fit if most is None or load.get(one, 0) < most]
    if rules.balance == "round_robin":
        last = _last_assigned(with_room)
        return next((one for one in sorted(with_room) if one > last), min(with_room, default=None))
    return min(with_room, key=lambda one: (load.get(one, 0), one), default=None)


def _load(users: list[int]) -> Mapping[int, int]:
    rows = Run.objects.open().filter(owner_id__in=users).order_by().values_list("owner_id").annotate(Count("id"))
    return dict(rows)


def _last_assigned(users: list[int]) -> int:
    last = Run.objects.filter(owner_id__in=users).order_by("-id").values_list("owner_id", flat=True).first()
    return last or 0

"""The one way round a gate: asked for with a reason, granted by the role the SOP names (F33, behaviour 2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fairway.engine.commands import Waive
from fairway.engine.decide import standing_reasons
from fairway.engine.refused import refuse
from fairway.people.models import User
from fairway.runs.actions.retry import action
from fairway.runs.errors import Forbidden
from fairway.runs.models import Participant, Waiver
from fairway.runs.permissions import check_leads, may_judge
from fairway.runs.turn import Turn


@action
def ask_waiver(
    run_id: int, *, codes: Iterable[str], why: str, by: User, now: datetime, control: str = "",
    until: datetime | None = None, revision: int | None = None,
) -> Waiver:  # fmt: skip
    """Ask for a way round the named reasons of the present gate. `control`: what is done instead.

    Refused for reasons that may not be waived or do not stand, where the SOP names no one to grant it, or without why.
    The same asked already: that waiver is given back.
    """
    turn = Turn.begin(run_id, by=by, now=now, revision=revision)
    check_leads(by, turn.run, now)
    if not why.strip():
        raise refuse("reason.needed")
    standing = {
        reason.code: reason
        for reason in standing_reasons(turn.program, turn.state, turn.facts, now, turn.calendar)
        if reason.waivable
    }
    wanted = sorted(set(codes))
    role = turn.program.stages[turn.run.stage].waiver
    if role is None or not wanted or any(code not in standing for code in wanted):
        barred = next((code for code in wanted if code not in standing), "—")
        raise refuse("waiver.not_allowed", barred)
    asked = Waiver.objects.filter(run=turn.run, visit=turn.run.visit, verdict=Waiver.ASKED)
    for waiver in asked:
        if waiver.codes == wanted:
            return waiver
    judge = turn.directory.resolve(role, owner_id=turn.run.owner_id, team_id=turn.run.team_id, now=now)
    language = get_language() or "zh-hans"
    waiver = Waiver.objects.create(
        run=turn.run, visit=turn.run.visit, stage=turn.run.stage, codes=wanted, why=why.strip(), control=control,
        reasons=[standing[code].text.in_language(language) for code in wanted], until=until, role=role, judge_id=judge,
        asked_by=by, asked_at=now,
    )  # fmt: skip
    if judge is not None:
        Participant.objects.get_or_create(run=turn.run, user_id=judge, defaults={"role": role, "since": now})
    turn.rows.tell((role,), "waiver_asked", {"waiver": waiver.pk})
    turn.commit("waiver_asked", {"waiver": waiver.pk, "codes": wanted, "why": why.strip()})
    return waiver


@action
def decide_waiver(waiver_id: int, *, grant: bool, by: User, now: datetime, note: str = "") -> Waiver:
    """Grant or refuse a waiver. Only who holds the role the SOP names for this run, and never who asked."""
    waiver = Waiver.objects.get(pk=waiver_id)
    verdict = Waiver.GRANTED if grant else Waiver.REFUSED
    if waiver.verdict == verdict and waiver.decided_by_id == by.pk:
        return waiver
    turn = Turn.begin(waiver.run_id, by=by, now=now)
    if waiver.verdict != Waiver.ASKED or waiver.visit != turn.run.visit:
        raise refuse("task.gone")
    if not may_judge(by, waiver, turn.directory, now):
        raise Forbidden(_("The SOP gives this waiver to another role, and nobody grants their own."))
    waiver.verdict, waiver.decided_by, waiver.decided_at, waiver.note = verdict, by, now, note
    waiver.save(update_fields=["verdict", "decided_by", "decided_at", "note"])
    if grant:
        turn.decide(Waive(tuple(waiver.codes), waiver.until))
    turn.rows.messages.append(
        ("tell", {"users": [waiver.asked_by_id], "code": f"waiver_{verdict}", "waiver": waiver.pk})
    )
    turn.commit(f"waiver_{verdict}", {"waiver": waiver.pk, "codes": waiver.codes, "note": note})
    return waiver


@action
def withdraw_waiver(waiver_id: int, *, by: User, now: datetime) -> Waiver:
    """Take back a waiver that one asked for and nobody has judged yet."""
    waiver = Waiver.objects.get(pk=waiver_id)
    turn = Turn.begin(waiver.run_id, by=by, now=now)
    if waiver.asked_by_id != by.pk:
        raise Forbidden(_("Only who asked may withdraw it."))
    if waiver.verdict == Waiver.WITHDRAWN:
        return waiver
    if waiver.verdict != Waiver.ASKED:
        raise refuse("task.gone")
    waiver.verdict, waiver.decided_by, waiver.decided_at = Waiver.WITHDRAWN, by, now
    waiver.save(update_fields=["verdict", "decided_by", "decided_at"])
    turn.commit("waiver_withdrawn", {"waiver": waiver.pk})
    return waiver

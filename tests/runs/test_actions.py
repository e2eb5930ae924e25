"""What actions on a run do, refuse and forbid; twice, and two at once."""

from datetime import timedelta

import pytest

from fairway.care.actions import register_complaint
from fairway.engine.refused import Refused
from fairway.leads.actions import register_lead
from fairway.people.models import RoleGrant, User
from fairway.runs import actions
from fairway.runs.errors import Forbidden, Invalid, Stale
from fairway.runs.models import Deadline, Event, Record, Run, Task, Waiver
from fairway.runs.queries import today
from tests.fixtures_runs import LEAD, NOW

SCORE = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}
LOW = {"fit_score": 2, "budget_score": 2, "urgency_score": 2}
LATER = NOW + timedelta(hours=1)


def fresh(user):
    return User.objects.with_roles().get(pk=user.pk)


@pytest.fixture
def scored(lead, people):
    """The lead's run, scored A by the rep and waiting for the manager."""
    actions.submit(lead.run_id, step="score", raw=SCORE, by=people.rep, now=NOW)
    return Run.objects.get(pk=lead.run_id)


@pytest.fixture
def owned(scored, people):
    """An approved A-lead that belongs to the rep."""
    task = scored.tasks.get(step="review", status="open")
    actions.decide_approval(task.pk, verdict="approve", by=people.manager, now=NOW)
    run = Run.objects.get(pk=scored.pk)
    if run.owner_id != people.rep.pk:
        actions.reassign(run.pk, owner=people.rep, why="测试", by=people.manager, now=NOW)
    return Run.objects.get(pk=run.pk)


def nothing_changed(run, before):
    run.refresh_from_db()
    return (run.revision, Event.objects.filter(run=run).count()) == before


def mark(run):
    run.refresh_from_db()
    return run.revision, Event.objects.filter(run=run).count()


# -- judging ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["rep", "mate", "outsider", "admin", "legal"])
def test_only_the_manager_over_the_run_judges_a_score(scored, people, who):
    task, before = scored.tasks.get(step="review"), mark(scored)
    with pytest.raises(Forbidden):
        actions.decide_approval(task.pk, verdict="approve", by=getattr(people, who), now=NOW)
    assert nothing_changed(scored, before)


def test_a_manager_does_not_judge_her_own_score(sops, people):
    lead = register_lead(LEAD, by=people.manager, now=NOW)
    actions.submit(lead.run_id, step="score", raw=SCORE, by=people.manager, now=NOW)
    task = lead.run.tasks.get(step="review")
    with pytest.raises(Forbidden):
        actions.decide_approval(task.pk, verdict="approve", by=people.manager, now=NOW)
    actions.decide_approval(task.pk, verdict="approve", by=people.director, now=NOW)
    assert Run.objects.get(pk=lead.run_id).grade == "A"


def test_a_send_back_says_why_and_the_score_is_asked_again(scored, people):
    task = scored.tasks.get(step="review")
    with pytest.raises(Refused):
        actions.decide_approval(task.pk, verdict="send_back", by=people.manager, now=NOW)
    actions.decide_approval(task.pk, verdict="send_back", note="预算没写依据", by=people.manager, now=NOW)
    assert scored.tasks.filter(step="score", status="open").exists()
    actions.submit(scored.pk, step="score", raw=LOW, by=people.rep, now=LATER)
    again = scored.tasks.get(step="review", status="open")
    actions.decide_approval(again.pk, verdict="approve", by=people.manager, now=LATER)
    scored.refresh_from_db()
    assert scored.grade == "B"


def test_the_same_verdict_twice_changes_nothing_and_another_one_is_refused(scored, people):
    task = scored.tasks.get(step="review")
    actions.decide_approval(task.pk, verdict="approve", by=people.manager, now=NOW)
    before = mark(scored)
    assert actions.decide_approval(task.pk, verdict="approve", by=people.manager, now=LATER).repeated
    with pytest.raises(Refused):
        actions.decide_approval(task.pk, verdict="reject", note="改主意", by=people.manager, now=LATER)
    assert nothing_changed(scored, before)


# -- forms -----------------------------------------------------------------------------------------------------------


def test_every_wrong_field_is_named_and_nothing_is_written(lead, people):
    before = mark(lead.run)
    with pytest.raises(Invalid) as refused:
        actions.submit(lead.run_id, step="score", raw={"fit_score": 9, "budget_score": "x"}, by=people.rep, now=NOW)
    assert {error.path for error in refused.value.errors} == {"fit_score", "budget_score", "urgency_score"}
    assert nothing_changed(lead.run, before)
    assert Record.objects.filter(form="scorecard").count() == 0


def test_a_double_submit_makes_one_record(lead, people):
    task = lead.run.tasks.get(step="score")
    first = actions.submit(lead.run_id, step="score", task_id=task.pk, raw=SCORE, by=people.rep, now=NOW)
    before = mark(lead.run)
    again = actions.submit(lead.run_id, step="score", task_id=task.pk, raw=SCORE, by=people.rep, now=LATER)
    assert again.repeated
    assert again.record == first.record
    assert nothing_changed(lead.run, before)


def test_a_second_person_is_told_that_the_task_is_done(lead, people):
    task = lead.run.tasks.get(step="score")
    actions.submit(lead.run_id, step="score", task_id=task.pk, raw=SCORE, by=people.rep, now=NOW)
    with pytest.raises(Refused):
        actions.submit(lead.run_id, step="score", task_id=task.pk, raw=LOW, by=people.mate, now=NOW)
    assert Record.objects.get(form="scorecard").values["total"] == 11


# -- moves -----------------------------------------------------------------------------------------------------------


def test_an_outsider_may_do_nothing_on_a_run_of_another_team(owned, people):
    before = mark(owned)
    for attempt in (
        lambda: actions.advance(owned.pk, by=people.outsider, now=NOW),
        lambda: actions.close(owned.pk, outcome="recycled", reason="no_answer", by=people.outsider, now=NOW),
        lambda: actions.log_contact(owned.pk, outcome="reached", channel="call", by=people.outsider, now=NOW),
        lambda: actions.reassign(owned.pk, owner=people.outsider, why="x", by=people.outsider, now=NOW),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert nothing_changed(owned, before)


def test_an_administrator_passes_no_gate(owned, people):
    with pytest.raises(Forbidden):
        actions.advance(owned.pk, by=people.admin, now=NOW)


def test_who_comes_second_is_told_who_was_first(owned, people):
    seen = owned.revision
    actions.log_contact(owned.pk, outcome="reached", channel="call", by=people.rep, now=NOW)
    with pytest.raises(Stale) as stale:
        actions.advance(owned.pk, by=people.manager, now=NOW, revision=seen)
    assert (stale.value.who, stale.value.kind) == (people.rep.display_name, "contact_logged")


def test_a_lost_run_is_reopened_with_a_reason_where_it_ended(owned, people):
    actions.close(owned.pk, outcome="recycled", reason="dormant", by=people.rep, now=NOW)
    owned.refresh_from_db()
    assert not owned.tasks.filter(status="open").exists()
    assert not Deadline.objects.filter(run=owned, fire_at__isnull=False).exists()
    with pytest.raises(Refused):
        actions.advance(owned.pk, by=people.rep, now=NOW)
    actions.reopen(owned.pk, why="客户回来了", by=people.rep, now=LATER)
    owned.refresh_from_db()
    assert (owned.stage, owned.outcome, owned.closed_at) == ("qualify", "", None)


def test_three_silences_retire_a_lead_to_the_pool(owned, people):
    for hours in range(3):
        actions.log_contact(
            owned.pk, outcome="no_answer", channel="call", by=people.rep, now=NOW + timedelta(hours=hours)
        )
    owned.refresh_from_db()
    assert (owned.outcome, owned.reason) == ("recycled", "no_answer")


# -- whose it is -----------------------------------------------------------------------------------------------------


def test_a_clock_survives_reassignment_and_the_tasks_go_along(owned, people):
    task = owned.tasks.get(step="first_contact")
    due = task.due_at
    assert due == NOW + timedelta(hours=24)
    actions.reassign(owned.pk, owner=people.mate, why="出差", by=people.manager, now=LATER)
    task.refresh_from_db()
    assert (task.assignee, task.due_at) == (people.mate, due)


def test_a_promotion_shortens_the_clock_at_once(lead, people):
    actions.submit(lead.run_id, step="score", raw=LOW, by=people.rep, now=NOW)
    actions.decide_approval(lead.run.tasks.get(step="review").pk, verdict="approve", by=people.manager, now=NOW)
    run = Run.objects.get(pk=lead.run_id)
    assert run.grade == "B"
    before = run.tasks.get(step="first_contact").due_at
    actions.log_contact(
        run.pk, outcome="refused", channel="call", raw={"content": "预算批了", "budget_confirmed": True},
        by=fresh(run.owner), now=LATER,
    )  # fmt: skip
    run.refresh_from_db()
    assert run.grade == "A"
    task = run.tasks.get(step="first_contact", status="open")
    assert task.due_at == NOW + timedelta(hours=24) < before
    assert task.deadline.due_at == task.due_at


# -- waivers ---------------------------------------------------------------------------------------------------------


def test_a_waiver_is_the_one_way_round_a_gate_and_is_on_record(owned, people):
    reasons = {reason.code for reason in _reasons(owned, people.rep)}
    waiver = actions.ask_waiver(owned.pk, codes=reasons, why="客户要求直接谈需求", by=people.rep, now=NOW)
    assert actions.ask_waiver(owned.pk, codes=reasons, why="再来", by=people.rep, now=NOW) == waiver
    for who in (people.rep, people.mate, people.admin, people.outsider):
        with pytest.raises(Forbidden):
            actions.decide_waiver(waiver.pk, grant=True, by=who, now=NOW)
    actions.decide_waiver(waiver.pk, grant=True, note="这次可以", by=people.manager, now=NOW)
    actions.advance(owned.pk, by=people.rep, now=NOW)
    owned.refresh_from_db()
    assert owned.stage == "needs"
    assert set(owned.visits.get(stage="qualify").waived) == reasons
    kinds = Event.objects.filter(run=owned, kind__startswith="waiver").order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["waiver_asked", "waiver_granted"]


def test_a_refused_waiver_opens_nothing_and_one_past_its_time_neither(owned, people):
    codes = [reason.code for reason in _reasons(owned, people.rep)]
    refused = actions.ask_waiver(owned.pk, codes=codes, why="急", by=people.rep, now=NOW)
    actions.decide_waiver(refused.pk, grant=False, by=people.manager, now=NOW)
    short = actions.ask_waiver(owned.pk, codes=codes, why="急", until=LATER, by=people.rep, now=NOW)
    actions.decide_waiver(short.pk, grant=True, by=people.manager, now=NOW)
    with pytest.raises(Refused):
        actions.advance(owned.pk, by=people.rep, now=LATER + timedelta(minutes=1))
    assert Waiver.objects.filter(run=owned).count() == 2


def _reasons(run, user):
    with pytest.raises(Refused) as refused:
        actions.advance(run.pk, by=user, now=NOW)
    return refused.value.reasons


# -- nobody there ----------------------------------------------------------------------------------------------------


def test_a_role_that_nobody_holds_becomes_an_exception_on_the_list_never_a_pass(lead, people):
    User.objects.filter(pk__in=[people.manager.pk, people.director.pk]).update(is_active=False)
    from fairway.runs import people as known

    known.forget()
    actions.submit(lead.run_id, step="score", raw=SCORE, by=people.rep, now=NOW)
    task = Task.objects.get(run=lead.run, step="review")
    assert (task.assignee, task.exception, task.status) == (None, "no_holder", "open")
    assert [row.task_id for row in today(people.admin, now=NOW).rows] == [task.pk]


def test_what_nobody_owns_waits_with_the_role_that_leads_the_stage(sops, people):
    RoleGrant.objects.filter(role="service").delete()
    complaint = register_complaint(
        {"category": "delivery", "severity": "normal", "channel": "phone", "content": "晚了"}, by=people.rep, now=NOW
    )
    answer = complaint.run.tasks.get(step="answer")
    assert (answer.role, answer.assignee) == ("service", None)
    actions.reassign(complaint.run_id, owner=people.rep, why="先接手", by=people.manager, now=NOW)
    answer.refresh_from_db()
    assert (answer.role, answer.assignee) == ("owner", people.rep)

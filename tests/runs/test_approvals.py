"""Approvals beside the verdict: withdrawn by who asked, one more judge, sent back further, stand-ins."""

from datetime import timedelta

import pytest

from fairway.engine.refused import Refused
from fairway.people.actions.absences import set_absence
from fairway.runs import actions
from fairway.runs.errors import Forbidden
from fairway.runs.models import Event, Job, Task
from fairway.runs.queries import today
from tests.fixtures_runs import NOW

pytestmark = pytest.mark.django_db
SCORE = {"fit_score": 4, "budget_score": 4, "urgency_score": 3}
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def review(lead, people):
    """A score that waits for the manager's verdict."""
    actions.submit(lead.run_id, step="score", raw=SCORE, by=people.rep, now=NOW)
    return lead.run.tasks.get(step="review", status="open")


def told(code):
    return [job.payload["users"] for job in Job.objects.filter(kind="tell", payload__code=code)]


def test_who_asked_takes_it_back_mends_it_and_asks_again(review, people):
    actions.withdraw_approval(review.pk, why="写错了预算", by=people.rep, now=LATER)
    review.refresh_from_db()
    assert (review.status, review.verdict, review.note) == ("done", "withdrawn", "写错了预算")
    assert told("withdrawn") == [[people.manager.pk]]
    assert not Task.objects.filter(run=review.run, step="review", status="open").exists()
    assert review.run.tasks.filter(step="score", status="open").count() == 1
    actions.submit(review.run_id, step="score", raw=SCORE, by=people.rep, now=LATER)
    again = review.run.tasks.get(step="review", status="open")
    actions.decide_approval(again.pk, verdict="approve", by=people.manager, now=LATER)
    review.run.refresh_from_db()
    assert review.run.grade == "A"


@pytest.mark.parametrize("who", ["mate", "outsider", "product"])
def test_others_do_not_withdraw_and_nobody_does_without_saying_why(review, people, who):
    with pytest.raises(Forbidden):
        actions.withdraw_approval(review.pk, why="x", by=getattr(people, who), now=LATER)
    with pytest.raises(Refused):
        actions.withdraw_approval(review.pk, why=" ", by=people.rep, now=LATER)


def test_what_is_judged_or_withdrawn_already_cannot_be_withdrawn(review, people):
    actions.withdraw_approval(review.pk, why="x", by=people.rep, now=LATER)
    with pytest.raises(Refused):
        actions.withdraw_approval(review.pk, why="x", by=people.rep, now=LATER)


def test_one_more_judge_is_asked_and_both_must_approve(review, people):
    added = actions.add_judge(review.pk, judge=people.finance, why="看一下预算", by=people.manager, now=LATER)
    assert added.assignee == people.finance
    assert [row.task_id for row in today(people.finance, now=LATER).rows] == [added.pk]
    assert [people.finance.pk] in told("asked")
    actions.decide_approval(review.pk, verdict="approve", by=people.manager, now=LATER)
    review.run.refresh_from_db()
    assert review.run.grade == ""
    actions.decide_approval(added.pk, verdict="approve", by=people.finance, now=LATER)
    review.run.refresh_from_db()
    assert review.run.grade == "A"
    assert Event.objects.filter(run=review.run, kind="judge_added").count() == 1


def test_a_judge_who_was_added_may_send_it_back_for_all(review, people):
    added = actions.add_judge(review.pk, judge=people.finance, why="看一下预算", by=people.manager, now=LATER)
    actions.decide_approval(added.pk, verdict="send_back", note="不够", by=people.finance, now=LATER)
    review.refresh_from_db()
    assert review.status == "void"
    assert review.run.tasks.filter(step="score", status="open").exists()


def test_nobody_is_added_twice_or_to_their_own_work_and_not_by_just_anybody(review, people):
    for judge in (people.rep, people.manager):
        with pytest.raises(Refused):
            actions.add_judge(review.pk, judge=judge, why="x", by=people.manager, now=LATER)
    with pytest.raises(Forbidden):
        actions.add_judge(review.pk, judge=people.finance, why="x", by=people.mate, now=LATER)
    actions.add_judge(review.pk, judge=people.finance, why="x", by=people.manager, now=LATER)
    with pytest.raises(Refused):
        actions.add_judge(review.pk, judge=people.finance, why="x", by=people.manager, now=LATER)


def test_the_owner_may_change_while_a_judge_was_added_by_name(review, people):
    added = actions.add_judge(review.pk, judge=people.finance, why="x", by=people.manager, now=LATER)
    actions.reassign(review.run_id, owner=people.mate, why="离职", by=people.manager, now=LATER)
    added.refresh_from_db()
    assert added.assignee == people.finance


def test_a_send_back_goes_to_an_earlier_step_of_the_work_only(review, people):
    with pytest.raises(Refused):
        actions.decide_approval(
            review.pk, verdict="send_back", to="first_contact", note="x", by=people.manager, now=LATER
        )
    actions.decide_approval(review.pk, verdict="send_back", to="register", note="公司名", by=people.manager, now=LATER)
    assert set(review.run.tasks.filter(status="open").values_list("step", flat=True)) == {"register"}


def test_a_stand_in_judges_while_the_judge_is_away(review, people):
    set_absence(
        people.manager, starts_at=NOW, ends_at=NOW + timedelta(days=3), stand_in=people.director, by=people.manager,
        now=NOW,
    )  # fmt: skip
    assert [row.task_id for row in today(people.director, now=LATER).rows] == [review.pk]
    actions.decide_approval(review.pk, verdict="approve", by=people.director, now=LATER)
    review.run.refresh_from_db()
    assert review.run.grade == "A"

import pytest
from django.utils import timezone, translation

from fairway.people import holdings
from fairway.people.actions.roles import grant_role
from fairway.runs import people as kept
from fairway.runs.models import Run, Task

pytestmark = pytest.mark.django_db


def test_a_role_given_counts_at_once(people):
    now = timezone.now()
    assert people.rep.pk not in kept.directory(now).candidates("legal", None)
    grant_role(people.rep, "legal", by=people.admin, now=now)
    assert people.rep.pk in kept.directory(now).candidates("legal", None)


def test_who_holds_nothing_is_told_so(people):
    assert holdings.of(people.rep) == []


def test_runs_and_tasks_in_hand_are_counted_until_they_end(people, lead):
    Run.objects.filter(pk=lead.run_id).update(owner=people.rep)
    asked = Task.objects.filter(run=lead.run_id, status="open").update(assignee=people.rep)
    assert asked
    with translation.override("zh-hans"):
        counted = [(str(one.name), one.count) for one in holdings.of(people.rep)]
    assert counted == [("流程中的业务", 1), ("待办任务", asked)]
    Run.objects.filter(pk=lead.run_id).update(outcome="lost")
    Task.objects.filter(run=lead.run_id).update(status="done")
    assert holdings.of(people.rep) == []

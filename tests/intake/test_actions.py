from datetime import timedelta

import pytest

from fairway.intake import access, actions, running
from fairway.intake.errors import BadFieldMap
from fairway.intake.fieldmap import FieldMap
from fairway.intake.models import FieldMapTemplate, Import, ImportedRow
from fairway.intake.reports import duplicate_rows, kept_duplicates
from fairway.leads.models import Lead, Source
from fairway.notify.models import Notice
from fairway.people.scope import scope_of
from fairway.runs import jobs
from fairway.runs.actions import decide_approval
from fairway.runs.errors import Forbidden
from fairway.runs.models import Deadline, Event, Job, Record, Run, Task
from fairway.runs.verify import verify
from tests.fixtures_runs import NOW
from tests.intake.files import chinese, csv_bytes, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sops")]


def opened(data, by, **more):
    return actions.open_import(data, "leads.csv", by=by, now=NOW, zone="Asia/Shanghai", **more)[0]


def imported(data, by, **more):
    intake = opened(data, by, **more)
    actions.claim(intake)
    running.run_to_end(intake, now=NOW)
    return intake


def counts(intake):
    return (intake.state, intake.imported, intake.duplicates, intake.rejected)


def test_good_rows_become_leads_with_runs_tasks_clocks_and_events(people):
    intake = imported(chinese(), people.rep)
    assert counts(intake) == ("done", 5, 2, 4)
    lead = Lead.objects.select_related("run").get(company="杭州启明机电有限公司")
    assert (lead.phone, lead.email, lead.source, lead.intake) == (
        "+8613800000001", "wang@qiming.example", "offline.fair", intake.pk,
    )  # fmt: skip
    assert (lead.run.stage, lead.run.owner_id, lead.run.team_id, lead.run.title) == (
        "qualify", None, people.east.pk, "杭州启明机电有限公司",
    )  # fmt: skip
    review = Task.objects.get(run=lead.run, status=Task.OPEN)
    assert (review.step, review.assignee_id) == ("review", people.manager.pk)
    assert Deadline.objects.get(task=review).due_at == review.due_at
    event = Event.objects.get(run=lead.run)
    assert (event.kind, event.by_id, event.data["import"], event.data["row"]) == (
        "lead_imported", people.rep.pk, intake.pk, 2,
    )  # fmt: skip
    assert list(verify(NOW)) == []


def test_points_fill_the_score_card_and_lie_before_the_manager(people):
    imported(chinese(), people.rep)
    lead = Lead.objects.select_related("run").get(company="杭州启明机电有限公司")
    assert (lead.score, lead.bant_grade, lead.budget_confirmed) == (12, "C", False)
    card = Record.objects.get(run=lead.run, form="scorecard")
    assert (card.values["fit_score"], card.values["total"], card.values["grade"]) == (5, 12, "A")
    assert card.values["submitted_by"] == people.rep.pk
    assert (card.task.step, card.task.status, card.task.run_id) == ("score", Task.DONE, lead.run_id)
    review = Task.objects.get(run=lead.run, step="review")
    decide_approval(review.pk, verdict="approve", by=people.manager, now=NOW + timedelta(hours=1))
    run = Run.objects.get(pk=lead.run_id)
    assert (run.grade, run.owner_id is not None) == ("A", True)
    contact = Task.objects.get(run=run, step="first_contact", status=Task.OPEN)
    assert contact.due_at == NOW + timedelta(hours=25)
    assert list(verify(NOW + timedelta(hours=1))) == []


def test_rows_without_points_wait_to_be_scored(people):
    imported(csv_bytes("甲公司,张三,13800000001,,,,展会,,,,,"), people.rep)
    lead = Lead.objects.select_related("run").get()
    assert lead.score is None
    assert Task.objects.get(run=lead.run, status=Task.OPEN).step == "score"


def test_equal_points_decide_once(people, monkeypatch):
    decided = []
    real = running.Starter.start.__globals__["_decide"]
    monkeypatch.setitem(
        running.Starter.start.__globals__, "_decide", lambda *a, **k: decided.append(1) or real(*a, **k)
    )
    monkeypatch.setattr(running, "CHUNK", 40)
    imported(many(100), people.rep)
    assert (Lead.objects.count(), len(decided)) == (100, 25)


def test_bulk_starts_as_one_by_one(people):
    """What the set writes is what the action for one lead and one score card writes."""
    from fairway.leads.actions import register_lead
    from fairway.runs.actions import submit

    imported(csv_bytes("甲公司,张三,13800000001,,机械装备,50-99,展会,,,5,4,3"), people.rep)
    raw = {
        "company_name": "乙公司", "contact_name": "李四", "contact_phone": "13800000002", "industry": "machinery",
        "company_size": "50-99", "source": "offline.fair",
    }  # fmt: skip
    single = register_lead(raw, by=people.rep, now=NOW)
    unknown = dict.fromkeys(("bant_budget", "bant_authority", "bant_need", "bant_timeline"), "unknown")
    points = {"fit_score": 5, "budget_score": 4, "urgency_score": 3, "mismatch": False}
    submit(single.run_id, step="score", raw={**points, **unknown}, by=people.rep, now=NOW)
    bulk, one = Lead.objects.get(company="甲公司"), Lead.objects.get(company="乙公司")
    same = ("score", "bant_grade", "budget_confirmed", "decision_maker_engaged", "need_clear", "mismatch", "industry")
    assert [getattr(bulk, name) for name in same] == [getattr(one, name) for name in same]
    tasks = [
        list(Task.objects.filter(run=lead.run).order_by("id").values_list("step", "status", "assignee_id", "due_at"))
        for lead in (bulk, one)
    ]
    assert [task for task in tasks[0] if task[0] != "register"] == [task for task in tasks[1] if task[0] != "register"]
    cards = [Record.objects.get(run=lead.run, form="scorecard").values for lead in (bulk, one)]
    assert cards[0] == cards[1]


def test_the_file_keeps_its_date_and_what_was_not_understood(people):
    imported(chinese(), people.rep)
    dated = Lead.objects.get(company="杭州启明机电有限公司")
    assert dated.created_at.isoformat() == "2026-02-17T16:00:00+00:00"
    assert dated.run.started_at == NOW
    undated = Lead.objects.get(company="日期公司")
    assert undated.created_at == NOW
    assert Event.objects.get(run=undated.run).data["as_written"]["created_on"] == "2026年13月1日"
    searched = Lead.objects.get(company="宁波海川科技有限公司")
    assert Event.objects.get(run=searched.run).data["as_written"]["source"] == "百度搜索"


def test_the_same_file_again_brings_duplicates_only(people):
    imported(chinese(), people.rep)
    again = imported(chinese(), people.rep)
    assert counts(again) == ("done", 0, 7, 4)
    assert Lead.objects.count() == 5


def test_duplicates_say_what_they_match_and_hide_other_teams(people):
    imported(csv_bytes("甲公司,张三,13800000001,,,,展会,,,,,"), people.outsider)
    data = csv_bytes("丙公司,张三,13800000001,,,,展会,,,,,", "丁公司,李,13800000009,,,,展会,,,,,",
                     "戊公司,李,13800000009,,,,展会,,,,,")  # fmt: skip
    again = imported(data, people.rep)
    found = kept_duplicates(again)
    assert counts(again) == ("done", 1, 2, 0)
    mine = list(duplicate_rows(found, scope_of(people.rep)))[1:]
    assert [(row[0], row[1]) for row in mine] == [(2, "丙公司"), (4, "戊公司")]
    assert "甲公司" not in str(mine)
    assert "甲公司" in str(list(duplicate_rows(found, scope_of(people.admin))))


def test_a_number_of_another_system_is_known_again(people):
    data = b"company,phone,source,record id\nA,13800000001,website,R-1\n"
    changed = b"company,phone,source,record id\nOther,13800000002,website,R-1\nB,13800000003,website,R-2\n"
    imported(data, people.rep)
    assert counts(imported(changed, people.rep)) == ("done", 1, 1, 0)


def test_owners_in_the_file_get_their_leads_and_those_out_of_reach_do_not(people):
    header = "company,phone,source,owner"
    data = csv_bytes("A,13800000001,website,mate", "B,13800000002,website,outsider", header=header)
    imported(data, people.manager)
    owners = dict(Lead.objects.values_list("company", "run__owner__username"))
    assert owners == {"A": "mate", "B": None}


def test_a_rep_gives_leads_to_herself_only(people):
    assert set(access.owner_names(people.rep).values()) == {people.rep.pk}
    assert people.outsider.pk in access.owner_names(people.admin).values()


def test_leads_without_any_manager_over_them_go_to_the_topmost_team_that_has_one(people):
    imported(many(1), people.admin)
    assert Lead.objects.get().run.team_id == people.sales.pk


def test_new_sources_are_taken_in_when_allowed(people):
    intake = opened("公司,手机,来源\n甲公司,13800000001,老乡会\n".encode(), people.rep)
    actions.set_fieldmap(intake, FieldMap.from_json(intake.fieldmap), by=people.rep, now=NOW, new_sources=True)
    actions.claim(intake)
    running.run_to_end(intake, now=NOW)
    assert Lead.objects.get().source == Source.objects.get(title_zh="老乡会").key
    assert counts(intake) == ("done", 1, 0, 0)


def test_a_crash_between_chunks_repeats_nothing_and_leaves_nothing_out(people, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 30)
    intake = opened(many(100), people.rep)
    actions.claim(intake)
    went_on = iter([True, True, False])
    running.go_on(intake, now=NOW, may_go_on=lambda: next(went_on))
    assert (intake.state, intake.place, Lead.objects.count()) == ("running", 60, 60)
    again = Import.objects.get(pk=intake.pk)
    running.run_to_end(again, now=NOW)
    assert counts(again) == ("done", 100, 0, 0)
    assert ImportedRow.objects.values("row").distinct().count() == 100


def test_a_chunk_that_fails_leaves_no_half_of_it(people, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 30)
    intake = opened(many(100), people.rep)
    actions.claim(intake)
    with monkeypatch.context() as broken:
        broken.setattr(running.Writer, "_trace", lambda *a: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            running.run_to_end(intake, now=NOW)
    assert (Lead.objects.count(), Run.objects.count()) == (0, 0)
    intake.refresh_from_db()
    running.run_to_end(intake, now=NOW)
    assert counts(intake) == ("done", 100, 0, 0)


def test_two_that_go_on_at_once_write_each_row_once(people, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 30)
    intake = opened(many(90), people.rep)
    actions.claim(intake)
    running.prepare(intake, now=NOW)
    one, two = running.Writer(intake, now=NOW), running.Writer(Import.objects.get(pk=intake.pk), now=NOW)
    one.write_chunk()
    two.write_chunk()
    assert Lead.objects.count() == 30
    two.intake.refresh_from_db()
    two.write_chunk()
    assert Lead.objects.count() == 60


def test_the_worker_imports_in_slices_and_tells_the_importer_once(people, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 30)
    monkeypatch.setattr(actions, "SLICE_SECONDS", 0)
    intake = opened(many(50), people.rep)
    assert actions.ask_to_run(intake, by=people.rep, now=NOW)
    assert not actions.ask_to_run(intake, by=people.rep, now=NOW)
    monkeypatch.setattr(actions.time, "monotonic", iter([0, -1, 1, 2, 1, 2, 1, 3, 0, -1, 1, 3]).__next__)
    for _ in range(6):
        jobs.deliver(NOW)
    intake.refresh_from_db()
    assert counts(intake) == ("done", 50, 0, 0)
    notice = Notice.objects.get(user=people.rep)
    assert (notice.code, notice.data["imported"]) == ("import_done", 50)
    assert not Job.objects.filter(status=Job.DEAD).exists()


def test_a_file_that_is_gone_ends_the_import_with_a_reason(people):
    intake = opened(many(1), people.rep)
    actions.ask_to_run(intake, by=people.rep, now=NOW)
    (intake.path / "source").unlink()
    jobs.deliver(NOW)
    intake.refresh_from_db()
    assert intake.state == "failed"
    assert intake.error


def test_a_mapping_is_remembered_for_the_next_file_with_these_headings(people):
    intake = opened(many(1), people.rep)
    changed = FieldMap({**FieldMap.from_json(intake.fieldmap).columns, "campaign": "初步需求"})
    actions.set_fieldmap(intake, changed, by=people.rep, now=NOW)
    actions.claim(intake)
    running.run_to_end(intake, now=NOW)
    assert FieldMapTemplate.objects.count() == 1
    assert opened(many(3), people.mate).fieldmap["columns"]["campaign"] == "初步需求"


def test_what_runs_cannot_be_mapped_anew(people):
    intake = opened(many(1), people.rep)
    actions.ask_to_run(intake, by=people.rep, now=NOW)
    with pytest.raises(BadFieldMap):
        actions.set_fieldmap(intake, FieldMap(), by=people.rep, now=NOW)


def test_other_roles_and_other_people_are_turned_away(people):
    with pytest.raises(Forbidden):
        opened(many(1), people.finance)
    intake = opened(many(1), people.rep)
    with pytest.raises(Forbidden):
        actions.ask_to_run(intake, by=people.mate, now=NOW)
    with pytest.raises(Forbidden):
        opened(many(1), people.rep, team=people.west)
    assert Lead.objects.count() == 0


def test_one_sees_own_imports_and_a_manager_those_of_the_team(people):
    intake = opened(many(1), people.rep)
    seen = {one.username: Import.objects.visible_to(scope_of(one)).exists() for one in people.everyone()}
    assert [name for name, is_seen in seen.items() if is_seen] == ["rep", "mate", "manager", "director", "admin"]
    assert intake.team_id == people.east.pk

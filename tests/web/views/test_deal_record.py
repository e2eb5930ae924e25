"""The page of a run, on deals and leads: what it says, what it takes, what it refuses."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from fairway.leads.actions import register_lead
from fairway.people.models import User
from fairway.runs import actions
from fairway.runs.models import Attachment, Event, Run, Task, Waiver
from tests.fixtures_runs import LEAD, NOW
from tests.runs.player import Player
from tests.runs.test_whole_way import steps_of

pytestmark = pytest.mark.django_db
SCORE = {
    "values.fit_score": "4", "values.budget_score": "4", "values.urgency_score": "4", "values.bant_budget": "unknown",
    "values.bant_authority": "unknown", "values.bant_need": "weak", "values.bant_timeline": "unknown",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _english(people):
    cache.clear()
    User.objects.update(language="en")


@pytest.fixture
def run(sops, people):
    return register_lead(LEAD, by=people.rep, now=timezone.now() - timedelta(hours=1), owner=people.rep).run


def played(people, until):
    """A lead carried along the whole way until a stage is reached."""
    player = Player(register_lead(LEAD, by=people.rep, now=NOW).run, NOW, people)
    for step in steps_of("new-business", "whole_way")[1:]:
        if player.run.stage == until:
            break
        player.play(step)
    return Run.objects.get(pk=player.run.pk)


def page_of(client, user, run, query=""):
    client.force_login(user)
    answer = client.get(f"/runs/{run.pk}")
    assert answer.status_code == 302, answer.status_code
    return client.get(answer["Location"] + query)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def seen_values(run, **more):
    run.refresh_from_db()
    return {"revision": run.revision, "seq": run.event_seq, **more}


def test_the_page_says_where_it_stands_what_is_next_and_why_it_cannot_go_on(client, people, run):
    answer = page_of(client, people.rep, run)
    said = text_of(answer)
    assert answer.status_code == 200
    assert "Fill in: Score" in said
    assert "The grade is not approved yet" in said
    assert 'name="values.fit_score"' in answer.content.decode(), "the form of the next step stands open"
    assert 'aria-current="step"' in answer.content.decode()


def test_an_outsider_and_a_visitor_see_nothing_of_it(client, people, run):
    client.force_login(people.outsider)
    assert client.get(f"/leads/{run.lead.pk}").status_code == 404
    assert client.get(f"/runs/{run.pk}").status_code == 404
    assert client.post(f"/runs/{run.pk}/advance").status_code == 404
    client.logout()
    assert client.get(f"/leads/{run.lead.pk}").status_code == 302


def test_a_step_is_filled_on_the_page_and_twice_is_harmless(client, people, run):
    client.force_login(people.rep)
    task = run.tasks.get(step="score")
    typed = seen_values(run, task=task.pk, **SCORE)
    for _ in range(2):
        answer = client.post(f"/runs/{run.pk}/steps/score", typed)
        assert answer.status_code == 302, text_of(answer)[:2000]
    assert run.records.filter(form="scorecard").count() == 1
    said = text_of(page_of(client, people.rep, run))
    assert "12" in said
    assert "Score and BANT do not agree" in said


def test_what_is_wrong_in_a_form_is_said_at_its_field_and_what_was_typed_is_kept(client, people, run):
    client.force_login(people.rep)
    before = Event.objects.count()
    typed = seen_values(run, task=run.tasks.get(step="score").pk, **SCORE | {
        "values.fit_score": "", "values.rationale": "kept as typed",
    })  # fmt: skip
    answer = client.post(f"/runs/{run.pk}/steps/score", typed)
    assert answer.status_code == 422
    assert "kept as typed" in answer.content.decode()
    assert "Fit of company size" in text_of(answer)
    assert Event.objects.count() == before


def test_a_refused_move_gives_every_reason_and_changes_nothing(client, people, run):
    client.force_login(people.rep)
    before = run.revision
    answer = client.post(f"/runs/{run.pk}/advance", seen_values(run))
    assert answer.status_code == 409
    said = text_of(answer)
    assert "The grade is not approved yet" in said
    assert "The contact has not been reached" in said
    run.refresh_from_db()
    assert (run.stage, run.revision) == ("qualify", before)


def test_a_colleague_who_was_first_is_named_and_what_was_typed_is_kept(client, people, run):
    client.force_login(people.rep)
    typed = seen_values(run, task=run.tasks.get(step="score").pk, **SCORE, **{"values.rationale": "my grounds"})
    actions.log_contact(run.pk, outcome="no_answer", channel="phone", by=people.manager, now=timezone.now())
    answer = client.post(f"/runs/{run.pk}/steps/score", typed)
    assert answer.status_code == 409
    assert "Manager was first" in text_of(answer)
    assert "my grounds" in answer.content.decode()
    assert not run.records.filter(form="scorecard").exists()


def test_ones_own_change_in_another_window_is_no_conflict(client, people, run):
    client.force_login(people.rep)
    typed = seen_values(run, task=run.tasks.get(step="score").pk, **SCORE)
    actions.log_contact(run.pk, outcome="no_answer", channel="phone", by=people.rep, now=timezone.now())
    assert client.post(f"/runs/{run.pk}/steps/score", typed).status_code == 302
    assert run.records.filter(form="scorecard").exists()


def scored(client, people, run):
    client.force_login(people.rep)
    client.post(f"/runs/{run.pk}/steps/score", seen_values(run, task=run.tasks.get(step="score").pk, **SCORE))
    return run.tasks.get(step="review", status=Task.OPEN)


def test_a_manager_judges_with_what_is_judged_beside_and_a_send_back_says_why(client, people, run):
    review = scored(client, people, run)
    client.force_login(people.manager)
    page = client.get(f"/leads/{run.lead.pk}?task={review.pk}")
    assert "Fit of company size" in text_of(page)
    assert client.post(f"/tasks/{review.pk}/decide", seen_values(run, verdict="send_back")).status_code == 409
    sent = client.post(f"/tasks/{review.pk}/decide", seen_values(run, verdict="send_back", note="Which budget?"))
    assert sent.status_code == 302
    said = text_of(page_of(client, people.rep, run))
    assert "Sent back at “Review the grade”" in said
    assert "Which budget?" in said
    card = run.records.get(form="scorecard")
    assert f"?record={card.pk}#record-{card.pk}" in client.get(f"/leads/{run.lead.pk}").content.decode()
    assert "Score card #1" in said, "the record as it was judged stays a press away"


def test_a_rep_cannot_approve_her_own_score(client, people, run):
    review = scored(client, people, run)
    client.force_login(people.rep)
    answer = client.post(f"/tasks/{review.pk}/decide", seen_values(run, verdict="approve"))
    assert answer.status_code == 403
    assert run.tasks.get(pk=review.pk).status == Task.OPEN


def test_a_contact_is_logged_with_one_press(client, people, run):
    review = scored(client, people, run)
    actions.decide_approval(review.pk, verdict="approve", by=people.manager, now=timezone.now())
    client.force_login(people.rep)
    task = run.tasks.get(step="first_contact")
    assert "First contact" in text_of(page_of(client, people.rep, run, f"?task={task.pk}"))
    typed = seen_values(run, task=task.pk, outcome="reached", channel="phone", note="Calls back")
    assert client.post(f"/runs/{run.pk}/contact", typed).status_code == 302
    run.refresh_from_db()
    assert run.reached
    assert "Contact: Reached" in text_of(page_of(client, people.rep, run))


def test_passing_the_gate_makes_the_deal_and_leads_to_its_page(client, people, run):
    review = scored(client, people, run)
    actions.decide_approval(review.pk, verdict="approve", by=people.manager, now=timezone.now())
    actions.log_contact(run.pk, outcome="reached", channel="phone", by=people.rep, now=timezone.now())
    client.force_login(people.rep)
    assert "Move on to Needs" in text_of(client.get(f"/leads/{run.lead.pk}"))
    answer = client.post(f"/runs/{run.pk}/advance", seen_values(run, to="needs"))
    run.refresh_from_db()
    assert answer["Location"] == f"/deals/{run.deal.pk}"
    assert client.get(f"/leads/{run.lead.pk}")["Location"] == f"/deals/{run.deal.pk}"


def test_a_waiver_is_asked_for_granted_and_shown_on_the_page(client, people, sops):
    run = played(people, "needs")
    client.force_login(people.rep)
    home = client.get(f"/runs/{run.pk}")["Location"]
    codes = re.findall(r'name="code" value="([^"]+)"', client.get(f"{home}?do=waiver").content.decode())
    assert codes
    assert client.post(f"/runs/{run.pk}/waivers", seen_values(run, code=codes[:1])).status_code == 409
    asked = client.post(f"/runs/{run.pk}/waivers", seen_values(
        run, code=codes[:1], why="The customer signs anyway", control="We ask at the next visit", until="2099-01-31",
    ))  # fmt: skip
    assert asked.status_code == 302
    waiver = Waiver.objects.get()
    assert client.post(f"/waivers/{waiver.pk}/decide", {"verdict": "grant"}).status_code == 403
    client.force_login(people.manager)
    assert "The customer signs anyway" in text_of(client.get(home))
    assert client.post(f"/waivers/{waiver.pk}/decide", {"verdict": "grant", "note": "Once"}).status_code == 302
    assert "waived" in text_of(client.get(home))


def test_a_run_is_closed_with_a_reason_shown_as_a_mark_and_opened_again(client, people, sops):
    run = played(people, "needs")
    client.force_login(people.rep)
    assert client.post(f"/runs/{run.pk}/close", seen_values(run, ending="lost:")).status_code == 409
    assert client.post(f"/runs/{run.pk}/close", seen_values(run, ending="lost:price")).status_code in {302, 409}
    run.refresh_from_db()
    if run.is_open:  # the SOP asks for the review of the loss first
        pytest.fail("closing as lost was refused")
    said = text_of(page_of(client, people.rep, run))
    assert "Lost" in said
    assert "Price" in said
    assert client.post(f"/runs/{run.pk}/reopen", seen_values(run)).status_code == 409
    assert client.post(f"/runs/{run.pk}/reopen", seen_values(run, why="They called")).status_code == 302
    run.refresh_from_db()
    assert run.is_open


def test_the_owner_changes_with_a_reason_and_the_page_leads_on(client, people, run):
    client.force_login(people.manager)
    assert client.post(f"/runs/{run.pk}/owner", seen_values(run, owner="", why="x")).status_code == 409
    assert client.post(f"/runs/{run.pk}/owner", seen_values(run, owner=people.mate.pk)).status_code == 409
    gone = client.post(f"/runs/{run.pk}/owner", seen_values(run, owner=people.outsider.pk, why="West knows them"))
    assert gone.status_code == 302
    run.refresh_from_db()
    assert run.owner == people.outsider


def test_a_file_is_kept_by_what_it_is_and_only_handed_over(client, people, run):
    client.force_login(people.rep)
    disguised = SimpleUploadedFile("../../plan.pdf", b"<html><script>alert(1)</script>", content_type="application/pdf")
    assert client.post(f"/runs/{run.pk}/files", seen_values(run, file=disguised)).status_code == 302
    kept = Attachment.objects.get()
    assert (kept.name, kept.kind) == ("plan.pdf", "application/octet-stream")
    answer = client.get(f"/files/{kept.pk}")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content).startswith(b"<html>")
    client.force_login(people.outsider)
    assert client.get(f"/files/{kept.pk}").status_code == 404


def test_an_empty_or_too_large_file_is_refused(client, people, run, monkeypatch):
    client.force_login(people.rep)
    assert client.post(f"/runs/{run.pk}/files", seen_values(run, file=SimpleUploadedFile("a", b""))).status_code == 409
    monkeypatch.setattr("fairway.runs.actions.attachments.MOST", 3)
    large = SimpleUploadedFile("a.txt", b"abcd")
    assert client.post(f"/runs/{run.pk}/files", seen_values(run, file=large)).status_code == 409
    assert not Attachment.objects.exists()


def test_bottom_lines_are_for_the_deals_team_only(client, people, sops):
    run = played(people, "contract")
    client.force_login(people.rep)
    home = client.get(f"/runs/{run.pk}")["Location"]
    mine = client.get(home).content.decode()
    assert "For the deal's team only" in mine
    plan = run.records.get(form="negotiation_plan", current=True)
    assert "Strategy" in mine or "strategy" in mine
    client.force_login(people.mate)
    theirs = client.get(f"{home}?record={plan.pk}").content.decode()
    assert "For the deal's team only" not in theirs
    assert f'id="record-{plan.pk}"' not in theirs
    assert f"?record={plan.pk}#" not in theirs


@pytest.mark.parametrize("stage", ["qualify", "needs", "collection"])
def test_the_page_costs_at_most_20_queries(client, people, sops, stage, django_assert_max_num_queries):
    run = played(people, stage)
    for user in (people.rep, people.manager, people.finance):
        client.force_login(user)
        first = client.get(f"/runs/{run.pk}", follow=True)
        if first.status_code == 404:
            continue
        home = first.request["PATH_INFO"]
        with django_assert_max_num_queries(20):
            assert client.get(home).status_code == 200


def test_the_part_for_htmx_has_no_frame_and_says_where_it_is(client, people, run):
    client.force_login(people.rep)
    part = client.get(f"/leads/{run.lead.pk}", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    refused = client.post(f"/runs/{run.pk}/advance", seen_values(run), headers={"HX-Request": "true"})
    assert refused.status_code == 409
    assert refused["HX-Push-Url"] == f"/leads/{run.lead.pk}?do=advance"
    done = client.post(
        f"/runs/{run.pk}/contact", seen_values(run, outcome="no_answer", channel="phone"),
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert f"/leads/{run.lead.pk}" in done["HX-Location"]


def test_a_command_opened_by_its_address_leads_to_the_page(client, people, run):
    client.force_login(people.rep)
    assert client.get(f"/runs/{run.pk}/advance")["Location"] == f"/leads/{run.lead.pk}"
    task = run.tasks.get(step="score")
    assert client.get(f"/tasks/{task.pk}/decide")["Location"] == f"/leads/{run.lead.pk}"


def test_every_event_of_the_whole_way_reads_as_a_sentence_in_both_languages(client, people, sops):
    run = played(people, "no such stage")
    for language in ("en", "zh-hans"):
        User.objects.update(language=language)
        home = page_of(client, people.rep, run).request["PATH_INFO"]
        before = ""
        while True:
            answer = client.get(f"{home}{before}")
            for worded in (line.event for line in answer.context["lines"]):
                assert worded.entry.kind not in worded.text, worded.text
                assert worded.version == 1
            older = answer.context["older"]
            if not older:
                break
            before = f"?{older}"
        assert before, "there was more than one page"

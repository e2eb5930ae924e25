"""What the engine decides, on a small document: every kind of step, every command, every refusal."""

from datetime import UTC, datetime, timedelta

import pytest

from fairway.engine import changes as c
from fairway.engine import commands as k
from fairway.engine.calendar import Calendar
from fairway.engine.decide import decide, standing_reasons
from fairway.engine.program import Program
from fairway.engine.refused import Refused
from fairway.engine.spec import Sop
from fairway.engine.state import RunState

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
OFFICE = Calendar("office", "Asia/Shanghai", (((540, 1080),),) * 5 + ((), ()))

GRADES = [{"grade": "A", "from": "10"}, {"grade": "B", "from": "6"}, {"grade": "C", "from": "3"}]


def t(text):
    return {"zh-hans": text, "en": text}


def step(key, kind="task", **more):
    return {"key": key, "kind": kind, "title": t(key), **more}


def document(stages, **more):
    form = {"title": t("form"), "fields": [
        {"key": "grade", "type": "text", "label": t("g")},
        {"key": "nodes", "type": "list", "label": t("n"), "fields": [{"key": "key", "type": "text", "label": t("k")}]},
    ]}  # fmt: skip
    score = {"form": "form", "scale": "5", "criteria": [
        {"key": "fit", "field": "fit", "title": t("fit"), "rubric": [t("1")] * 5}]}  # fmt: skip
    base = {
        "sop": "small", "title": t("Small"), "about": t("Small"), "subject": "deal", "roles": ["rep", "manager"],
        "forms": {"form": form}, "moments": {"signed": t("Signed")}, "stages": stages,
        "grading": {"score": score, "grades": GRADES},
        "cadence": {"A": {"touches": "2", "per": "week"}, "C": {"touches": "1", "per": "month"}},
        "outcomes": {
            "won": {"title": t("won"), "kind": "won", "ask": "false"},
            "lost": {"title": t("lost"), "kind": "lost", "reasons": [{"key": "price", "title": t("price")}]},
            "recycled": {"title": t("recycled"), "kind": "recycled", "reasons": [{"key": "silent", "title": t("s")}]},
        },
    }  # fmt: skip
    return Program(Sop.model_validate({**base, **more}))


class Run:
    """A run in memory with a moving clock."""

    def __init__(self, program, *, by_import=False, **state):
        self.program, self.now, self.facts = program, NOW, {}
        self.state = RunState.new(NOW, **state)
        self.do(k.Start(by_import=by_import))

    def do(self, command):
        decision = decide(self.program, self.state, command, self.facts, self.now, OFFICE)
        self.state = decision.state
        self.now += timedelta(minutes=1)
        return decision.changes

    def refused(self, command):
        before = self.state
        with pytest.raises(Refused) as refused:
            self.do(command)
        assert self.state is before
        return [reason.code for reason in refused.value.reasons]

    def open(self, name=None):
        return [task for task in self.state.tasks if task.status == "open" and name in {None, task.step}]

    def opened(self):
        return [task.step for task in self.open()]


def of(kind, changes):
    return [change for change in changes if isinstance(change, kind)]


# -- steps and needs ------------------------------------------------------------------------------------------------


def test_a_step_opens_when_what_it_needs_is_done_and_not_before():
    run = Run(document([{"key": "one", "title": t("one"), "steps": [step("a"), step("b", needs=["a"])]}]))
    assert run.opened() == ["a"]
    assert run.refused(k.Complete("b")) == ["step.needs"]
    run.do(k.Complete("a"))
    assert run.opened() == ["b"]


def test_a_need_that_does_not_apply_is_no_obstacle():
    steps = [step("a", when={"fact": "run.grade", "is": "A"}), step("b", needs=["a"])]
    run = Run(document([{"key": "one", "title": t("one"), "steps": steps}]))
    assert run.opened() == ["b"]


def test_a_task_closes_when_it_no_longer_applies_and_opens_when_it_does_again():
    steps = [step("a", when={"fact": "deal.big", "is": "yes"})]
    run = Run(document([{"key": "one", "title": t("one"), "steps": steps}]))
    run.facts = {"deal.big": "yes"}
    run.do(k.Settle())
    assert run.opened() == ["a"]
    run.facts = {"deal.big": "no"}
    assert [change.why for change in of(c.Voided, run.do(k.Settle()))] == ["not_needed"]


def test_an_optional_step_waits_to_be_added_and_may_be_done_on_the_spot():
    steps = [step("a", required="false"), step("b", required="false")]
    run = Run(document([{"key": "one", "title": t("one"), "outcome": "won", "steps": steps}]))
    assert run.opened() == []
    run.do(k.Add("a"))
    assert run.opened() == ["a"]
    assert run.refused(k.Add("a")) == ["step.not_repeatable"]
    run.do(k.Complete("b"))
    run.do(k.Advance())
    assert run.state.outcome == "won"


def test_a_repeatable_step_goes_in_rounds_and_its_actions_run_each_time():
    steps = [step("a", repeat="true", required="false", do=[{"notify": "owner"}])]
    run = Run(document([{"key": "one", "title": t("one"), "steps": steps}]))
    for number in (1, 2):
        run.do(k.Add("a"))
        assert len(of(c.Told, run.do(k.Complete("a")))) == 1
        assert max(task.round for task in run.state.tasks) == number


def test_doing_a_step_again_voids_what_was_built_on_it():
    steps = [step("draft"), step("check", needs=["draft"]), step("other", needs=["draft"])]
    steps[0]["renews"] = ["check"]
    run = Run(document([{"key": "one", "title": t("one"), "steps": steps}]))
    for name in ("draft", "check", "other", "draft"):
        run.do(k.Complete(name))
    assert run.opened() == ["check"]


def test_a_check_is_done_by_the_system_as_soon_as_it_holds_and_by_nobody_else():
    steps = [step("a", auto={"fact": "deal.sum", "is": "100"})]
    run = Run(document([{"key": "one", "title": t("one"), "steps": steps}]))
    assert run.refused(k.Complete("a")) == ["step.by_system"]
    run.facts = {"deal.sum": "100"}
    [done] = of(c.Done, run.do(k.Settle()))
    assert done.by_system


def test_each_entry_of_a_list_is_a_task_and_one_that_is_gone_takes_its_task_along():
    run = Run(document([{"key": "one", "title": t("one"), "steps": [step("a", each="form.nodes")]}]))
    run.facts = {"form.nodes": [{"key": "x"}, {"key": "y"}]}
    run.do(k.Settle())
    assert [task.item_key for task in run.open()] == ["x", "y"]
    run.do(k.Complete("a", ref=run.open()[0].ref))
    run.facts = {"form.nodes": [{"key": "x"}]}
    run.do(k.Settle())
    assert run.opened() == []


def test_what_comes_by_import_is_done_by_itself_where_the_step_says_so():
    steps = [step("register", by_import="true"), step("score", needs=["register"])]
    assert Run(document([{"key": "one", "title": t("one"), "steps": steps}]), by_import=True).opened() == ["score"]
    assert Run(document([{"key": "one", "title": t("one"), "steps": steps}])).opened() == ["register"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (k.Complete("nothing"), "step.unknown"),
        (k.Complete("later"), "step.not_here"),
        (k.Complete("a", ref=99), "task.gone"),
        (k.Decide(99, "approve"), "task.gone"),
        (k.Answer(99, agrees=True), "task.gone"),
        (k.GoBack("two"), "stage.no_way"),
        (k.Advance("nowhere"), "stage.no_way"),
        (k.Close("nothing"), "outcome.unknown"),
        (k.Close("won"), "outcome.not_asked"),
        (k.Close("lost"), "reason.needed"),
        (k.Reopen(), "run.open"),
        (k.Regrade("Z"), "grade.unknown"),
        (k.Happen("nothing"), "event.unknown"),
        (k.Start(), "run.open"),
    ],
)
def test_what_cannot_be_is_refused_by_name(command, code):
    stages = [
        {"key": "one", "title": t("one"), "next": ["two"], "steps": [step("a")]},
        {"key": "two", "title": t("two"), "steps": [step("later")], "outcome": "won"},
    ]
    assert Run(document(stages)).refused(command) == [code]


# -- approvals ------------------------------------------------------------------------------------------------------


def approval(**more):
    steps = [
        step("draft"),
        step("review", "approve", needs=["draft"], judges=[{"role": "product"}, {"role": "manager"}], **more),
    ]
    return Run(document([{"key": "one", "title": t("one"), "outcome": "won", "steps": steps}]))


def judge(run, verdict="approve", index=0):
    return run.do(k.Decide(run.open("review")[index].ref, verdict))


def test_judges_side_by_side_must_all_approve():
    run = approval()
    run.do(k.Complete("draft"))
    assert [task.role for task in run.open("review")] == ["product", "manager"]
    judge(run)
    assert run.refused(k.Advance()) == ["step.review"]
    judge(run)
    run.do(k.Advance())
    assert run.state.outcome == "won"


def test_judges_in_turn_are_asked_one_after_another():
    run = approval(order="in_turn")
    run.do(k.Complete("draft"))
    assert [task.role for task in run.open("review")] == ["product"]
    judge(run)
    assert [task.role for task in run.open("review")] == ["manager"]


def test_of_any_judges_one_is_enough_and_the_others_are_let_off():
    run = approval(mode="any")
    run.do(k.Complete("draft"))
    assert [change.why for change in of(c.Voided, judge(run, index=1))] == ["decided"]
    run.do(k.Advance())


def test_a_send_back_opens_the_draft_and_the_question_is_put_anew_when_it_is_mended():
    run = approval()
    run.do(k.Complete("draft"))
    judge(run, "send_back")
    assert run.opened() == ["draft"]
    run.do(k.Complete("draft"))
    assert [task.role for task in run.open("review")] == ["product", "manager"]


def test_a_judge_whose_condition_does_not_hold_is_not_asked_and_nobody_is_never_an_approval():
    judges = [{"role": "manager", "when": {"fact": "deal.amount", "at_least": "5"}}, {"role": "legal", "when": "false"}]
    run = Run(document([{"key": "one", "title": t("one"), "steps": [step("review", "approve", judges=judges)]}]))
    assert [task.role for task in run.open()] == ["manager"]


def test_a_task_that_is_no_approval_takes_no_verdict_and_an_approval_is_not_ticked_off():
    run = approval()
    assert run.refused(k.Decide(run.open("draft")[0].ref, "approve")) == ["task.kind"]
    run.do(k.Complete("draft"))
    assert run.refused(k.Complete("review")) == ["step.by_judge"]
    assert run.refused(k.Answer(run.open("review")[0].ref, agrees=True)) == ["task.kind"]


# -- the customer ---------------------------------------------------------------------------------------------------


def test_a_correction_by_the_customer_reopens_the_talk_and_asks_again_after_it():
    steps = [step("talk"), step("confirm", "customer", needs=["talk"], returns="talk", stamps="signed")]
    run = Run(document([{"key": "one", "title": t("one"), "steps": steps}]))
    run.do(k.Complete("talk"))
    assert run.refused(k.Complete("confirm")) == ["step.by_customer"]
    run.do(k.Answer(run.open()[0].ref, agrees=False))
    assert run.opened() == ["talk"]
    assert "signed" not in run.state.moments
    run.do(k.Complete("talk"))
    run.do(k.Answer(run.open()[0].ref, agrees=True))
    assert "signed" in run.state.moments


# -- gates, ways and ends -------------------------------------------------------------------------------------------


def gated(**more):
    gate = {"all": [
        {"fact": "deal.known", "is": "yes", "else": t("ask who decides")},
        {"any": [{"fact": f"deal.{x}", "known": "true", "else": t(x)} for x in "ab"]},
        {"not": {"fact": "deal.bad", "is": "yes"}, "else": t("mend the bad"), "waive": "never"},
    ]}  # fmt: skip
    stages = [
        {"key": "one", "title": t("one"), "next": ["two"], "steps": [step("a")], "gate": gate, **more},
        {"key": "two", "title": t("two"), "back": ["one"], "outcome": "won", "steps": [step("b")]},
    ]
    return Run(document(stages))


def test_a_refusal_names_every_unmet_condition_at_once():
    run = gated()
    run.facts = {"deal.bad": "yes"}
    assert run.refused(k.Advance()) == ["step.a", "gate.0", "gate.1.0", "gate.1.1", "gate.2"]
    texts = [one.text.en for one in standing_reasons(run.program, run.state, run.facts, run.now, OFFICE)]
    assert texts == ["“a” is not done yet", "ask who decides", "a", "b", "mend the bad"]


def test_a_waiver_covers_what_it_names_on_this_visit_until_its_time_and_never_what_may_not_be_waived():
    run = gated()
    run.facts = {"deal.bad": "yes"}
    assert run.refused(k.Waive(("gate.2",))) == ["waiver.not_allowed"]
    run.facts = {}
    codes = ("step.a", "gate.0", "gate.1.0", "gate.1.1")
    run.do(k.Waive(codes, until=run.now + timedelta(hours=1)))
    run.now += timedelta(hours=2)
    assert run.refused(k.Advance()) == list(codes)
    run.do(k.Waive(codes))
    [left] = of(c.Left, run.do(k.Advance()))
    assert left.waived == codes
    run.do(k.GoBack("one"))
    assert run.refused(k.Advance()) == list(codes)


def test_going_back_keeps_results_voids_what_is_open_and_counts_the_visit():
    run = gated(gate="true")
    run.do(k.Complete("a"))
    run.do(k.Advance("two"))
    assert run.opened() == ["b"]
    run.do(k.GoBack("one"))
    assert (run.opened(), run.state.visits["one"]) == ([], 2)
    run.do(k.Advance())
    assert run.opened() == ["b"]


def test_several_ways_on_ask_which_and_a_stage_without_any_is_no_exit():
    stages = [
        {"key": "one", "title": t("one"), "next": ["two", "three"]},
        {"key": "two", "title": t("two")},
        {"key": "three", "title": t("three")},
    ]
    run = Run(document(stages))
    assert run.refused(k.Advance()) == ["stage.which"]
    run.do(k.Advance("three"))
    assert run.refused(k.Advance()) == ["stage.no_way"]


def test_a_closed_run_takes_nothing_but_reopening_and_a_won_one_not_even_that():
    run = gated()
    run.do(k.Close("lost", "price"))
    assert run.opened() == []
    assert run.refused(k.Advance()) == ["run.closed"]
    assert standing_reasons(run.program, run.state, {}, run.now, OFFICE) == ()
    run.do(k.Reopen())
    assert (run.state.stage, run.opened()) == ("one", ["a"])
    won = Run(document([{"key": "one", "title": t("one"), "outcome": "won"}]))
    won.do(k.Advance())
    assert won.refused(k.Reopen()) == ["run.won"]


# -- contacts, grades and clocks ------------------------------------------------------------------------------------


def contacts():
    steps = [
        step("first", "contact", due={"by": "run.grade", "within": {"A": "24h", "B": "3wd"}, "of": "assigned"}),
        step("touch", "contact", needs=["first"], cadence="true"),
        step("rescore", needs=["first"], when={"fact": "run.grade", "is": "C"}, every="1mo"),
    ]
    silent = {"on": "contact_attempted", "when": {"fact": "run.silent_streak", "at_least": "3"},
              "do": [{"close": "recycled", "reason": "silent"}]}  # fmt: skip
    clock = {"stay": {"A": "14d", "*": "30d"}, "by": "run.grade"}
    stages = [{"key": "one", "title": t("one"), "steps": steps, "clock": clock}]
    return Run(document(stages, triggers=[silent]), grade="B")


def test_a_clock_waits_for_its_anchor_and_follows_the_grade():
    run = contacts()
    assert run.open("first")[0].due_at is None
    assigned = run.now
    run.do(k.Assign())
    assert run.open("first")[0].due_at == assigned + timedelta(days=3)
    run.do(k.Regrade("A"))
    assert run.open("first")[0].due_at == assigned + timedelta(hours=24)
    assert run.state.stage_due == NOW + timedelta(days=14)
    run.do(k.Assign())
    assert run.state.moments["assigned"] == assigned


def test_only_who_was_reached_was_touched_and_three_silences_end_it():
    run = contacts()
    run.do(k.Contact("no_answer"))
    run.do(k.Contact("refused"))
    assert (run.state.silent_streak, run.state.attempts, run.opened()) == (0, 2, ["first"])
    run.do(k.Contact("reached"))
    assert (run.state.reached, run.opened()) == (True, [])
    for _ in range(3):
        run.do(k.Contact("wrong_number"))
    assert (run.state.outcome, run.state.reason) == ("recycled", "silent")


def test_touches_come_at_the_rhythm_of_the_grade_and_again_after_each():
    run = contacts()
    run.do(k.Regrade("A"))
    touched = run.now
    run.do(k.Contact("reached"))
    assert run.open("touch")[0].due_at == touched + timedelta(hours=84)
    touched = run.now
    run.do(k.Contact("reached", ref=run.open("touch")[0].ref))
    assert run.open("touch")[0].due_at == touched + timedelta(hours=84)


def test_what_comes_every_month_comes_from_when_it_was_due_and_stops_with_its_condition():
    run = contacts()
    run.do(k.Regrade("C"))
    run.do(k.Contact("reached"))
    due = run.open("rescore")[0].due_at
    run.do(k.Complete("rescore"))
    assert run.open("rescore")[0].due_at > due
    run.do(k.Regrade("B"))
    assert run.open("rescore") == []


def test_a_rung_tells_and_does_and_says_nothing_when_the_task_is_done():
    ladder = [{"before": "1d", "to": "owner"}, {"after": "0h", "to": ["owner", "manager"], "do": [{"open": "plan"}]}]
    steps = [step("pay", due={"within": "5d"}, escalate=ladder), step("plan", required="false")]
    run = Run(document([{"key": "one", "title": t("one"), "steps": steps}]))
    ref = run.open("pay")[0].ref
    [told] = of(c.Told, run.do(k.Fire(ref, 0)))
    assert (told.roles, told.late) == (("owner",), False)
    run.do(k.Fire(ref, 1))
    assert run.opened() == ["pay", "plan"]
    run.do(k.Complete("pay"))
    assert run.do(k.Fire(ref, 1)) == ()


# -- standing steps, triggers and actions ---------------------------------------------------------------------------


def test_a_standing_step_opens_with_its_moment_and_outlives_the_stage():
    stages = [
        {"key": "one", "title": t("one"), "next": ["two"], "steps": [step("sign", stamps="signed")]},
        {"key": "two", "title": t("two"), "gate": {"step": "node", "state": "settled"}, "outcome": "won"},
    ]
    standing = [step("node", "pay", form="form", open_on="signed", due={"within": "3d", "of": "signed"})]
    run = Run(document(stages, standing=standing))
    assert run.refused(k.Complete("node")) == ["step.not_applicable"]
    run.do(k.Complete("sign"))
    assert run.opened() == ["node"]
    run.do(k.Advance())
    assert run.opened() == ["node"]
    assert run.refused(k.Advance()) == ["gate"]
    run.do(k.Complete("node"))
    run.do(k.Advance())
    assert run.state.outcome == "won"


def test_actions_of_the_closed_set_do_what_they_say():
    do = [
        {"regrade": "form.grade"}, {"stamp": "signed"}, {"open": "extra"}, {"cancel": "a"}, {"assign": "rules"},
        {"start": "care"}, {"effect": "make_deal"}, {"fill": "deal.level", "value": "high"}, {"notify": ["owner"]},
    ]  # fmt: skip
    steps = [step("a"), step("extra", required="false"), step("go", do=do)]
    run = Run(document([{"key": "one", "title": t("one"), "steps": steps}]))
    run.facts = {"form.grade": "A"}
    changes = run.do(k.Complete("go"))
    assert [effect.name for effect in of(c.Effect, changes)] == ["assign", "start", "make_deal", "fill"]
    assert (run.state.grade, "signed" in run.state.moments) == ("A", True)
    assert {"extra", "a"} <= set(run.opened())  # what was cancelled is required still, and so asked again


def test_triggers_that_chase_each_other_are_stopped_and_nothing_is_decided():
    chase = [
        {"on": "regraded", "when": {"fact": "run.grade", "is": "A"}, "do": [{"regrade": "B"}]},
        {"on": "regraded", "when": {"fact": "run.grade", "is": "B"}, "do": [{"regrade": "A"}]},
    ]
    run = Run(document([{"key": "one", "title": t("one")}], triggers=chase), grade="C")
    assert run.refused(k.Regrade("A")) == ["sop.runaway"]


def test_the_same_arguments_give_the_same_decision():
    run = gated()
    first = decide(run.program, run.state, k.Complete("a"), {}, NOW, OFFICE)
    assert first == decide(run.program, run.state, k.Complete("a"), {}, NOW, OFFICE)

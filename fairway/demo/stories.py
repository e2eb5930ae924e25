"""What happens to the demo company's leads, deals and complaints, and when: each story is a row of beats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from fairway.care.actions import register_complaint
from fairway.customers.models import Account
from fairway.deals.actions import start_deal
from fairway.demo import papers
from fairway.demo.acting import ZONE, Acting
from fairway.demo.customers import Customer, customer
from fairway.leads.actions import register_lead
from fairway.people.models import User
from fairway.runs.models import Run


@dataclass
class Story:
    """One lead and what becomes of it, or one complaint. `run_id` is known once it began."""

    customer: Customer
    by: User
    beats: Sequence[Beat]
    idle_days: float = 0.0
    grade: str = "A"
    level: str = "normal"
    run_id: int = 0
    over: bool = field(default=False)

    def schedule(self, end: datetime) -> Iterator[tuple[datetime, Beat]]:
        """When each beat is meant to be, so that the last one lies `idle_days` before `end`."""
        start = end - timedelta(days=self.beats[-1].day + self.idle_days)
        for beat in self.beats:
            yield start + timedelta(days=beat.day), beat


class Beat(NamedTuple):
    """Something that happens `day` days after the story began."""

    name: str
    day: float
    do: Callable[[Story, Acting], Any]


# -- leads -------------------------------------------------------------------------------------------------------------


def _register(story: Story, at: Acting) -> None:
    story.run_id = register_lead(story.customer.lead, by=story.by, now=at.now, zone=ZONE).run_id


def _progress(story: Story, at: Acting) -> None:
    if at.has_open("progress"):
        at.submit("progress", {"percent": 50, "done": "接口联调", "next": "试排产"})


def _talk(story: Story, at: Acting) -> None:
    owner = at.run.owner_id or story.by.pk
    at.submit("talk", papers.talk(story.customer, at.now, owner=owner))


def _rehearse(story: Story, at: Acting) -> None:
    at.submit("rehearsal", papers.rehearsal(at.now, [at.run.owner_id or story.by.pk]))


def _pay(percent: int) -> Callable[[Story, Acting], None]:
    return lambda story, at: at.submit("node", papers.receipt(story.customer, percent, at.now))


LEAD: tuple[Beat, ...] = (
    Beat("register", 0, _register),
    Beat("score", 0.3, lambda s, a: a.submit("score", papers.score(s.grade))),
    Beat("review", 0.8, lambda s, a: a.decide("review", values={"grade_final": s.grade})),
    Beat("contact", 1.2, lambda s, a: a.contact("reached", note="愿意听一次介绍")),
)
DEAL: tuple[Beat, ...] = (
    *LEAD,
    Beat("needs", 1.6, lambda s, a: a.advance("needs")),
    Beat("prepare", 2.5, lambda s, a: a.submit("prepare", papers.call_sheet(s.customer))),
    Beat("talk", 3.5, _talk),
    Beat("decision_chain", 3.6, lambda s, a: a.submit("decision_chain", papers.decision_chain(s.customer))),
    Beat("summary", 3.7, lambda s, a: a.submit("summary", papers.summary(s.customer))),
    Beat("confirm", 4.3, lambda s, a: a.answer("confirm")),
    Beat("proposal", 5, lambda s, a: a.advance("proposal")),
    Beat("proposal_draft", 8, lambda s, a: a.submit("proposal_draft", papers.proposal(s.customer))),
    Beat("product_review", 8.6, lambda s, a: a.judge("proposal_review", "product")),
    Beat("proposal_review", 9.2, lambda s, a: a.decide("proposal_review")),
    Beat("material", 10, lambda s, a: a.submit("material", {"kinds": ["slides"]})),
    Beat("presentation", 12, lambda s, a: a.submit("presentation", papers.presentation(s.customer, a.now))),
    Beat("feedback", 12.6, lambda s, a: a.submit("feedback", papers.feedback(s.customer))),
    Beat("answers", 12.8, lambda s, a: a.submit("answers", {"answer": "按同行数据，十个月收回投资"})),
    Beat("negotiation", 14, lambda s, a: a.advance("negotiation")),
    Beat("strategy", 15, lambda s, a: a.submit("strategy", papers.strategy(s.customer))),
    Beat("rehearsal", 16, _rehearse),
    Beat("first_round", 18, lambda s, a: a.submit("rounds", papers.round_of_talks(s.customer, papers.TERMS[:2]))),
    Beat("second_round", 22, lambda s, a: a.submit("rounds", papers.round_of_talks(s.customer, papers.TERMS))),
    Beat("contract", 23, lambda s, a: a.advance("contract")),
    Beat("contract_draft", 24, lambda s, a: a.submit("contract_draft", papers.contract(s.customer, a.now))),
    Beat("legal_review", 25.2, lambda s, a: a.decide("legal_review")),
    Beat("finance_review", 25.4, lambda s, a: a.decide("finance_review")),
    Beat("release", 26, lambda s, a: a.decide("release")),
    Beat("sign", 28, lambda s, a: a.answer("sign")),
    Beat("countersign", 28.6, lambda s, a: a.decide("countersign")),
    Beat(
        "archive",
        29.2,
        lambda s, a: a.submit(
            "archive",
            {"archive_no": f"SQ-{s.customer.number:03d}", "archived_on": papers.day(a.now), "same_text": True},
        ),
    ),
    Beat("delivery", 30, lambda s, a: a.advance("delivery")),
    Beat("handover", 30.5, lambda s, a: a.submit("handover", papers.handover(a.now))),
    Beat("first_payment", 33, _pay(50)),
    Beat("progress_1", 38, _progress),
    Beat("milestone", 41, lambda s, a: a.submit("milestones", {"done_on": papers.day(a.now)})),
    Beat("progress_2", 45.5, _progress),
    Beat(
        "training",
        50,
        lambda s, a: a.submit("training", {"held_on": papers.day(a.now), "modes": ["online"], "attendees": 8}),
    ),
    Beat("progress_3", 53, _progress),
    Beat("go_live", 58, lambda s, a: a.submit("go_live", {"golive_on": papers.day(a.now)})),
    Beat("second_payment", 65, _pay(30)),
    Beat("acceptance", 72, lambda s, a: a.answer("acceptance")),
    Beat("collection", 73, lambda s, a: a.advance("collection")),
    Beat("third_payment", 80, _pay(20)),
    Beat("close", 81, lambda s, a: a.advance("close")),
    Beat(
        "win_review",
        83,
        lambda s, a: a.submit(
            "win_review", {"result": "won", "primary_reason": "product", "what_worked": ["用客户自己的数据算回报"]}
        ),
    ),
    Beat("ask_referral", 84, lambda s, a: a.complete("ask_referral")),
    Beat("won", 85, lambda s, a: a.advance()),
)
NURTURED: tuple[Beat, ...] = (
    *LEAD,
    *(Beat(f"touch_{month}", 1 + 28 * month, lambda s, a: a.contact("reached", "wechat")) for month in (1, 2)),
)
SILENT: tuple[Beat, ...] = (
    *LEAD[:3],
    *(Beat(f"no_answer_{n}", 1 + 1.2 * n, lambda s, a: a.contact("no_answer")) for n in range(1, 4)),
)
MISMATCH: tuple[Beat, ...] = (
    LEAD[0],
    Beat("mismatch", 0.5, lambda s, a: a.submit("score", papers.score("C", mismatch=True))),
)
SENT_BACK: tuple[Beat, ...] = (
    *LEAD[:2],
    Beat("sent_back", 0.9, lambda s, a: a.decide("review", "send_back", "预算一栏没有依据，请补充")),
)
EXCEPTION: tuple[Beat, ...] = (
    *(beat for beat in DEAL if beat.day <= 18),
    Beat(
        "discount_round",
        20,
        lambda s, a: a.submit("rounds", papers.round_of_talks(s.customer, papers.TERMS, discount=12)),
    ),
    Beat(
        "exception_request",
        20.5,
        lambda s, a: a.submit(
            "exception_request",
            {
                "kind": ["discount"],
                "justification": "客户同时在看两家，集团还有四个厂",
                "tradeoff": "首付五成，做标杆案例",
            },
        ),
    ),
)


WAIVER: tuple[Beat, ...] = (
    *(beat for beat in DEAL if beat.day <= 3.7),
    Beat("ask_waiver", 4.2, lambda s, a: a.ask_waiver("客户总监出差两周，邮件已口头确认", "回来当天补签确认单")),
)
WAIVER_GRANTED: tuple[Beat, ...] = (
    *WAIVER,
    Beat("waiver_granted", 4.6, lambda s, a: a.judge_waiver(grant=True, note="同意，两周内补齐")),
    Beat("proposal", 5, lambda s, a: a.advance("proposal")),
)
WAIVER_REFUSED: tuple[Beat, ...] = (
    *WAIVER,
    Beat("waiver_refused", 4.8, lambda s, a: a.judge_waiver(grant=False, note="需求还没谈透，不能跳过")),
)


def lost_after(name: str, reason: str) -> tuple[Beat, ...]:
    """A deal that is lost two days after a beat, looked back on afterwards."""
    beats = upto(DEAL, name)
    last = beats[-1].day
    return (*beats, Beat("lost", last + 2, lambda s, a: a.close("lost", reason)))


# -- complaints --------------------------------------------------------------------------------------------------------


def _take_in(story: Story, at: Acting) -> None:
    account = Account.objects.get(name=story.customer.company)
    owner = Run.objects.filter(account=account, owner__isnull=False).latest("id").owner
    values = papers.complaint(story.customer.number, account.pk, level=story.level)
    by = User.objects.with_roles().get(pk=owner.pk if owner else story.by.pk)
    story.run_id = register_complaint(values, by=by, now=at.now, zone=ZONE).run_id


COMPLAINT: tuple[Beat, ...] = (
    Beat("register", 0, _take_in),
    Beat("answer", 0.2, lambda s, a: a.contact("reached", note="先致歉，告知处理人")),
    Beat("level_check", 0.3, lambda s, a: a.decide("level_check")),
    Beat("contain", 0.4, lambda s, a: a.advance("contain")),
    Beat("remedy", 1, lambda s, a: a.submit("remedy", {**papers.REMEDY, "containment_at": papers.moment(a.now)})),
    Beat("solve", 1.2, lambda s, a: a.advance("solve")),
    Beat("cause", 2.5, lambda s, a: a.submit("cause_support", papers.CAUSE)),
    Beat("solution", 3, lambda s, a: a.submit("solution", papers.SOLUTION)),
    Beat("fix", 5, lambda s, a: a.submit("fix", {"result": "补丁已上线，丢的单已补", "solved": True})),
    Beat("verify", 5.2, lambda s, a: a.advance("verify")),
    Beat("visit", 8, lambda s, a: a.submit("visit", {"satisfied": True, "mode": "phone"})),
    Beat("close", 8.2, lambda s, a: a.advance("close")),
    Beat("prevent", 10, lambda s, a: a.submit("prevent_support", {"preventive": [{"measure": "评审清单加一条"}]})),
    Beat("case", 11, lambda s, a: a.submit("case", {"to_case_library": True, "lesson": "消息必须能重试"})),
    Beat("resolved", 11.2, lambda s, a: a.advance()),
)
WITHDRAWN: tuple[Beat, ...] = (
    *COMPLAINT[:2],
    Beat("withdrawn", 1, lambda s, a: a.close("withdrawn", "misunderstanding")),
)


def upto(beats: Iterable[Beat], name: str) -> tuple[Beat, ...]:
    """The beats as far as the one with this name."""
    taken: list[Beat] = []
    for beat in beats:
        taken.append(beat)
        if beat.name == name:
            return tuple(taken)
    raise KeyError(name)


# -- more business with customers ------------------------------------------------------------------------------------


def _more_business(sop: str, name: str) -> Callable[[Story, Acting], None]:
    def begin(story: Story, at: Acting) -> None:
        account = Account.objects.get(name=story.customer.company)
        earlier = Run.objects.filter(account=account, face="deal", owner__isnull=False).latest("id").owner
        by = User.objects.with_roles().get(pk=earlier.pk if earlier else story.by.pk)
        story.run_id = start_deal(sop, account=account, name=name, owner=by, by=by, now=at.now).run_id

    return begin


MORE: tuple[tuple[int, str, str, float], ...] = (
    (23, "repurchase", "二期车间扩容", 3), (24, "repurchase", "年度服务续签", 11),
    (21, "key-account", "集团四厂统一排程", 2),
)  # fmt: skip
"""Who buys again: customer, SOP, name of the deal, and for how many days it has rested."""

# -- who gets which ----------------------------------------------------------------------------------------------------

DEALS: tuple[tuple[str, float], ...] = (
    ("needs", 0.5), ("prepare", 0.4), ("summary", 0.4), ("summary", 3), ("decision_chain", 26),
    ("proposal", 1), ("proposal_draft", 0.6), ("product_review", 4), ("presentation", 2), ("answers", 0.5),
    ("strategy", 1), ("first_round", 2), ("first_round", 34),
    ("contract_draft", 0.5), ("release", 1), ("sign", 5),
    ("first_payment", 1), ("milestone", 2), ("go_live", 16),
    ("collection", 2), ("collection", 24),
    ("won", 3), ("won", 15), ("won", 32), ("won", 50),
)  # fmt: skip
"""How far each deal has come, and for how many days nothing has happened since."""


LEADS: tuple[tuple[Sequence[Beat], str, tuple[float, ...]], ...] = (
    (upto(LEAD, "register"), "A", (0.1, 0.3, 0.6, 1.2, 3.0)),
    (upto(LEAD, "score"), "B", (0.3, 0.7, 1.4, 4.0)),
    (SENT_BACK, "A", (0.6, 2.5)),
    (upto(LEAD, "review"), "A", (0.2, 0.8, 2.5)),
    (upto(LEAD, "review"), "B", (0.5, 1.6, 3.5)),
    (LEAD, "A", (0.5, 4.0)),
    (LEAD, "B", (1.0, 9.0)),
    (NURTURED, "C", (4, 10, 16, 22)),
    (SILENT, "B", (5, 18, 40)),
    (MISMATCH, "C", (8, 30)),
    (EXCEPTION, "A", (1.5,)),
    (lost_after("answers", "rival"), "A", (12,)),
    (lost_after("first_round", "price"), "B", (20,)),
    (upto(DEAL, "needs"), "B", (0.3, 6)),
    (WAIVER, "A", (0.7,)),
    (WAIVER_GRANTED, "A", (1.2,)),
    (WAIVER_REFUSED, "B", (2.0,)),
)
"""The other leads: their beats, their grade, and for how many days each of them has rested."""

COMPLAINTS: tuple[tuple[int, Sequence[Beat], float, str], ...] = (
    (18, upto(COMPLAINT, "register"), 0.1, "normal"), (21, upto(COMPLAINT, "register"), 1.5, "major"),
    (22, upto(COMPLAINT, "contain"), 0.5, "normal"), (23, upto(COMPLAINT, "solve"), 3, "normal"),
    (24, upto(COMPLAINT, "fix"), 1, "normal"), (21, upto(COMPLAINT, "verify"), 0.6, "normal"),
    (22, upto(COMPLAINT, "close"), 2, "normal"), (22, COMPLAINT, 14, "normal"), (23, COMPLAINT, 20, "urgent"),
    (24, WITHDRAWN, 9, "normal"),
)  # fmt: skip
"""Who complains, how far it has come, for how many days it has rested, and its level."""


def all_stories(reps: Sequence[User]) -> list[Story]:
    """Sixty-three leads, nearly half of them deals by now, ten complaints, and three customers who buy again."""
    told: list[Story] = []

    def tell(beats: Sequence[Beat], idle: float, grade: str) -> None:
        number = len(told)
        told.append(Story(customer(number), reps[number % len(reps)], beats, idle, grade))

    for number, (name, idle) in enumerate(DEALS):
        tell(upto(DEAL, name), idle, "B" if number % 4 == 3 else "A")
    for beats, grade, idles in LEADS:
        for idle in idles:
            tell(beats, idle, grade)
    for number, beats, idle, level in COMPLAINTS:
        told.append(Story(customer(number), reps[number % len(reps)], beats, idle, level=level))
    for number, sop, name, idle in MORE:
        told.append(Story(customer(number), reps[number % len(reps)], (Beat(sop, 0, _more_business(sop, name)),), idle))
    return told

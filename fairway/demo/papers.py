"""What the demo company writes on its forms: values by field, for one customer and moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from fairway.demo.acting import ZONE
from fairway.demo.customers import Customer

Values = dict[str, Any]
PAINS = (
    ("排产靠手工，插单一来全乱", "插单后一小时内重排完"),
    ("物料齐套看不清，开工才发现缺料", "开工前三天就知道缺什么"),
    ("交期答不准，客户天天催", "接单时就能答准交期"),
    ("设备负荷不均，有的排队有的闲", "瓶颈设备利用率提高一成"),
    ("几个车间各排各的，计划对不上", "一张计划管到每个车间"),
)
OBJECTIONS = (
    ("price", "比我们预算高了不少"),
    ("delivery", "年底前能上线吗"),
    ("function", "能接我们的老 ERP 吗"),
    ("trust", "同行有用过的吗"),
)
LEVERS = ("同行业案例", "两周试点", "驻场实施")


def day(at: datetime, after: int = 0) -> str:
    """The date at the customer's, `after` days later."""
    return (at.astimezone(ZONE) + timedelta(days=after)).date().isoformat()


def moment(at: datetime) -> str:
    """The time as it is typed on a form."""
    return at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def amount(customer: Customer) -> int:
    """What the customer will pay, in yuan."""
    return 160_000 + (customer.number * 37 % 23) * 20_000


def score(grade: str, *, mismatch: bool = False) -> Values:
    """A score card that comes out at the grade."""
    points = {"A": (4, 4, 3), "B": (3, 2, 3), "C": (2, 1, 1)}[grade]
    values: Values = dict(zip(("fit_score", "budget_score", "urgency_score"), points, strict=True))
    return {**values, "mismatch": mismatch}


def call_sheet(customer: Customer) -> Values:
    """Prepared questions."""
    return {"prep_sources": ["website"], "prep_questions": ["现在的计划怎么排", "插单一天有几次", "谁对交期拍板"]}


def talk(customer: Customer, at: datetime, *, owner: int) -> Values:
    """What came out of the talk about the need."""
    pain, goal = PAINS[customer.number % len(PAINS)]
    price = amount(customer)
    return {
        "held_at": moment(at - timedelta(hours=2)), "customer_attendees": [customer.contact], "our_attendees": [owner],
        "pain_points": pain, "target_outcomes": goal, "decision_process": "计划部提，总经理批",
        "budget_range": {"from": price * 0.8, "to": price * 1.2}, "timeline": day(at, 90),
        "spin_situation": [{"question": "现在怎么排产？"}], "spin_problem": [{"question": "哪一步最慢？"}],
        "spin_implication": [{"question": "晚交一天损失多少？"}], "spin_need_payoff": [{"question": "快一天值多少？"}],
        "needs_second_call": False, "playback_confirmed": True,
    }  # fmt: skip


def decision_chain(customer: Customer) -> Values:
    """Who decides, and who talks to us."""
    return {
        "people": [
            {"name": customer.decider, "buying_role": "decision"},
            {"name": customer.contact, "buying_role": "influence"},
        ]
    }


def summary(customer: Customer) -> Values:
    """The points that the customer is asked to confirm."""
    pain, goal = PAINS[customer.number % len(PAINS)]
    return {
        "items": [{"description": pain}, {"description": goal}], "sent_to": [customer.contact], "channel": "email",
        "customer_status": "pending",
    }  # fmt: skip


def proposal(customer: Customer) -> Values:
    """Modules, price and worth."""
    pain, goal = PAINS[customer.number % len(PAINS)]
    price = amount(customer)
    return {
        "scope": [{"module": "高级排产"}, {"module": "物料齐套"}], "list_amount": price, "amount": price,
        "lead_time_days": 60, "need_match": [{"pain": pain, "remedy": goal}], "cost": price * 6 // 10,
        "quantified_value": [{"measure": "排产用时（小时）", "baseline": "8", "target": "1"}],
    }  # fmt: skip


def presentation(customer: Customer, at: datetime) -> Values:
    """The proposal was presented."""
    return {
        "presented_at": moment(at - timedelta(hours=1)), "customer_attendees": [customer.decider, customer.contact],
        "decider_present": True, "qa_minutes": 40,
    }  # fmt: skip


def feedback(customer: Customer) -> Values:
    """What the customer said to it."""
    kind, words = OBJECTIONS[customer.number % len(OBJECTIONS)]
    return {"go_on": True, "objections": [{"kind": kind, "words": words}]}


def strategy(customer: Customer) -> Values:
    """The bottom lines."""
    price = amount(customer)
    return {
        "customer_concerns": ["价格", "上线时间"], "our_levers": list(LEVERS), "floor_price": price * 85 // 100,
        "max_payment_days": 45, "min_scope": "高级排产", "issues": [{"term": "price"}, {"term": "payment"}],
        "concessions": [{"give": "多培训两天", "get": "首付五成"}],
    }  # fmt: skip


def rehearsal(at: datetime, people: Sequence[int]) -> Values:
    """The negotiation was rehearsed with manager and legal."""
    return {
        "held_at": moment(at - timedelta(hours=1)), "attendees": list(people), "manager_present": True,
        "legal_present": True, "findings": "先谈付款，再谈价格；让一步换一样",
    }  # fmt: skip


def round_of_talks(customer: Customer, terms: Sequence[str], *, discount: int = 0) -> Values:
    """A round: `terms` are agreed so far, `discount` is in percent."""
    price = amount(customer) * (100 - discount) // 100
    values: Values = {
        "price": price, "payment_days": 30, "scope_kept": True, "customer_floor": "希望总价再低一点",
        "agreed_terms": list(terms),
    }  # fmt: skip
    if not discount:
        return {**values, "no_concession": True}
    return {**values, "concessions_made": [{"term": "price", "give": f"优惠 {discount}%", "get": "首付提到五成"}]}


TERMS = ("price", "payment", "delivery", "breach", "after_sales")


def contract(customer: Customer, at: datetime) -> Values:
    """The contract, in three payments."""
    return {
        "name": f"{customer.company}计划排程系统合同", "amount": amount(customer), "acceptance_days": 30,
        "acceptance": "上线后30天内按方案功能验收，逾期视为验收", "warranty": "质保一年",
        "penalties": "每延期一天扣尾款1%",
        "penalty_percent": 1, "starts_on": day(at), "ends_on": day(at, 365), "promised_golive": day(at, 40),
        "nonstandard": False,
        "payment_nodes": [
            {"key": "signing", "title": "签约款", "percent": 50, "moment": "signed", "days": 5},
            {"key": "golive", "title": "上线款", "percent": 30, "moment": "golive", "days": 10},
            {"key": "acceptance", "title": "验收款", "percent": 20, "moment": "accepted", "days": 10},
        ],
    }  # fmt: skip


def handover(at: datetime) -> Values:
    """What was promised to the customer, for support."""
    return {
        "scope": "高级排产、物料齐套", "required_on": day(at, 35), "promised_on": day(at, 35),
        "milestones": [{"title": "部署与接口", "due_on": day(at, 12)}],
    }  # fmt: skip


def receipt(customer: Customer, percent: int, at: datetime) -> Values:
    """A payment of so many percent of the contract."""
    return {"amount": amount(customer) * percent // 100, "received_on": day(at)}


def complaint(number: int, account: int, *, level: str = "normal") -> Values:
    """What a customer complains of."""
    category, content = COMPLAINTS[number % len(COMPLAINTS)]
    values: Values = {
        "category": category,
        "severity": level,
        "channel": "phone",
        "content": content,
        "account": account,
    }
    return values if level == "normal" else {**values, "severity_basis": "影响当天发货"}


COMPLAINTS = (
    ("quality", "重排之后两张工单丢了，今天少发一车货"), ("delivery", "说好上周给的接口到现在没有"),
    ("function", "插单以后甘特图不刷新，要重新登录"), ("attitude", "打了三次电话都说转接，没人回"),
    ("price", "年费账单和合同对不上"),
)  # fmt: skip
REMEDY = {"containment": "先由驻场同事手工补单，每小时核对一次", "customer_told": True, "responsible": "support"}
CAUSE: Values = {
    "investigation": "founded", "root_cause": "消息队列没有重试",
    "whys": [
        {"why": "为什么丢单？", "because": "消息没有送到"}, {"why": "为什么没有送到？", "because": "对方超时"},
        {"why": "为什么超时就丢？", "because": "没有重试"}, {"why": "为什么没有重试？", "because": "设计时没有考虑"},
        {"why": "为什么没有考虑？", "because": "评审清单里没有这一条"},
    ],
}  # fmt: skip
SOLUTION = {"corrective": [{"measure": "加重试队列并补发"}], "compensation_amount": 0, "customer_accepted": True}

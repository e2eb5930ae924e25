"""Forms: what is typed becomes the values of a record, or every reason why not, for readers of either language."""

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fairway.engine import forms
from fairway.engine.facts import FactType
from fairway.engine.forms.numbers import money_of
from fairway.engine.forms.refusals import Wrong
from fairway.engine.forms.shown import money_text
from fairway.engine.forms.stored import major
from fairway.engine.load import load
from fairway.engine.reader import read
from fairway.engine.spec import Condition, Form, Sop, Table, Text

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SMALL = load((Path(__file__).parent / "small.yaml").read_text(), "small.yaml").sop

FORM = """
title: {zh-hans: 全部, en: Everything}
fields:
  - {key: company, type: text, label: {zh-hans: 公司, en: Company}, fills: lead.company}
  - {key: story, type: longtext, label: {zh-hans: 经过, en: Story}}
  - {key: staff, type: int, at_least: 1, at_most: 2000000, label: {zh-hans: 人数, en: Staff}}
  - {key: rate, type: decimal, label: {zh-hans: 系数, en: Rate}}
  - {key: tax, type: percent, at_least: 0, at_most: 100, label: {zh-hans: 税率, en: Tax}}
  - {key: price, type: money, label: {zh-hans: 价格, en: Price}, fills: deal.amount}
  - {key: cost, type: money, confidential: true, label: {zh-hans: 成本, en: Cost}}
  - {key: change, type: money, at_least: -1000, label: {zh-hans: 变动, en: Change}}
  - {key: budget, type: money_range, label: {zh-hans: 预算, en: Budget}}
  - {key: urgent, type: bool, label: {zh-hans: 紧急, en: Urgent}}
  - {key: day, type: date, label: {zh-hans: 日期, en: Day}}
  - {key: at, type: datetime, label: {zh-hans: 时间, en: Time}}
  - {key: phone, type: phone, label: {zh-hans: 电话, en: Phone}}
  - {key: mail, type: email, label: {zh-hans: 邮箱, en: E-mail}}
  - {key: site, type: url, label: {zh-hans: 网址, en: Website}}
  - {key: place, type: region, label: {zh-hans: 地区, en: Region}}
  - key: level
    type: enum
    label: {zh-hans: 等级, en: Level}
    default: normal
    choices:
      - {key: normal, title: {zh-hans: 一般, en: Normal}}
      - {key: major, title: {zh-hans: 重 大, en: Very Major}}
  - {key: trades, type: enums, list: trade, at_most: 2, label: {zh-hans: 行业, en: Trades}}
  - {key: reason, type: text, label: {zh-hans: 依据, en: Reason}, required: {fact: all.level, is: major}}
  - {key: pains, type: list, of: text, at_least: 2, at_most: 3, label: {zh-hans: 痛点, en: Pains}}
  - key: nodes
    type: list
    label: {zh-hans: 节点, en: Nodes}
    fields:
      - {key: title, type: text, required: true, label: {zh-hans: 名称, en: Name}}
      - {key: percent, type: percent, required: true, label: {zh-hans: 比例, en: Percent}}
      - {key: share, type: money, confidential: true, label: {zh-hans: 金额, en: Amount}}
      - {key: rest, type: percent, auto: {difference: [percent, percent]}, label: {zh-hans: 余, en: Rest}}
  - key: signer
    type: group
    label: {zh-hans: 签署人, en: Signer}
    fields:
      - {key: name, type: text, required: true, label: {zh-hans: 姓名, en: Name}}
      - {key: mobile, type: phone, label: {zh-hans: 手机, en: Mobile}}
  - {key: judge, type: user, label: {zh-hans: 评审人, en: Judge}}
  - {key: team, type: users, label: {zh-hans: 团队, en: Team}}
  - {key: customer, type: account, label: {zh-hans: 客户, en: Customer}}
  - {key: people, type: contacts, label: {zh-hans: 联系人, en: Contacts}}
  - {key: scan, type: file, label: {zh-hans: 扫描件, en: Scan}}
  - {key: no, type: text, auto: number, label: {zh-hans: 编号, en: Number}}
  - {key: by, type: user, auto: author, label: {zh-hans: 填写人, en: Filled by}}
  - {key: on, type: date, auto: now, label: {zh-hans: 填写日, en: Filled on}}
  - {key: moment, type: datetime, auto: now, label: {zh-hans: 填写时间, en: Filled at}}
  - {key: owner, type: users, auto: owner, label: {zh-hans: 负责人, en: Owner}}
  - {key: due, type: datetime, auto: due, label: {zh-hans: 时限, en: Due}}
  - {key: known, type: money, auto: {fact: deal.amount}, label: {zh-hans: 已知金额, en: Known amount}}
  - {key: twice, type: money, auto: {sum: [both, price]}, label: {zh-hans: 再加, en: Sum again}}
  - {key: both, type: money, auto: {sum: [price, cost]}, label: {zh-hans: 合计, en: Sum}}
  - {key: profit, type: money, auto: {difference: [price, cost]}, label: {zh-hans: 毛利, en: Profit}}
  - {key: ratio, type: percent, auto: {ratio: [cost, price]}, label: {zh-hans: 占比, en: Ratio}}
  - {key: margin, type: percent, auto: {margin: [price, cost]}, label: {zh-hans: 毛利率, en: Margin}}
  - {key: each, type: decimal, auto: {ratio: [staff, rate]}, label: {zh-hans: 人均, en: Each}}
  - {key: lasts, type: int, auto: {difference: [at, day]}, label: {zh-hans: 天数, en: Days}}
  - {key: odd, type: text, auto: {sum: [company, staff]}, label: {zh-hans: 无, en: None}}
"""


def form_of(text: str) -> Form:
    return Form.model_validate(read(text).data, by_alias=True, by_name=False)


def sop_with(**shapes: Form) -> Sop:
    trades = tuple({"key": key, "title": {"zh-hans": zh, "en": en}} for key, zh, en in (
        ("machinery", "机械", "Machinery"), ("food", "食品", "Food"), ("energy", "能源", "Energy"),
    ))  # fmt: skip
    data = SMALL.model_dump(by_alias=True) | {"lists": {"trade": trades}}
    return Sop.model_validate(data).model_copy(update={"forms": {**SMALL.forms, **shapes}})


ALL = form_of(FORM)
SOP = sop_with(all=ALL)


class Known:
    """A view over a few typed facts."""

    def __init__(self, **facts: Any) -> None:
        self.facts = {name.replace("__", "."): value for name, value in facts.items()}

    def value(self, name: str) -> Any:
        return self.facts.get(name)

    def type_of(self, name: str) -> FactType:
        return "enum"

    def step_holds(self, key: str, state: str) -> bool:
        return False

    def step_title(self, key: str) -> Text:
        return Text(zh_hans=key, en=key)


def parsed(raw: Any, form: Form = ALL, **more: Any) -> forms.Parsed:
    holds = forms.holds_over("all", form, Known())
    return forms.parse(SOP, form, raw, condition_holds=holds, zone=SHANGHAI, **more)


def good(raw: Any, **more: Any) -> dict[str, Any]:
    result = parsed(raw, **more)
    assert result.errors == []
    return result.values


def refused(raw: Any, **more: Any) -> list[tuple[str, str]]:
    return [(error.path, error.code) for error in parsed(raw, **more).errors]


# -- money and numbers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("12,000.50", 1200050), ("1.2万", 1200000), ("¥12000", 1200000), ("￥１２，０００．５０", 1200050),
        ("12000元", 1200000),
        (" 3 亿 ", 30_000_000_000), ("人民币 8000", 800000), ("CNY 10k", 1000000), ("0.1", 10), (".5", 50), ("7.", 700),
        (12000.5, 1200050), (0.1, 10), (12, 1200), ("1.2345万", 1234500), ("RMB100", 10000), ("1.50", 150),
    ],
)  # fmt: skip
def test_money_is_read_as_people_write_it(typed: Any, fen: int) -> None:
    assert good({"price": typed}) == {"price": fen}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1,2", "not_a_number"), ("12,00.5", "not_a_number"), ("abc", "not_a_number"), ("0.005", "too_precise"),
        (0.005, "too_precise"), ("$100", "currency"), ("-5", "too_small"), ("1e5", "not_a_number"),
        (True, "not_a_number"),
        ("9" * 30, "too_large"), (float("nan"), "not_a_number"), (float("inf"), "not_a_number"), ([1], "not_a_number"),
        (10**400, "too_large"), ("99999万亿", "too_large"), ("١٢", "not_a_number"), ("--5", "not_a_number"),
        ("0." + "9" * 32, "too_precise"),
        ("0." + "9" * 50, "too_large"), ("x" * 100, "not_a_number"), ("¥", "not_a_number"), ("¥-+5", "not_a_number"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(typed: Any, code: str) -> None:
    assert refused({"price": typed}) == [("price", code)]


def test_an_amount_below_zero_needs_leave() -> None:
    assert good({"change": "-￥1,000"}) == {"change": -100000}
    assert refused({"change": "-1000.01"}) == [("change", "too_small")]


def test_the_currency_of_the_deal_counts() -> None:
    assert good({"price": "$1,200"}, currency="USD") == {"price": 120000}
    assert refused({"price": "¥1,200"}, currency="USD") == [("price", "currency")]


@given(st.integers(-(9 * 10**15), 9 * 10**15))
def test_money_goes_out_and_comes_back(minor: int) -> None:
    assert money_of(major(minor)) == minor
    assert money_of(money_text(minor, "CNY")) == minor


@given(st.integers(0, 10**13), st.sampled_from(["", "万", "k", "百万"]))
def test_units_multiply_exactly(cents: int, unit: str) -> None:
    factor = {"": 1, "万": 10**4, "k": 10**3, "百万": 10**6}[unit]
    typed = f"{cents // 100}.{cents % 100:02d}{unit}"
    if cents * factor > 9 * 10**15:
        with pytest.raises(Wrong):
            money_of(typed)
    else:
        assert money_of(typed) == cents * factor


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"from": "10万", "to": "20万"}, {"from": 10_000_000, "to": 20_000_000}),
        ({"from": "", "to": 500}, {"from": None, "to": 50000}),
        ("10-20万", {"from": 10_000_000, "to": 20_000_000}),
        ("10万 至 20万元", {"from": 10_000_000, "to": 20_000_000}),
        ("1000 ~ 2000", {"from": 100000, "to": 200000}),
        ("5万", {"from": 5_000_000, "to": 5_000_000}),
        (5, {"from": 500, "to": 500}),
    ],
)
def test_a_range_has_two_ends(typed: Any, kept: dict[str, int | None]) -> None:
    assert good({"budget": typed}) == {"budget": kept}


def test_a_range_runs_forwards_and_names_the_wrong_end() -> None:
    assert refused({"budget": {"from": 2, "to": 1}}) == [("budget.to", "backwards")]
    assert refused({"budget": {"from": "x", "to": 1}}) == [("budget.from", "not_a_number")]


def test_numbers_keep_what_they_are() -> None:
    assert good({"staff": "1.2万", "rate": "01.50", "tax": "１３％"}) == {"staff": 12000, "rate": "1.5", "tax": "13"}
    assert good({"staff": 7.0, "rate": 0.1, "tax": 6}) == {"staff": 7, "rate": "0.1", "tax": "6"}
    assert refused({"staff": "2.5", "tax": "101", "rate": "1/2"}) == [
        ("staff", "not_whole"), ("rate", "not_a_number"), ("tax", "too_large"),
    ]  # fmt: skip


# -- times, reach, choices ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["2026-03-02", "2026/3/2", "2026.3.2", "2026年3月2日", "20260302", "２０２６－０３－０２"]
)
def test_days_are_read_as_people_write_them(typed: str) -> None:
    assert good({"day": typed}) == {"day": "2026-03-02"}


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-02T09:30",
        "2026-03-02 09:30:00",
        "2026年3月2日 9点30分",
        "2026-03-02T01:30:00Z",
        "2026-03-02T02:30+01:00",
    ],
)
def test_a_time_without_an_offset_is_the_readers_own(typed: str) -> None:
    assert good({"at": typed}) == {"at": "2026-03-02T01:30:00+00:00"}


def test_days_that_are_none_are_refused() -> None:
    assert refused({"day": "2026-02-30", "at": "2026-03-02 25:00"}) == [("day", "no_such_day"), ("at", "not_a_time")]
    assert refused({"day": "1026-02-03", "at": "0001-01-01T00:00+14:00"}) == [
        ("day", "out_of_range"), ("at", "out_of_range"),
    ]  # fmt: skip
    assert refused({"day": 20260302, "at": "soon"}) == [("day", "not_a_date"), ("at", "not_a_time")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0013 8000", "+8613800138000"), ("+86-138-0013-8000", "+8613800138000"), (13800138000, "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"), ("021-6888 1234", "+862168881234"),
        ("+1 650 253 0000", "+16502530000"),
        ("021-68881234 转 801", "021-68881234 转 801"), ("021-68881234 ext. 5", "021-68881234 ext. 5"),
        ("95588", "95588"),
        ("400-820-8820", "+864008208820"), ("+852 2123 4567", "+85221234567"),
    ],
)  # fmt: skip
def test_phones_are_kept_in_one_spelling(typed: Any, kept: str) -> None:
    assert good({"phone": typed}) == {"phone": kept}
    assert good({"phone": kept}) == {"phone": kept}


@pytest.mark.parametrize(
    "typed", ["123", "张三", "1380013800", "138001380000", "+999 123", "call 13800138000", "0" * 60]
)
def test_what_cannot_be_dialled_is_refused(typed: str) -> None:
    ((path, _),) = refused({"phone": typed})
    assert path == "phone"


def test_addresses_are_checked() -> None:
    assert good({"mail": " Li@Example.COM ", "site": "www.example.com/a?b=1"}) == {
        "mail": "Li@example.com", "site": "https://www.example.com/a?b=1",
    }  # fmt: skip
    for site in ("javascript:alert(1)", "ftp://example.com", "data:text/html,x", "http://", "https://a b.com",
                 "https://user@example.com", "https://[", "localhost", "JaVaScRiPt://x.com/%0aalert(1)"):  # fmt: skip
        assert refused({"site": site}) == [("site", "not_a_url")]
    assert refused({"mail": "li@"}) == [("mail", "not_an_email")]


def test_a_choice_is_meant_by_key_or_by_title() -> None:
    for typed in ("major", "重大", "重 大", "very major", "ＶＥＲＹ　ＭＡＪＯＲ", "VeryMajor"):
        assert good({"level": typed, "reason": "x"})["level"] == "major"
    assert good({"trades": "machinery、食品"}) == {"trades": ["machinery", "food"]}
    assert good({"trades": ["food", "Food"]}) == {"trades": ["food"]}


def test_an_unknown_choice_names_the_choices() -> None:
    (error,) = parsed({"level": "huge"}).errors
    assert (error.path, error.code) == ("level", "not_a_choice")
    assert error.text("en") == "“huge” is not one of: Normal, Very Major."
    assert error.text("zh-hans") == "“huge”不在可选项之中：一般、重 大。"
    assert error.label is not None
    assert error.label.en == "Level"
    assert refused({"trades": ["food", "x", "energy"]}) == [("trades.1", "not_a_choice")]
    assert refused({"trades": "food, energy, machinery"}) == [("trades", "too_many")]


def test_a_firm_may_add_to_a_list() -> None:
    more = {"trade": SOP.lists["trade"][:1] + tuple(form_of(FORM).fields[16].choices[:1])}
    assert good({"trades": "一般"}, more_choices=more) == {"trades": ["normal"]}


def test_yes_and_no_are_read_in_both_languages() -> None:
    assert [good({"urgent": word})["urgent"] for word in (True, "是", "YES", "on", "1", 1)] == [True] * 6
    assert [good({"urgent": word})["urgent"] for word in (False, "否", "no", "0", "无", 0)] == [False] * 6
    assert refused({"urgent": "maybe"}) == [("urgent", "not_yes_or_no")]


# -- texts -------------------------------------------------------------------------------------------------------------


def test_texts_are_stripped_and_otherwise_kept_byte_for_byte() -> None:
    hostile = "'; DROP TABLE x; -- <script>alert(1)</script> {{7*7}} \u202eabc １２３ 🏴‍☠️"
    assert good({"company": f"  {hostile}\n"}) == {"company": hostile}


def test_what_no_file_can_hold_is_refused() -> None:
    assert refused({"company": "a\0b"}) == [("company", "characters")]
    assert refused({"story": "a\ud800b"}) == [("story", "characters")]
    assert refused({"company": "x" * 501}) == [("company", "too_long")]
    assert good({"story": "x" * 20_000})
    assert refused({"story": "x" * 20_001}) == [("story", "too_long")]
    json.dumps(
        [error.message for error in parsed({"level": "\ud800", "\udfff": 1}).errors], ensure_ascii=False
    ).encode()


def test_too_much_is_refused_before_it_is_read() -> None:
    assert refused({"story": "字" * 100_000}) == [("", "too_much")]
    assert refused({"pains": ["x"] * 300_000}) == [("", "too_much")]
    assert refused({"pains": [f"p{i}" for i in range(201)]}) == [("pains", "too_many")]
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    assert refused({"pains": deep}) == [("", "too_much")]


# -- lists and groups --------------------------------------------------------------------------------------------------


def test_blank_entries_fall_away() -> None:
    assert good({"pains": ["a", " ", "", None, "b"]}) == {"pains": ["a", "b"]}
    assert good({"pains": "a\n\nb\n"}) == {"pains": ["a", "b"]}
    assert good({"pains": [], "nodes": [{}, {"title": ""}], "signer": {"name": " "}}) == {}
    assert good({"nodes": {"10": {"title": "b", "percent": 2}, "2": {"title": "a", "percent": "1"}}}) == {
        "nodes": [{"title": "a", "percent": "1"}, {"title": "b", "percent": "2"}]
    }


def test_the_number_of_entries_is_bounded_when_any_are_given() -> None:
    assert refused({"pains": ["a"]}) == [("pains", "too_few")]
    assert refused({"pains": ["a", "b", "c", "d"]}) == [("pains", "too_many")]


def test_errors_in_entries_say_where_they_were_typed() -> None:
    raw = {"nodes": [{"title": "a", "percent": "1"}, {}, {"title": "b"}, {"percent": "x"}], "signer": {"mobile": "1"}}
    assert refused(raw) == [
        ("nodes.2.percent", "required"), ("nodes.3.percent", "not_a_number"), ("signer.mobile", "not_a_phone"),
    ]  # fmt: skip
    raw["nodes"] = [{}, {"percent": "5"}]
    raw["signer"] = {"mobile": "13800138000"}
    assert refused(raw) == [("nodes.1.title", "required"), ("signer.name", "required")]
    (first, _) = parsed(raw).errors
    assert first.label is not None
    assert first.label.en == "Nodes 2 · Name"


def test_a_shape_that_does_not_fit_is_refused() -> None:
    assert refused({"nodes": "x", "signer": "x", "pains": {"a": 1}}) == [
        ("pains", "not_a_list"), ("nodes", "not_a_list"), ("signer", "not_a_group"),
    ]  # fmt: skip
    assert refused("x") == [("", "not_a_form")]


def test_unknown_keys_are_refused_unless_lenient() -> None:
    raw = {"colour": "red", "signer": {"name": "a", "age": 5}}
    assert refused(raw) == [("signer.age", "unknown_field"), ("colour", "unknown_field")]
    assert good(raw, lenient=True) == {"signer": {"name": "a"}}


# -- what must be there ------------------------------------------------------------------------------------------------


def test_conditions_see_the_values_just_typed() -> None:
    assert refused({"level": "重大"}) == [("reason", "required")]
    assert good({"level": "一般"}) == {"level": "normal"}


def test_conditions_see_what_is_known_besides() -> None:
    form = form_of(
        "{title: {zh-hans: a, en: a}, fields: [{key: a, type: text, label: {zh-hans: a, en: a},"
        " required: {fact: deal.stage, is: hot}}]}"
    )
    for known, errors in ((Known(), []), (Known(deal__stage="hot"), [("a", "required")])):
        result = forms.parse(SOP, form, {}, condition_holds=forms.holds_over("f", form, known))
        assert [(error.path, error.code) for error in result.errors] == errors


def test_a_field_that_is_wrong_is_not_called_missing_too() -> None:
    form = form_of(
        "{title: {zh-hans: a, en: a}, fields: [{key: a, type: int, label: {zh-hans: a, en: a}, required: true}]}"
    )
    assert [error.code for error in parsed({"a": "x"}, form).errors] == ["not_a_number"]
    assert [error.code for error in parsed({"a": " "}, form).errors] == ["required"]
    assert good({"a": 0}, form=form) == {"a": 0}


def test_ids_are_asked_about_once_a_kind() -> None:
    asked: list[tuple[str, set[int]]] = []

    def exists(kind: str, ids: Collection[int]) -> set[int]:
        asked.append((kind, set(ids)))
        return {1, 2}

    raw = {"judge": "1", "team": [1, "2", 3], "customer": 1, "people": "1,2", "scan": 2}
    assert refused(raw, exists=exists) == [("team.2", "not_found")]
    assert asked == [("user", {1, 2, 3}), ("account", {1}), ("contact", {1, 2}), ("file", {2})]
    assert good(raw)["team"] == [1, 2, 3]
    assert refused({"judge": "zhang", "team": [0], "scan": -1, "customer": 2**64}) == [
        ("judge", "not_a_reference"), ("team.0", "not_a_reference"), ("customer", "not_a_reference"),
        ("scan", "not_a_reference"),
    ]  # fmt: skip


def test_every_error_comes_at_once_in_the_order_of_the_form() -> None:
    raw = {
        "signer": {"mobile": "x"},
        "price": "x",
        "company": "a\0",
        "level": "x",
        "nodes": [{}] * 11 + [{"title": "b"}],
    }
    assert [path for path, _ in refused(raw)] == ["company", "price", "level", "nodes.11.percent", "signer.mobile"]


# -- starting, and typing again ----------------------------------------------------------------------------------------


def test_a_form_starts_from_the_record_before_then_facts_then_defaults() -> None:
    form = form_of(
        """
title: {zh-hans: a, en: a}
fields:
  - {key: level, type: enum, list: trade, default: 食品, label: {zh-hans: a, en: a}}
  - {key: price, type: money, default: '1.5万', default_fact: deal.amount, label: {zh-hans: a, en: a}}
  - {key: tax, type: percent, default_fact: deal.discount, label: {zh-hans: a, en: a}}
  - {key: day, type: date, default_fact: deal.closed, label: {zh-hans: a, en: a}}
  - {key: urgent, type: bool, default: 'false', label: {zh-hans: a, en: a}}
  - {key: no, type: text, auto: number, label: {zh-hans: a, en: a}}
"""
    )
    facts = {"deal.amount": 700, "deal.discount": Decimal("12.50"), "deal.closed": NOW.date()}
    assert forms.initial(SOP, form, {}) == {"level": "food", "price": 1500000, "urgent": False}
    assert forms.initial(SOP, form, facts) == {
        "level": "food", "price": 700, "tax": "12.5", "day": "2026-03-02", "urgent": False,
    }  # fmt: skip
    assert forms.initial(SOP, form, facts, {"level": "energy", "price": 5, "no": "N-1"})["price"] == 5
    assert "no" not in forms.initial(SOP, form, facts, {"no": "N-1"})


def test_a_list_starts_with_the_rows_of_its_table_in_the_readers_language() -> None:
    form = form_of(
        """
title: {zh-hans: a, en: a}
fields:
  - key: nodes
    type: list
    default_table: nodes
    label: {zh-hans: a, en: a}
    fields:
      - {key: key, type: text, label: {zh-hans: a, en: a}}
      - {key: title, type: text, label: {zh-hans: a, en: a}}
      - {key: percent, type: percent, label: {zh-hans: a, en: a}}
"""
    )
    table = {
        "title": {"zh-hans": "节点", "en": "Nodes"},
        "rows": [
            {"key": "first", "title": {"zh-hans": "签约", "en": "Signing"}, "values": {"percent": "60", "note": "x"}},
            {"key": "last", "values": {"percent": "40"}},
        ],
    }
    sop = SOP.model_copy(update={"tables": {"nodes": Table.model_validate(table)}})
    last = {"key": "last", "title": "last", "percent": "40"}
    assert forms.initial(sop, form, {}) == {"nodes": [{"key": "first", "title": "签约", "percent": "60"}, last]}
    assert forms.initial(sop, form, {}, language="en")["nodes"][0]["title"] == "Signing"
    assert forms.initial(sop, form, {}, {"nodes": [last]}) == {"nodes": [last]}


def test_entries_from_a_table_have_the_defaults_of_their_other_fields() -> None:
    form = form_of(
        """
title: {zh-hans: a, en: a}
fields:
  - key: nodes
    type: list
    label: {zh-hans: a, en: a}
    default_table: nodes
    fields:
      - {key: key, type: text, label: {zh-hans: a, en: a}}
      - {key: title, type: text, label: {zh-hans: a, en: a}}
      - {key: percent, type: percent, label: {zh-hans: a, en: a}}
      - {key: days, type: int, default: '0', label: {zh-hans: a, en: a}}
"""
    )
    rows = [
        {"key": "signing", "title": {"zh-hans": "签约", "en": "Signing"}, "values": {"percent": "50"}},
        {"key": "rest"},
    ]
    table = Table.model_validate({"title": {"zh-hans": "a", "en": "a"}, "rows": rows})
    sop = SOP.model_copy(update={"tables": {"nodes": table}})
    assert forms.initial(sop, form, {}, language="en") == {
        "nodes": [
            {"key": "signing", "title": "Signing", "percent": "50", "days": 0},
            {"key": "rest", "title": "rest", "days": 0},
        ]
    }
    assert forms.initial(SOP.model_copy(update={"tables": {}}), form, {}) == {}


FULL = {
    "company": "杭州某某", "story": "a\nb", "staff": "1,200", "rate": "1.25", "tax": "13%", "price": "12,000.50",
    "cost": "8000", "change": "-3", "budget": "10-20万", "urgent": "是", "day": "2026-03-02", "at": "2026-03-02 09:30",
    "phone": "13800138000", "mail": "li@example.com", "site": "example.com", "place": "浙江杭州", "level": "一般",
    "trades": ["food"], "pains": ["慢", "贵"], "nodes": [{"title": "签约", "percent": "50", "share": "1万"}],
    "signer": {"name": "李", "mobile": "13900139000"}, "judge": 7, "team": [7, 8], "customer": 3, "people": [4],
    "scan": 9,
}  # fmt: skip


def test_what_was_kept_can_be_typed_again() -> None:
    values = good(FULL)
    json.dumps(values)
    again = forms.as_input(ALL, values, SHANGHAI)
    assert (again["price"], again["at"]) == ("12000.50", "2026-03-02T09:30:00+08:00")
    assert good(again) == values


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
NUMBERS = st.text("0123456789.,-+¥￥$万亿千百km元%１２３～~至- ", max_size=14)
LIKELY = (
    NUMBERS | JSON | st.dates().map(str) | st.datetimes().map(str) | st.emails()
    | st.text("+-()0123456789转ext. ", max_size=20)
    | st.text("0123456789-/.年月日T:点分Z+ ", max_size=24) | st.text("htps:/.@a[]%#?1", max_size=20) | st.sampled_from(
        ["major", "一般", "food", "true", "否", "2026年3月2日 9:00", "https://例子.中国/路径", "021-68881234 转 8"])
)  # fmt: skip
ENTRY = st.fixed_dictionaries({}, optional={"title": LIKELY, "percent": LIKELY, "share": LIKELY, "rest": LIKELY})
FILLING = st.fixed_dictionaries({}, optional={one.key: LIKELY for one in ALL.fields} | {
    "nodes": st.lists(ENTRY, max_size=3) | LIKELY, "pains": st.lists(LIKELY, max_size=4) | LIKELY,
    "budget": st.fixed_dictionaries({}, optional={"from": NUMBERS, "to": NUMBERS}) | LIKELY,
    "signer": st.fixed_dictionaries({}, optional={"name": LIKELY, "mobile": LIKELY}) | LIKELY,
})  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(FILLING | JSON)
def test_parsing_never_raises_and_what_it_keeps_reads_the_same_again(raw: Any) -> None:
    first = parsed(raw, lenient=True)
    kept = json.loads(json.dumps(first.values, allow_nan=False, ensure_ascii=False).encode())
    assert kept == first.values
    again = parsed(json.loads(json.dumps(forms.as_input(ALL, kept, SHANGHAI))), lenient=False)
    assert again.values == first.values
    for error in first.errors:
        error.path.encode()
        assert set(error.message) == {"en", "zh-hans"}
        assert "\n" not in error.text("zh-hans").encode().decode()
    facts = forms.form_facts("all", ALL, kept)
    assert set(facts) >= {f"all.{one.key}" for one in ALL.fields}
    filled = forms.with_auto(ALL, kept, context())
    json.dumps(filled, allow_nan=False)
    forms.shown(SOP, ALL, filled, "zh-hans", lambda kind, id_: f"{kind} {id_}", zone=SHANGHAI)


# -- automatic values --------------------------------------------------------------------------------------------------


def context(sop: Sop = SOP, **facts: Any) -> forms.AutoContext:
    return forms.AutoContext(
        sop, author=5, author_name="李雷", now=datetime(2026, 3, 1, 22, 0, tzinfo=UTC), number="S-1", owner=6, due=NOW,
        fact=Known(**facts).value, zone=SHANGHAI,
    )  # fmt: skip


def test_automatic_values_are_never_typed() -> None:
    assert good({"no": "forged", "by": 99, "profit": 1}) == {}


def test_automatic_values_come_from_the_system_and_build_on_each_other() -> None:
    values = good({"price": "120", "cost": "80"})
    assert forms.auto_values(ALL, values, context(deal__amount=700)) == {
        "no": "S-1", "by": 5, "on": "2026-03-02", "moment": "2026-03-01T22:00:00+00:00", "owner": [6],
        "due": "2026-03-02T01:00:00+00:00", "known": 700, "twice": 32000, "both": 20000, "profit": 4000,
        "ratio": "66.66666666666666666666666667", "margin": "33.33333333333333333333333333",
    }  # fmt: skip


def test_what_cannot_be_reckoned_is_left_out() -> None:
    found = forms.auto_values(ALL, {"price": 0, "cost": 5}, context())
    assert "ratio" not in found
    assert "margin" not in found
    assert found["both"] == 5
    assert "profit" not in forms.auto_values(ALL, {"price": 5}, context())


def test_days_are_reckoned_from_dates_and_what_is_too_large_is_left_out() -> None:
    values = good({"at": "2026-03-05 09:00", "day": "2026-03-02", "staff": 7, "rate": "0.0000000001"})
    assert forms.auto_values(ALL, values, context())["lasts"] == 3
    assert "each" in forms.auto_values(ALL, values, context())
    large = good({"rate": "0.0000000001", "staff": 2_000_000})
    assert "each" not in forms.auto_values(ALL, large, context())
    assert "odd" not in forms.auto_values(ALL, {"company": "a", "staff": 1}, context())


def test_a_reckoned_percentage_is_kept_exact_and_read_with_two_decimals() -> None:
    found = forms.auto_values(ALL, {"price": 800, "cost": 1}, context())
    assert found["ratio"] == "0.125"
    (row,) = [one for one in forms.shown(SOP, ALL, found, "en", lambda kind, id_: "") if one.field.key == "ratio"]
    assert row.text == "0.13%"


def test_entries_of_lists_have_automatic_values_too() -> None:
    filled = forms.with_auto(ALL, {"nodes": [{"title": "a", "percent": "50"}]}, context())
    assert filled["nodes"] == [{"title": "a", "percent": "50", "rest": "0"}]


# -- what a filled form says -------------------------------------------------------------------------------------------


def test_values_become_typed_facts_and_columns() -> None:
    values = good(FULL)
    facts = forms.form_facts("all", ALL, values)
    assert facts["all.price"] == 1200050
    assert facts["all.tax"] == Decimal(13)
    assert facts["all.at"] == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert (facts["all.budget.from"], facts["all.budget.to"]) == (10_000_000, 20_000_000)
    assert facts["all.reason"] is None
    assert forms.fills(ALL, values) == {"lead.company": "杭州某某", "deal.amount": 1200050}
    assert forms.fills(ALL, {}) == {}


def test_what_a_correction_leaves_blank_empties_its_column() -> None:
    before = good(FULL)
    assert forms.fills(ALL, {}, before) == {"lead.company": None, "deal.amount": None}
    assert forms.fills(ALL, {"company": "甲"}, {"company": "乙"}) == {"lead.company": "甲"}


def test_conditions_over_a_form_see_the_steps_of_the_run() -> None:
    assert not forms.holds_over("all", ALL, Known())(Condition.model_validate({"step": "talk"}), {})
    total = Condition.model_validate({"fact": "all.profit", "known": "true"})
    assert forms.holds_over("all", ALL, Known(), context())(total, {"price": 5, "cost": 3})
    assert not forms.holds_over("all", ALL, Known())(total, {"price": 5, "cost": 3})


def test_dates_of_a_spreadsheet_are_taken_as_they_are() -> None:
    at = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 (a cell has no zone)
    assert good({"day": at.date(), "at": at}) == {"day": "2026-03-02", "at": "2026-03-02T01:30:00+00:00"}
    assert good({"at": at.date()}) == {"at": "2026-03-01T16:00:00+00:00"}
    assert good({"at": "2026-03-02"}) == {"at": "2026-03-01T16:00:00+00:00"}
    assert refused({"at": "2026-13-02 09:00"}) == [("at", "no_such_day")]
    assert refused({"at": 5}) == [("at", "not_a_time")]


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        ({"from": 100, "to": None}, "¥1 以上", "from ¥1"), ({"from": None, "to": 100}, "¥1 以内", "up to ¥1"),
        ({"from": 100, "to": 100}, "¥1", "¥1"), ({"from": None, "to": None}, "", ""),
    ],
)  # fmt: skip
def test_an_open_range_says_so(value: dict[str, int | None], chinese: str, english: str) -> None:
    for language, text in (("zh-hans", chinese), ("en", english)):
        (row,) = forms.shown(SOP, ALL, {"budget": value}, language, lambda kind, id_: "")
        assert row.text == text


def test_confidential_values_are_seen_by_few() -> None:
    values = good(FULL)
    assert forms.visible_values(ALL, values, confidential=True) == values
    seen = forms.visible_values(ALL, values, confidential=False)
    assert "cost" not in seen
    assert seen["nodes"] == [{"title": "签约", "percent": "50"}]
    secret = ALL.model_copy(update={"confidential": True})
    assert forms.visible_values(secret, values, confidential=False) == {}


def test_a_customer_sees_what_is_marked_for_them_and_nothing_that_names_the_firm() -> None:
    def marked(one: Any) -> Any:
        return one.model_copy(update={"customer": one.key in {"company", "nodes", "by"}})

    values = {**good(FULL), "by": 5}
    form = ALL.model_copy(update={"fields": tuple(map(marked, ALL.fields))})
    seen = forms.customer_values(form, values)
    assert set(seen) == {"company", "nodes"}
    assert forms.customer_values(ALL, values) == {}
    assert forms.customer_values(form.model_copy(update={"confidential": True}), values) == {}


@pytest.mark.parametrize("where", ["field", "form"])
def test_what_is_confidential_is_never_marked_for_the_customer(where: str) -> None:
    field = "{key: a, type: text, customer: true, label: {zh-hans: 甲, en: A}%s}"
    own = field % (", confidential: true" if where == "field" else "")
    whole = "confidential: true\n" if where == "form" else ""
    text = f"title: {{zh-hans: 表, en: Form}}\n{whole}fields:\n  - {own}\n"
    with pytest.raises(ValidationError, match="for the customer"):
        Form.model_validate(read(text).data, by_alias=True, by_name=False)


def test_a_filled_form_is_read_in_either_language() -> None:
    def resolve(kind: str, id_: int) -> str:
        return f"{kind}{id_}"

    values = good(FULL)
    zh = {row.label: row.text for row in forms.shown(SOP, ALL, values, "zh-hans", resolve, zone=SHANGHAI)}
    en = {row.label: row.text for row in forms.shown(SOP, ALL, values, "en-gb", resolve, zone=SHANGHAI)}
    assert (zh["价格"], en["Price"]) == ("¥12,000.50", "¥12,000.50")
    assert (zh["日期"], en["Day"]) == ("2026年3月2日", "2 Mar 2026")
    assert (zh["时间"], en["Time"]) == ("2026年3月2日 09:30", "2 Mar 2026 09:30")
    assert (zh["行业"], en["Trades"]) == ("食品", "Food")
    assert (zh["节点"], en["Nodes"]) == (
        "名称：签约；比例：50%；金额：¥10,000",
        "Name: 签约; Percent: 50%; Amount: ¥10,000",
    )
    assert (zh["团队"], en["Team"]) == ("user7、user8", "user7, user8")
    assert (zh["预算"], zh["紧急"], en["Urgent"]) == ("¥100,000 – ¥200,000", "是", "Yes")
    assert "依据" not in zh


# -- grading -----------------------------------------------------------------------------------------------------------


GRADED = Sop.model_validate(SMALL.model_dump(by_alias=True))


def test_the_score_comes_to_a_grade_when_every_criterion_has_its_points() -> None:
    assert GRADED.grading is not None
    fields = [criterion.field for criterion in GRADED.grading.score.criteria]
    full = forms.score_of(GRADED, dict.fromkeys(fields, 3))
    assert full is not None
    assert (full.total, full.grade) == (3 * len(fields), GRADED.grading.grade_of(3 * len(fields)))
    part = forms.score_of(GRADED, dict.fromkeys(fields[:-1], 3))
    assert part is not None
    assert (part.total, part.grade, len(part.points)) == (None, None, len(fields) - 1)
    assert forms.score_of(GRADED.model_copy(update={"grading": None}), {}) is None


BANT = {
    "form": "card", "phase": "startup", "fields": {"budget": "b", "authority": "a", "need": "n", "timeline": "t"},
    "weights": {"startup": {"need": 3, "timeline": 3, "budget": 2, "authority": 2}},
    "rules": [{"grade": "A", "when": {"fact": "card.b", "is": "confirmed"}},
              {"grade": "B", "when": {"fact": "card.n", "is": "confirmed"}}],
}  # fmt: skip
CARD = form_of(
    "{title: {zh-hans: a, en: a}, fields: ["
    + ", ".join(
        f"{{key: {key}, type: enum, label: {{zh-hans: {key}, en: {key}}}, choices: ["
        + ", ".join(f"{{key: {k}, title: {{zh-hans: {k}, en: {k}}}}}" for k in ("unknown", "weak", "confirmed"))
        + "]}"
        for key in "bant"
    )
    + "]}"
)


def with_bant() -> Sop:
    data = GRADED.model_dump(by_alias=True)
    data["grading"]["bant"] = BANT
    return Sop.model_validate(data).model_copy(update={"forms": {**GRADED.forms, "card": CARD}})


def test_bant_grades_by_its_first_rule_and_says_what_weighs_most() -> None:
    sop = with_bant()
    values = {"n": "confirmed", "t": "weak", "b": "weak"}

    def holds(condition: Condition) -> bool:
        return forms.holds_over("card", CARD, Known())(condition, values)

    result = forms.bant_of(sop, values, holds)
    assert result is not None
    assert result.grade == "B"
    assert [(aspect.key, aspect.weight, aspect.strength) for aspect in result.aspects] == [
        ("need", 3, 2), ("timeline", 3, 1), ("budget", 2, 1), ("authority", 2, 0),
    ]  # fmt: skip
    assert result.standing == 55
    assert forms.bant_of(GRADED, values, holds) is None


@pytest.mark.parametrize(
    ("score", "bant", "differ"), [("A", "B", True), ("A", "A", False), (None, "A", False), ("A", None, False)]
)
def test_score_and_bant_disagree_when_both_say_something_else(
    score: str | None, bant: str | None, differ: bool
) -> None:
    assert forms.disagrees(forms.Scored(9, score, {}), forms.BantResult(bant, (), 0)) is differ
    assert forms.disagrees(None, None) is False


def test_the_grade_of_a_score_card_is_automatic() -> None:
    assert GRADED.grading is not None
    fields = [criterion.field for criterion in GRADED.grading.score.criteria]
    form = form_of(
        "{title: {zh-hans: a, en: a}, fields: ["
        + ", ".join(f"{{key: {key}, type: int, label: {{zh-hans: a, en: a}}}}" for key in fields)
        + ", {key: total, type: int, auto: {sum: ["
        + ", ".join(fields)
        + "]}, label: {zh-hans: a, en: a}}"
        + ", {key: grade, type: text, auto: grade, label: {zh-hans: a, en: a}}]}"
    )
    values: Mapping[str, Any] = dict.fromkeys(fields, 3)
    total = 3 * len(fields)
    expected = {"total": total, "grade": GRADED.grading.grade_of(total)}
    assert forms.auto_values(form, values, context(GRADED)) == expected
    assert forms.auto_values(form, {}, context(GRADED, run__grade="C")) == {"grade": "C"}

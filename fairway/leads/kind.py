"""What leads tell the running SOP: facts, the columns that forms fill, where a lead's page is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from fairway.customers.normal import dialled
from fairway.engine.conditions import Unmet
from fairway.engine.facts import FactSpec, fact
from fairway.engine.forms import bant_of, disagrees, score_of
from fairway.engine.program import Program
from fairway.engine.refused import refuse
from fairway.engine.spec import Choice, Condition, Text
from fairway.engine.state import RunState
from fairway.engine.view import RunView
from fairway.leads.models import Lead, Source
from fairway.people.models import User
from fairway.prepared import Prepared, columns_of, made
from fairway.runs import kinds
from fairway.runs.columns import cleaned, put
from fairway.runs.models import Record, Run
from fairway.search.kinds import Kind as FoundKind
from fairway.search.kinds import Said
from fairway.sops.calendars import calendar_of
from fairway.sops.programs import program_of

FACTS: tuple[FactSpec, ...] = (
    fact("lead.company", "text", "公司", "Company"),
    fact("lead.contact_name", "text", "联系人", "Contact"),
    fact("lead.contact_title", "text", "职务", "Position"),
    fact("lead.phone", "text", "电话", "Phone"),
    fact("lead.email", "text", "邮箱", "E-mail"),
    fact("lead.wechat", "text", "微信", "WeChat"),
    fact("lead.industry", "enum", "行业", "Industry"),
    fact("lead.company_size", "text", "企业规模", "Company size"),
    fact("lead.region", "text", "地区", "Region"),
    fact("lead.source", "enum", "来源", "Source"),
    fact("lead.campaign", "text", "活动", "Campaign"),
    fact("lead.keyword", "text", "搜索词", "Search keyword"),
    fact("lead.referrer", "text", "转荐人", "Referred by"),
    fact("lead.need", "text", "需求描述", "Need"),
    fact("lead.lawful_basis", "enum", "合法来源", "Lawful basis"),
    fact("lead.reachable", "bool", "有联系方式", "Can be reached"),
    fact("lead.score", "int", "评分", "Score"),
    fact("lead.bant_grade", "enum", "BANT 等级", "Grade by BANT"),
    fact("lead.bant_disagrees", "bool", "评分与 BANT 不一致", "Score and BANT disagree"),
    fact("lead.budget_confirmed", "bool", "预算已确认", "Budget confirmed"),
    fact("lead.decision_maker_engaged", "bool", "已对接决策人", "Decision maker engaged"),
    fact("lead.need_clear", "bool", "需求明确", "Need clear"),
    fact("lead.purchase_months", "int", "几个月内采购", "Purchase within (months)"),
    fact("lead.mismatch", "bool", "与业务不符", "Does not match the business"),
)
RECKONED = frozenset({"lead.reachable", "lead.bant_grade", "lead.bant_disagrees"})
FILLABLE = frozenset(spec.name for spec in FACTS) - RECKONED
WAYS = ("phone", "email", "wechat")


def read(run: Run) -> Mapping[str, Any]:
    """The facts of the run's lead; none for a run that was never one."""
    row = _LEAD.first(run.pk)
    if row is None:
        return {}
    lead = made(Lead, row)
    lead.run = run
    return facts_of(lead)


def facts_of(lead: Lead) -> dict[str, Any]:
    """The facts of a lead, typed."""
    facts = {name: getattr(lead, name.partition(".")[2]) for name in FILLABLE}
    found = {name: value if value != "" else None for name, value in facts.items()}
    found["lead.reachable"] = lead.reachable
    found["lead.bant_grade"] = lead.bant_grade or None
    found["lead.bant_disagrees"] = bool(lead.bant_grade and lead.run.grade and lead.bant_grade != lead.run.grade)
    return found


def values_for(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Column values from facts that a form filled."""
    return cleaned(Lead, facts, FILLABLE)


def fill(run: Run, values: Mapping[str, Any], *, by: User | None, now: datetime) -> Mapping[str, tuple[Any, Any]]:
    """Write filled columns; say what changed."""
    lead = Lead.objects.filter(run=run).first()
    if lead is None:
        return {}
    changed = put(lead, "lead", values_for(values))
    changed.update(put(lead, "lead", {"bant_grade": bant_grade(run, lead)}))
    if changed:
        lead.save()
    return changed


def check(run: Run, values: Mapping[str, Any]) -> Iterable[Unmet]:
    """A lead that can be reached keeps one way to reach its contact (L1)."""
    if not any(f"lead.{column}" in values for column in WAYS):
        return ()
    lead = Lead.objects.filter(run=run).only(*WAYS).first()
    if lead is None or not any(getattr(lead, column) for column in WAYS):
        return ()
    left = (values.get(f"lead.{column}", getattr(lead, column)) for column in WAYS)
    return () if any(left) else refuse("lead.unreachable").reasons


def bant_grade(run: Run, lead: Lead) -> str:
    """What BANT's own rules say about the lead as it is now (L5)."""
    program = program_of(run.version_id)
    if program.sop.grading is None or program.sop.grading.bant is None:
        return lead.bant_grade
    state = RunState.new(run.started_at, grade=run.grade or None)
    view = RunView(program, state, facts_of(lead), run.started_at, calendar_of(program.sop.calendar))
    result = bant_of(program.sop, {}, view.holds)
    return (result.grade or "") if result else ""


def score_card(run: Run) -> dict[str, Any] | None:
    """The score and BANT beside each other, and whether they disagree (L3–L5); None before anything was scored."""
    program = program_of(run.version_id)
    grading = program.sop.grading
    if grading is None:
        return None
    values = (
        Record.objects.filter(run=run, form=grading.score.form, current=True).values_list("values", flat=True).first()
    )
    lead = Lead.objects.filter(run=run).first()
    if values is None or lead is None:
        return None
    lead.run = run
    state = RunState.new(run.started_at, grade=run.grade or None)
    view = RunView(program, state, facts_of(lead), run.started_at, calendar_of(program.sop.calendar))
    return card_of(program, values, view.holds)


def card_of(program: Program, values: Mapping[str, Any], holds: Callable[[Condition], bool]) -> dict[str, Any]:
    """The score card that these values make: `holds` sees the facts of the lead."""
    scored, bant = score_of(program.sop, values), bant_of(program.sop, values, holds)
    return {"scored": scored, "bant": bant, "disagree": disagrees(scored, bant), "values": values}


def locate(runs: Sequence[int]) -> Mapping[int, str]:
    """The page of each lead, by run."""
    return {
        run_id: f"/leads/{lead_id}"
        for run_id, lead_id in Lead.objects.filter(run_id__in=list(runs)).order_by().values_list("run_id", "id")
    }


def added_sources() -> Sequence[Choice]:
    """Sources that the firm added to those of the SOP."""
    return [Choice(key=key, title=Text(zh_hans=title_zh, en=title_en)) for key, title_zh, title_en in _SOURCES.rows()]


_SOURCES = Prepared(lambda: Source.objects.filter(active=True).values_list("key", "title_zh", "title_en"))
_LEAD = Prepared(lambda run_id: Lead.objects.filter(run_id=run_id).order_by().values_list(*columns_of(Lead)))


FOUND_BY = ("company", "contact_name", "email", "wechat")


def said(row: Mapping[str, Any]) -> Said:
    """What a lead is found by: its company, its contact and every way to reach them."""
    note = " · ".join(filter(None, (row["contact_name"], row["phone"])))
    return Said(row["company"], note, (*[row[name] for name in FOUND_BY], dialled(row["phone_key"])))


FOUND = FoundKind(
    "lead", "l", Lead, _("Leads"), (*FOUND_BY, "phone", "phone_key"), said, resource="leads",
    address="/leads/{subject}", icon="target-arrow", order=1, run="run_id", matched=True,
)  # fmt: skip
ROOM = kinds.Room("lead", FACTS, read, fill=fill, fillable=FILLABLE, check=check)
FACE = kinds.Face("lead", _("Lead"), locate)

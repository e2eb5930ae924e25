"""A refusal: every reason at once, in the words of the person who must act."""

from __future__ import annotations

from collections.abc import Iterable

from fairway.engine.conditions import Unmet
from fairway.engine.spec import Text


class Refused(Exception):
    """The command cannot be carried out; `reasons` says all of why (sop-language.md, behaviour 3)."""

    def __init__(self, reasons: Iterable[Unmet]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(reason.text.en for reason in self.reasons))


_SENTENCES: dict[str, tuple[str, str]] = {
    "run.closed": ("流程已结束,不能再改动;需要时请先重新打开", "This run is closed; reopen it first"),
    "run.open": ("流程正在进行,无需重新打开", "This run is open already"),
    "run.won": ("已赢单的流程不能重新打开", "A won run cannot be reopened"),
    "stage.no_way": ("从当前阶段不能走到“{0}”", "There is no way from this stage to “{0}”"),
    "stage.which": ("有多个去向,请选定下一阶段", "There are several ways on; choose the next stage"),
    "step.unknown": ("流程中没有步骤“{0}”", "This SOP has no step “{0}”"),
    "step.not_open": ("“{0}”现在还没有打开", "“{0}” is not open now"),
    "step.needs": ("请先完成“{0}”", "Do “{0}” first"),
    "step.not_here": ("“{0}”不属于当前阶段", "“{0}” does not belong to this stage"),
    "step.not_applicable": ("“{0}”在此不适用", "“{0}” does not apply here"),
    "step.not_repeatable": ("“{0}”只做一次,已经打开或完成", "“{0}” is done once, and is open or done already"),
    "step.by_system": ("“{0}”由系统完成", "“{0}” is done by the system"),
    "step.by_judge": ("“{0}”要由审批人给出结论", "“{0}” needs a judge's verdict"),
    "step.by_customer": ("“{0}”等待客户答复", "“{0}” waits for the customer's answer"),
    "task.gone": ("这项任务已完成或已失效", "This task is done or no longer needed"),
    "task.kind": ("这项任务不能这样处理", "This task is not of that kind"),
    "outcome.unknown": ("没有结果“{0}”", "There is no outcome “{0}”"),
    "outcome.not_asked": ("结果“{0}”只能由流程得出", "Outcome “{0}” is reached by the SOP only"),
    "reason.needed": ("请选定原因", "Choose a reason"),
    "step.not_earlier": ("不能退回到“{0}”", "It cannot be sent back to “{0}”"),
    "judge.asked": ("{0} 已在审批人之列", "{0} is one of the judges already"),
    "judge.author": ("{0} 不能审批自己的工作", "{0} would judge their own work"),
    "snooze.time": ("请选一个以后的时间，最多三个月", "Choose a time from now on, three months at most"),
    "person.needed": ("请选择一个人", "Choose a person"),
    "file.needed": ("请选择文件", "Choose a file"),
    "grade.unknown": ("没有等级“{0}”", "There is no grade “{0}”"),
    "event.unknown": ("流程中没有事件“{0}”", "This SOP has no event “{0}”"),
    "lead.unreachable": (
        "电话、邮箱、微信至少留一项",
        "Keep at least one way to reach the contact: phone, e-mail or WeChat",
    ),
    "pool.taken": ("这条线索已有人跟进", "Somebody works on this lead already"),
    "pool.claims": ("今天已领取 {0} 条,达到每日上限", "You have claimed {0} today, which is the most for a day"),
    "pool.held": ("手上已有 {0} 条线索,达到上限", "You hold {0} leads, which is the most"),
    "pool.waits": ("这条线索由您退回公海,{0} 后才能再领", "You gave this lead up; you may claim it again after {0}"),
    "waiver.not_allowed": ("“{0}”不可例外放行", "“{0}” cannot be waived"),
    "sop.runaway": ("流程规则互相触发不止,已停止", "The SOP's rules set each other off without end; stopped"),
}


def sentence(code: str, zh: str = "", en: str = "") -> Text:
    """The house sentence for a code, with `{0}` filled in each language."""
    chinese, english = _SENTENCES[code]
    return Text(zh_hans=chinese.format(zh), en=english.format(en))


def refuse(code: str, zh: str = "", en: str = "", *, step: str | None = None, role: str | None = None) -> Refused:
    """A refusal for one house reason; raise what this returns."""
    return Refused([Unmet(code, sentence(code, zh, en or zh), step=step, role=role, waivable=False)])

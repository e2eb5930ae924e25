"""Every write on a run. Pages, API, import, worker and command line call these and nothing else.

Each is one transaction: load, check who may, let the engine decide, write with its event. They raise Forbidden, Invalid
(fields), Refused (the SOP's reasons) or Stale (a colleague was first); then nothing has changed.
"""

from fairway.runs.actions.approvals import add_judge, decide_approval, withdraw_approval
from fairway.runs.actions.attachments import attach, detach
from fairway.runs.actions.contacts import log_contact
from fairway.runs.actions.customer import answer_by_customer
from fairway.runs.actions.facts import change_facts
from fairway.runs.actions.moves import add_step, advance, close, go_back, happen, reopen
from fairway.runs.actions.owners import hand_over, reassign, take
from fairway.runs.actions.snoozing import snooze, wake
from fairway.runs.actions.starting import start
from fairway.runs.actions.submitting import complete, submit
from fairway.runs.actions.waivers import ask_waiver, decide_waiver, withdraw_waiver

__all__ = [
    "add_judge", "add_step", "advance", "answer_by_customer", "ask_waiver", "attach", "change_facts", "close",
    "complete", "decide_approval", "decide_waiver", "detach", "go_back", "hand_over", "happen", "log_contact",
    "reassign", "reopen", "snooze", "start", "submit", "take", "wake", "withdraw_approval", "withdraw_waiver",
]  # fmt: skip

"""Every read on runs: what pages and the API show of them, always through the eyes of one person."""

from fairway.runs.queries.approvals import Approval, approvals
from fairway.runs.queries.run_page import RunPage, load_run, run_page
from fairway.runs.queries.timeline import Entry, by_others, timeline
from fairway.runs.queries.today import Today, TodayRow, Whose, today

__all__ = [
    "Approval", "Entry", "RunPage", "Today", "TodayRow", "Whose", "approvals", "by_others", "load_run", "run_page",
    "timeline", "today",
]  # fmt: skip

"""Every write on SOPs and calendars."""

from fairway.sops.actions.calendars import save_calendar, set_week, set_year
from fairway.sops.actions.drafts import discard_draft, save_draft
from fairway.sops.actions.publishing import install_library, publish, publish_draft, roll_back
from fairway.sops.actions.use import set_in_use

__all__ = [
    "discard_draft",
    "install_library",
    "publish",
    "publish_draft",
    "roll_back",
    "save_calendar",
    "save_draft",
    "set_in_use",
    "set_week",
    "set_year",
]

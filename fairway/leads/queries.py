"""Reads of leads: where they come from, what the SOP lists for them."""

from __future__ import annotations

from fairway.leads.actions import SOP
from fairway.leads.models import Source
from fairway.runs.queries.lists import Choices
from fairway.runs.texts import say
from fairway.sops.programs import program_of
from fairway.sops.queries import current_id

SEARCHED = ("company", "contact_name", "phone", "email", "wechat")
BECAME_DEAL = "deal"


def source_titles() -> dict[str, str]:
    """What each source is called: those of the SOP, and those that the firm added (they go before). Two queries."""
    version = current_id(SOP)
    listed = program_of(version).sop.lists.get("source", ()) if version else ()
    titles = {choice.key: say(choice.title) for choice in listed}
    return titles | {source.key: source.title for source in Source.objects.all()}


def source_choices() -> Choices:
    """Sources to filter by."""
    return list(source_titles().items())


def listed(key: str) -> Choices:
    """The choices of a list of the SOP, as `industry`. One query."""
    version = current_id(SOP)
    found = program_of(version).sop.lists.get(key, ()) if version else ()
    return [(choice.key, say(choice.title)) for choice in found]

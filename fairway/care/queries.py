"""Reads of complaints."""

from __future__ import annotations

from fairway.care.actions import COMPLAINT_SOP
from fairway.runs.queries.lists import Choices
from fairway.runs.texts import say
from fairway.sops.programs import program_of
from fairway.sops.queries import current_id

SEARCHED = ("content", "complainant", "account__name", "run__title")


def category_choices() -> Choices:
    """Kinds of problem, as the SOP lists them. One query."""
    version = current_id(COMPLAINT_SOP)
    listed = program_of(version).sop.lists.get("category", ()) if version else ()
    return [(choice.key, say(choice.title)) for choice in listed]

"""What is wrong with a row, in words: the sentence of a code, in the language that is active."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fairway.intake.fields import Target

ERROR, NOTE = "error", "note"
NOTES = frozenset({
    "phone_unsure", "not_a_phone", "not_an_email", "not_a_choice", "not_a_number", "no_such_day", "not_a_date",
    "in_future", "unknown_owner", "unknown_team",
})  # fmt: skip
"""What is said and does not keep the row out: the lead comes in, without the value or with it as it was written."""


def level_of(code: str) -> str:
    """Whether a code keeps the row out (ERROR) or is only said (NOTE)."""
    return NOTE if code in NOTES else ERROR


def reason(code: str, target: Target | None, value: str = "") -> str:
    """The sentence for a code, such as `no_source`; `target` is the field where there is one."""
    low, high = (target.low or 1, target.high or 5) if target else (1, 5)
    limit = f"{target.limit:,}" if target else ""
    sentences = {
        "no_source": _("No source: nothing is saved without one."),
        "unknown_source": _("No such source. Say in the mapping which one is meant, or allow new sources."),
        "unreachable": _("No way to reach the contact: phone, e-mail or WeChat is needed."),
        "no_company": _("Neither a company nor a contact is named."),
        "points": _("Points go from %(low)s to %(high)s.") % {"low": low, "high": high},
        "points_missing": _("The other points are there and these are missing; they go from %(low)s to %(high)s.")
        % {"low": low, "high": high},
        "too_long": _("The text has %(found)s characters; %(limit)s are allowed.")
        % {"found": f"{len(value):,}", "limit": limit},
        "too_many_cells": _("The row has more cells than the header: a separator may stand in a text without quotes."),
        "characters": _("The cell holds characters that could not be read."),
        "phone_unsure": _("This does not look like a whole phone number; it is kept as written."),
        "not_a_phone": _("This is no phone number; it is left out."),
        "not_an_email": _("This is no e-mail address; it is left out."),
        "not_a_choice": _("This is not in the list; it is left out."),
        "not_a_number": _("This is no number that fits; it is left out."),
        "no_such_day": _("There is no such day; it is left out."),
        "not_a_date": _("This is no date; write 2026-03-02. It is left out."),
        "in_future": _("The date is still to come; it is left out."),
        "unknown_owner": _("Nobody by that name whom you may give leads to; the lead waits in the queue."),
        "unknown_team": _("No team by that name that you may give leads to; it is left out."),
    }
    if code.startswith("form_"):
        return _("The score card does not take the row: this is missing or not as the form wants it.")
    return sentences.get(code, code)


def field_name(key: str, target: Target | None) -> str:
    """What a field is called in the active language; the key itself where the SOP no longer knows it."""
    if key == "row":
        return _("Row")
    return target.title.in_language(get_language() or "en") if target else key

"""What one cell means to a field: the value that is kept, and a code where something is wrong with it.

The rules are those of the forms; a file is only given more chances (other names, a number for a size).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import tzinfo

from fairway.engine.forms.choices import choice_of
from fairway.engine.forms.numbers import int_of
from fairway.engine.forms.reach import email_of, phone_of
from fairway.engine.forms.refusals import Wrong
from fairway.engine.forms.texts import alike
from fairway.engine.forms.times import datetime_of
from fairway.intake import words
from fairway.intake.fields import KEPT_AS_TEXT, Target

Cell = tuple[str | None, str]
"""What is kept (None: nothing) and the code of what is wrong (empty: nothing)."""
Reader = Callable[[str], Cell]

_DIALLED = 7  # digits: with fewer it is no number that somebody mistyped
_PHONE = 50
_SIMPLE_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+\-]{0,62}@(?:[a-z0-9](?:[a-z0-9\-]{0,60}[a-z0-9])?\.)+[a-z]{2,20}")
_RANGE = re.compile(r"(\d[\d,]*)\s*(?:-|—|–|~|至|到|to)\s*(\d[\d,]*)")
_FROM = re.compile(
    r"(?:>=?|over|more than)?\s*(\d[\d,]*)\s*(?:\+|人?(?:及?以上)|人|people|or more|and more)?", re.IGNORECASE
)
_BAND = re.compile(r"(\d+)-(\d*)")


def phone_cell(text: str) -> Cell:
    """A number that can be dialled, in one spelling; one that looks mistyped is kept as it is, and said."""
    try:
        return phone_of(text), ""
    except Wrong:
        enough = sum(char.isdigit() for char in text) >= _DIALLED
        return (text, "phone_unsure") if enough and len(text) <= _PHONE else (None, "not_a_phone")


def email_cell(text: str) -> Cell:
    """A mailbox; what is none is left out, and said."""
    plain = text.casefold()
    if _SIMPLE_EMAIL.fullmatch(plain) and ".." not in plain and ".@" not in plain:
        return text.rpartition("@")[0] + "@" + plain.rpartition("@")[2], ""
    try:
        return email_of(text), ""
    except Wrong:
        return None, "not_an_email"


def choice_reader(target: Target, values: Mapping[str, str], *, new_allowed: bool = False) -> Reader:
    """One of a list: as the mapping says, by key or title in either language, or by another name it goes by."""
    written = {alike(word): meant for word, meant in values.items()}
    also = (
        {alike(word): key for key, names in words.SOURCES.items() for word in names} if target.key == "source" else {}
    )
    known = {choice.key for choice in target.choices}

    def choice_cell(text: str) -> Cell:
        meant = written.get(alike(text), text)
        if not meant:
            return None, ""
        try:
            return choice_of(target.choices, meant), ""
        except Wrong:
            key = also.get(alike(meant), "")
            if key in known:
                return key, ""
        if target.key in KEPT_AS_TEXT:
            return (meant, "") if len(meant) <= target.limit else (None, "too_long")
        if target.key == "source":
            return (meant, "new_source") if new_allowed else (None, "unknown_source")
        return None, "not_a_choice"

    return choice_cell


def size_reader(target: Target, values: Mapping[str, str]) -> Reader:
    """The size of a company: a band of the list, also for a bare number of people or the band written otherwise."""
    by_name = choice_reader(target, values)
    bands = [(int(m[1]), int(m[2] or 10**9), c.key) for c in target.choices if (m := _BAND.fullmatch(c.key))]

    def size_cell(text: str) -> Cell:
        found, code = by_name(text)
        if found in {key for _, _, key in bands}:
            return found, code
        for low, high, key in bands:
            if _holds_band(text, low, high):
                return key, ""
        return found, code

    return size_cell


def _holds_band(text: str, low: int, high: int) -> bool:
    if match := _RANGE.match(text):
        return (_whole(match[1]), _whole(match[2])) == (low, high)
    if match := _FROM.fullmatch(text):
        return low <= _whole(match[1]) <= high
    return False


def _whole(digits: str) -> int:
    return int(digits.replace(",", "")[:12] or 0)


def points_reader(target: Target) -> Reader:
    """Points of a score card: a whole number within its bounds."""
    low, high = target.low if target.low is not None else 1, target.high if target.high is not None else 5

    def points_cell(text: str) -> Cell:
        try:
            number = int_of(text)
        except Wrong:
            return None, "points"
        return (str(number), "") if low <= number <= high else (None, "points")

    return points_cell


def number_reader(target: Target) -> Reader:
    """A whole number within the bounds of the field."""

    def number_cell(text: str) -> Cell:
        try:
            number = int_of(text)
        except Wrong:
            return None, "not_a_number"
        outside = (target.low is not None and number < target.low) or (target.high is not None and number > target.high)
        return (None, "not_a_number") if outside else (str(number), "")

    return number_cell


def moment_reader(now: str, zone: tzinfo) -> Reader:
    """A day or time that was, as UTC text; one that cannot be or is still to come is left out, and said."""

    def moment_cell(text: str) -> Cell:
        try:
            at = datetime_of(text, zone)
        except Wrong as wrong:
            return None, "no_such_day" if wrong.code == "no_such_day" else "not_a_date"
        return (None, "in_future") if at > now else (at, "")

    return moment_cell


def name_reader(known: Mapping[str, int], code: str) -> Reader:
    """The id of a person or team by any of its names."""

    def name_cell(text: str) -> Cell:
        found = known.get(alike(text))
        return (None, code) if found is None else (str(found), "")

    return name_cell


def text_reader(limit: int) -> Reader:
    """Text that fits."""
    return lambda text: (text, "") if len(text) <= limit else (None, "too_long")

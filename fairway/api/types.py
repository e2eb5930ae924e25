"""The words of requests: ids, short texts, and bodies that are taken as they are meant or not at all."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Field, Path, Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict

from fairway.engine.forms.reach import phone_of
from fairway.engine.forms.refusals import Wrong

MOST_ID = 2**63 - 1
MOST_REVISION = 2**31 - 1

Id = Annotated[int, Field(ge=1, le=MOST_ID)]
"""A thing that another thing points to."""

ItemId = Annotated[int, Path(ge=1, le=MOST_ID, description="Its id.")]
"""The thing that the address is about."""

Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,50}$", description="A key as the SOP spells it.")]
"""A key of an SOP in an address."""

Revision = Annotated[int | None, Field(ge=0, le=MOST_REVISION, description="The revision seen; `If-Match` does too.")]
"""The revision that the sender saw."""

Values = dict[str, Any]
"""What a form is filled with: by field key, money in major units as text, times in ISO 8601."""

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?")


def _written(value: Any) -> Any:
    """Refuse bare numbers, which would pass as seconds since 1970."""
    if isinstance(value, str) and not _ISO.fullmatch(value):
        raise ValueError("not a time in ISO 8601")
    return value


def _in_utc(at: datetime) -> datetime:
    """The same moment in UTC; without a zone it is meant so. Refuses what no calendar there has."""
    try:
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError("out of range") from error


Moment = Annotated[
    datetime, Field(strict=False, description="ISO 8601; without a zone it is UTC."), BeforeValidator(_written),
    AfterValidator(_in_utc),
]  # fmt: skip
"""A point in time."""


def _day_written(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("not a day in ISO 8601")
    return value


Day = Annotated[date, Field(strict=False, description="ISO 8601."), BeforeValidator(_day_written)]
"""A day."""


def _called(text: str) -> str:
    """A number by which one can be called, in one way of writing; empty for none."""
    try:
        return str(phone_of(text)) if text else ""
    except Wrong as wrong:
        raise ValueError(wrong.message["en"]) from wrong


Phone = Annotated[str, Field(max_length=50), AfterValidator(_called)]
"""A phone number."""

MONEY_TEXT = r"^-?[0-9]+\.[0-9]{2}$"
Money = Annotated[str, Field(pattern=MONEY_TEXT, examples=["500000.00"], description="In major units of `currency`.")]
"""An amount of money in answers."""


class Body(Schema):
    """A body: no key that is not known, and no value of another type than the one asked for."""

    model_config = ConfigDict(extra="forbid", strict=True)

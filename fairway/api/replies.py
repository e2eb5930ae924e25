"""Answers as bytes: rows straight to JSON, without objects and schemas in between."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja.renderers import BaseRenderer

MINOR_UNITS = 100


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)


def to_json(data: Any) -> bytes:
    """JSON in UTF-8: times as ISO 8601 in UTC, decimals as text."""
    return orjson.dumps(data, default=_plain, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


class Renderer(BaseRenderer):
    """Renders what operations return as plain data."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Give the bytes of the answer."""
        return to_json(data)


def reply(data: Any, *, status: int = 200, revision: int | None = None) -> HttpResponse:
    """An answer with its ETag, where the thing has a revision."""
    response = HttpResponse(to_json(data), content_type="application/json", status=status)
    if revision is not None:
        response["ETag"] = etag(revision)
    return response


def etag(revision: int) -> str:
    """The entity tag of a revision."""
    return f'"{revision}"'


def money(minor: int | None) -> str | None:
    """An amount in major units as text (`"1234.50"`), the one way in which the API writes money."""
    if minor is None:
        return None
    sign, value = ("-", -minor) if minor < 0 else ("", minor)
    return f"{sign}{value // MINOR_UNITS}.{value % MINOR_UNITS:02d}"


def renamed(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A row with the API's names for its columns."""
    return {names.get(key, key): value for key, value in row.items()}

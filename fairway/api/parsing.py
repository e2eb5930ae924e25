"""Reading requests: what cannot be meant is refused before it reaches an action or the database."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja.parser import Parser as NinjaParser

from fairway.api.problems import Problem
from fairway.people.doors import api_operations

DEEPEST = 32
"""How deep lists and objects of a body may nest; no form of an SOP comes near."""
JSON_TYPE = "application/json"


class Parser(NinjaParser):
    """Strict JSON, in UTF-8 and within reason; only the query parameters that there are."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body as plain data. Raises Problem: 415 not JSON by its own word, 400 not JSON in fact, 422 no text."""
        if request.content_type != JSON_TYPE:
            raise Problem(415, "media_type", _("The body has to be application/json."))
        try:
            data: dict[str, Any] = orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise Problem(400, "json", _("The body is not JSON in UTF-8."), detail=str(error)) from error
        for path, value in _walk(data, "body", 1):
            if "\x00" in value:
                raise nul(path)
        return data

    def parse_query(self, request: HttpRequest) -> None:
        """Refuse what no operation here asks for: a misspelt filter must not silently give everything."""
        known = _known_parameters(request.resolver_match.func, request.method or "") if request.resolver_match else None
        unknown = sorted(set(request.GET) - known) if known is not None else []
        if unknown:
            message = _("There is no such parameter.")
            errors = [{"field": name, "code": "unknown", "message": message} for name in unknown]
            raise Problem(422, "invalid", _("Some fields need another look."), errors=errors)

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The query as plain data."""
        self.parse_query(request)
        for name, values in data.lists():
            if any("\x00" in value for value in values):
                raise nul(name)
        return super().parse_querydict(data, list_fields, request)


def nul(field: str) -> Problem:
    """The refusal of a NUL character, which no database keeps in text."""
    message = _("A NUL character is not text.")
    return Problem(
        422, "invalid", _("Some fields need another look."),
        errors=[{"field": field, "code": "nul", "message": message}],
    )  # fmt: skip


def _walk(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """Every text in a body, keys too, with where it stands. Raises Problem for what is nested too deep."""
    if isinstance(value, str):
        yield path, value
        return
    if not isinstance(value, dict | list):
        return
    if depth > DEEPEST:
        raise Problem(400, "depth", _("The body nests deeper than %(most)d levels.") % {"most": DEEPEST})
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        here = f"{path}.{key}"
        if isinstance(key, str):
            yield path, key
        yield from _walk(item, here, depth + 1)


@functools.cache
def _known_parameters(view: Callable[..., Any], method: str) -> frozenset[str] | None:
    """The query parameters of an operation; None where the view is no operation of the API."""
    found = api_operations(view)
    for operation in found.operations if found else ():
        if method in operation.methods:
            queries = [model for model in operation.models if model.__ninja_param_source__ == "query"]
            return frozenset(name for model in queries for name in _names(model))
    return None


def _names(model: Any) -> Iterator[str]:
    yield from getattr(model, "__ninja_flatten_map__", None) or model.model_fields

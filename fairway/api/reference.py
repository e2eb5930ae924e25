"""The reference of the API for people: what the description says, as one page without script."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairway.api.urls import api
from fairway.people.doors import door


@require_safe
@door(public=True, why="describes the API and holds no data")
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation by resource, with what it takes and answers."""
    schema = api.get_openapi_schema()
    resources = [{**tag, "operations": _operations(schema, tag["name"])} for tag in schema["tags"]]
    return render(request, "api/reference.html", {"title": _("API reference"), "resources": resources})


def _operations(schema: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    """The operations of a resource, in the order of the description."""
    return [
        {
            "id": one["operationId"], "method": method.upper(), "path": path, "summary": one["summary"],
            "parameters": [named["name"] for named in one["parameters"] if named["in"] != "path"],
            "fields": _fields(schema, one), "statuses": sorted(one["responses"]),
        }
        for path, methods in schema["paths"].items()
        for method, one in methods.items()
        if tag in one["tags"]
    ]  # fmt: skip


def _fields(schema: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    """The keys of its body, those that must be there with a star."""
    content = operation.get("requestBody", {}).get("content", {})
    for kind in content.values():
        shape = schema["components"]["schemas"].get(kind["schema"].get("$ref", "").rpartition("/")[2], {})
        required = shape.get("required", ())
        return [f"{name}*" if name in required else name for name in shape.get("properties", {})]
    return []

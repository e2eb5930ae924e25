"""The description of the API (OpenAPI 3.1): what ninja knows of each operation, and what all of them share."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import PathView

from fairway.api.problems import MEDIA_TYPE, not_allowed
from fairway.api.schemas import ProblemOut

TEXT = """\
The door for programs. It does what the pages do, by the same rules: a person's token sees and may do what the person
sees and may do, narrowed by the token's scopes.

Refusals are problem documents (RFC 9457) with every reason. Each POST takes an `Idempotency-Key`. What has a revision
carries an `ETag` and honours `If-Match`. Lists are paged by cursor. Money is text in major units (`"1234.50"`), times
are ISO 8601 in UTC.
"""
TAGS = {
    "leads": "Who may buy. A lead is scored, reviewed and assigned by the SOP.",
    "deals": "What may be sold, from needs to the last payment.",
    "complaints": "What customers complain of, with its clocks.",
    "companies": "Customers' companies.",
    "contacts": "People at companies.",
    "receivables": "Payment nodes of contracts, and what is still owed on them.",
    "tasks": "What is due, and doing it.",
    "approvals": "What waits for a judge's verdict, and waivers.",
    "records": "Filled forms.",
    "comments": "What colleagues say on a record, and who follows it.",
    "files": "Files kept with what they belong to.",
    "events": "What happened: append-only.",
    "sops": "The procedures and their versions.",
    "users": "Colleagues.",
    "duplicates": "What may be there twice, and merges.",
    "views": "Kept views of lists, with their filters.",
    "search": "Any record, by words, phone or number.",
    "products": "What the firm sells, with list prices.",
    "administration": "People, teams, sources, the calendar, dead letters, the audit trail.",
}
SCHEME = "token"
BODY_PROBLEMS = (400, 413, 415)
WRITE_PROBLEMS = (409, 412)
PROBLEMS = {
    400: "The body is not JSON.",
    401: "No token, or one that is unknown, expired or revoked.",
    403: "The token lacks the scope, or the person may not do this.",
    404: "There is no such thing, or it is not for this person to see.",
    409: "The SOP does not allow it, or a colleague was first: every reason.",
    412: "`If-Match` names another revision: who moved it, when, and how it stands now.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "Fields at fault, each with its reason.",
    429: "Too many requests; `Retry-After` says when to go on.",
}
READS_BY_POST = frozenset({"sops_check"})
IDEMPOTENCY_KEY = {
    "in": "header", "name": "Idempotency-Key", "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
    "description": "Same key, same answer, for 48 hours; another request with it is refused (422).",
}  # fmt: skip
IF_MATCH = {
    "in": "header", "name": "If-Match", "required": False,
    "schema": {"type": "string", "pattern": '^(W/)?"[0-9]{1,9}"$'},
    "description": "The ETag seen; refused (412) when the thing was changed since.",
}  # fmt: skip
UNCONDITIONAL = frozenset(
    {
        "tasks_take",
        "tasks_snooze",
        "tasks_wake",
        "tasks_hand_over",
        "waivers_decide",
        "waivers_withdraw",
        "files_remove",
        "comments_change",
        "comments_remove",
        "admin_users_change",
        "admin_users_deactivate",
        "admin_users_reactivate",
        "admin_users_invite",
        "teams_change",
        "teams_archive",
        "teams_restore",
        "sources_change",
        "products_change",
        "dead_letters_replay",
        "followers_remove",
        "views_change",
        "views_delete",
        "accounts_tag",
        "contacts_tag",
    }
)
"""Writes on one thing that ask for no revision: they are about one task or waiver, whose state itself decides."""
ETAG = {"ETag": {"description": "Its revision.", "schema": {"type": "string"}}}
RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}


class Api(NinjaAPI):
    """The API with its description, reckoned once; a method that an address does not know is a problem document."""

    described: OpenAPISchema | None = None

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """The description, whole."""
        if path_prefix is not None or self.described is None:
            self.described = completed(super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params))
        return self.described

    def _get_urls(self) -> list[Any]:
        for router in self._get_bound_routers():
            for view in router.path_operations.values():
                _refuse_by_problem(view)
        return super()._get_urls()


def _refuse_by_problem(view: PathView) -> None:
    methods = sorted({method for operation in view.operations for method in operation.methods})
    view._not_allowed = lambda: not_allowed(methods)  # type: ignore[method-assign]  # noqa: SLF001


def completed(schema: OpenAPISchema) -> OpenAPISchema:
    """The description with tags, security and, on each operation, every refusal and header that it may answer with."""
    schema["info"].update(description=TEXT, license={"name": "Apache-2.0", "identifier": "Apache-2.0"})
    schema["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    schema["security"] = [{SCHEME: []}]
    components = schema["components"]
    components["securitySchemes"] = {
        SCHEME: {"type": "http", "scheme": "bearer", "description": "A token made on one's own page: `fwy_…`."}
    }
    shapes = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    components["schemas"].update(shapes.pop("$defs", {}))
    components["schemas"]["ProblemOut"] = shapes
    components["responses"] = {f"Problem{status}": _problem(status, text) for status, text in PROBLEMS.items()}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method, path)
    return schema


def _problem(status: int, text: str) -> dict[str, Any]:
    name = HTTPStatus(status).phrase.lower().replace(" ", "_")
    example = {"type": f"/problems/{name}", "title": text, "status": status, "code": name}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}, "example": example}}
    return {"description": text, "content": content, **({"headers": RETRY_AFTER} if status == 429 else {})}


def _complete(operation: dict[str, Any], method: str, path: str) -> None:
    statuses = {401, 403, 422, 429}
    writes = method != "get" and operation["operationId"] not in READS_BY_POST
    if "{" in path or writes:
        statuses.add(404)
    if "requestBody" in operation:
        statuses.update(BODY_PROBLEMS)
    if writes:
        statuses.update(WRITE_PROBLEMS)
    if writes and method == "post":
        operation["parameters"] = [*operation["parameters"], IDEMPOTENCY_KEY]
    if writes and "{item}" in path and operation["operationId"] not in UNCONDITIONAL:
        operation["parameters"] = [*operation["parameters"], IF_MATCH]
    operation["summary"] = operation.pop("description", operation["summary"]).partition("\n")[0].rstrip(".")
    for status in sorted(statuses):
        operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
    for status, response in operation["responses"].items():
        shape = response.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
        if status in (200, 201) and _has_revision(shape):
            response["headers"] = ETAG


def _has_revision(reference: str) -> bool:
    return reference.rpartition("/")[2] in {
        "LeadOut", "DealOut", "ComplaintOut", "AccountOut", "ContactOut", "RunOut", "GateOut",
    }  # fmt: skip

"""What an API token may be used for: a closed set of `resource:read`, `resource:write`, and `admin`.

A token never reaches further than the person who made it; a scope only narrows that.
"""

from collections.abc import Iterable

READ_ONLY = ("events", "users", "search")
READ_WRITE = (
    "leads",
    "companies",
    "contacts",
    "deals",
    "complaints",
    "tasks",
    "records",
    "approvals",
    "sops",
    "imports",
    "files",
    "duplicates",
    "views",
    "comments",
)
ADMIN_SCOPE = "admin"

SCOPES: tuple[str, ...] = (
    *(f"{resource}:{verb}" for resource in READ_WRITE for verb in ("read", "write")),
    *(f"{resource}:read" for resource in READ_ONLY),
    ADMIN_SCOPE,
)
"""Every scope there is. `admin` opens the administrator's operations, to a token of an administrator only."""


def covers(granted: Iterable[str], needed: str) -> bool:
    """Whether a token with the scopes `granted` may do what asks for `needed`. Writing includes reading."""
    held = set(granted)
    if needed in held:
        return True
    resource, _, verb = needed.partition(":")
    return verb == "read" and f"{resource}:write" in held


def unknown_scopes(scopes: Iterable[str]) -> list[str]:
    """Return the given scopes that do not exist, sorted."""
    return sorted(set(scopes) - set(SCOPES))

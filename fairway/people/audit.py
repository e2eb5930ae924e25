"""Writing down what administrators change."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from fairway.people.models import AuditEntry, User


def record(
    action: str,
    *,
    by: User | None,
    now: datetime,
    kind: str,
    subject_id: int | None = None,
    name: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add one entry; call it inside the transaction of the change.

    `action`: past tense with a dot, as "user.changed". `by`: None for the command line of the machine itself. `before`,
    `after`: only what changed, no secrets; times become ISO texts.
    """
    return AuditEntry.objects.create(
        by=by,
        at=now,
        action=action,
        subject_kind=kind,
        subject_id=subject_id,
        subject_name=name[:200],
        before=_plain(before),
        after=_plain(after),
    )


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, datetime | date) else value for key, value in (values or {}).items()
    }

"""Filled forms as people read them, with the names of the people, contacts, companies and files they point to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fairway.customers.models import Account, Contact
from fairway.engine.forms import MoreChoices, Shown, shown, visible_values
from fairway.engine.program import Program
from fairway.people.models import User
from fairway.runs.models import Attachment, Record, Run
from fairway.runs.texts import say, step_title


@dataclass(frozen=True)
class ReadRecord:
    """One filled form with its readable rows."""

    record: Record
    title: str
    step: str
    rows: tuple[Shown, ...]
    at: datetime
    by: str


class Names:
    """Names of what forms point to on one run; each kind is read once, and only when a record names it."""

    def __init__(self, run: Run) -> None:
        self._rows: dict[str, tuple[QuerySet[Any], str]] = {
            "user": (User.objects.all(), "display_name"),
            "contact": (Contact.objects.filter(account_id=run.account_id or 0), "name"),
            "account": (Account.objects.filter(pk=run.account_id or 0), "name"),
            "file": (Attachment.objects.filter(run=run), "name"),
        }
        self._known: dict[str, dict[int, str]] = {}

    def __call__(self, kind: str, id_: int) -> str:
        """The name of a person, contact, company or file; its number where it is gone."""
        if kind not in self._known:
            rows, column = self._rows[kind]
            self._known[kind] = dict(rows.order_by().values_list("pk", column))
        return self._known[kind].get(id_) or f"#{id_}"


def read(
    program: Program, record: Record, names: Names, *, zone: tzinfo, confidential: bool, currency: str = "CNY",
    more: MoreChoices | None = None,
) -> ReadRecord:  # fmt: skip
    """One record for a reader, confidential fields left out unless the reader may see them."""
    form = program.sop.forms.get(record.form)
    language = get_language() or "zh-hans"
    by = record.created_by.display_name if record.created_by else _("the system")
    if form is None:
        return ReadRecord(record, record.form, step_title(program, record.step), (), record.created_at, by)
    values = visible_values(form, record.values, confidential=confidential)
    rows = shown(
        program.sop, form, values, language, names, currency=currency, zone=zone, more_choices=more
    )  # fmt: skip
    step = step_title(program, record.step) if record.step else ""
    return ReadRecord(record, say(form.title), step, tuple(rows), record.created_at, by)

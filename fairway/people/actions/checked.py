"""Turning what the models refuse into reasons that a page and a program can show."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from fairway.people.errors import Reason, Refused

TAKEN = "taken_"
"""Begins the codes of the models' constraints on names; the field follows."""


def check_fields(row: models.Model, fields: Iterable[str]) -> None:
    """Check the named fields of `row` and the table's constraints. Raises Refused with every reason at once."""
    named = set(fields)
    every = row._meta.get_fields()  # noqa: SLF001 (documented all the same)
    others = {field.name for field in every if isinstance(field, models.Field)} - named
    try:
        row.full_clean(exclude=others, validate_unique=True, validate_constraints=True)
    except ValidationError as error:
        raise Refused(*_reasons(error)) from error


def _reasons(error: ValidationError) -> Iterator[Reason]:
    for field, faults in error.error_dict.items():
        for fault in faults:
            code = fault.code or "invalid"
            # a constraint over a function of a field says by its code which field it is
            about = code.removeprefix(TAKEN) if code.startswith(TAKEN) else ""
            for message in fault.messages:
                yield Reason(code, message, about if field == NON_FIELD_ERRORS else field)


@contextmanager
def one_change() -> Iterator[None]:
    """One transaction. What a colleague stored a moment before, and the check could not yet see, is a refusal too.

    Rows are locked with `no_key=True`: the audit entry refers to the person who acts, and two administrators who change
    each other would otherwise wait for each other for ever.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(
            Reason("taken", _("A colleague changed the same thing a moment ago. Look again, then repeat."))
        ) from error

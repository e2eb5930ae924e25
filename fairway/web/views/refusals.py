"""Showing on a form why an action said no."""

from django import forms

from fairway.people.errors import Refused


def add_reasons(form: forms.BaseForm, refused: Refused, **names: str) -> None:
    """Put every reason beside its field, or above the form when it is about none of its fields.

    `names`: what the form calls a field that the action calls otherwise.
    """
    for reason in refused.reasons:
        field = names.get(reason.field, reason.field)
        form.add_error(field if field in form.fields else None, reason.message)

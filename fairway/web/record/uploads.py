"""Files sent with an SOP form: kept with the run first, then named in the form by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from fairway.engine.spec import Form, FormField
from fairway.people.models import User
from fairway.runs.actions import attach
from fairway.runs.models import Run
from fairway.web.forms import uploaded, with_files


def kept_files(
    raw: dict[str, Any], request: HttpRequest, run: Run, form: Form, *, by: User, now: datetime
) -> dict[str, Any]:
    """`raw` with the ids of the files that came along. Raises Refused for a file that cannot be taken."""
    ids = {
        path: [attach(run.pk, file=file, by=by, now=now, confidential=is_confidential(form, path)).pk for file in files]
        for path, files in uploaded(request.FILES).items()
    }
    return with_files(form, raw, ids) if ids else raw


def is_confidential(form: Form, path: str) -> bool:
    """Whether what stands at the path of a form is for the deal's team only."""
    if form.confidential:
        return True
    fields: Iterable[FormField] = form.fields
    for part in path.split("."):
        one = next((one for one in fields if one.key == part), None)
        if one is None:
            continue
        if one.confidential:
            return True
        fields = one.fields
    return False

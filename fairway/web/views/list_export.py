"""A list as a file: exactly what is seen."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from fairway.lists.asking import Asker
from fairway.lists.errors import Misread
from fairway.lists.exporting import CSV, FORMATS, Export, note
from fairway.lists.listing import listings
from fairway.lists.view import View
from fairway.people.doors import door
from fairway.web.views.person import person

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@door(signed_in=True)
def list_export(request: HttpRequest, key: str) -> HttpResponseBase:
    """Send the view that the address asks for as a CSV or Excel file, and note that it was taken."""
    listing, form = listings().get(key), request.GET.get("format", CSV)
    if listing is None or form not in FORMATS:
        raise Http404
    asker = Asker.of(person(request), timezone.now())
    try:
        export = Export(listing, View.of(listing, request.GET.dict()), asker)
        note(export, form=form, asker=asker)
    except Misread:
        return redirect(f"/{key}?{request.GET.urlencode()}")
    response: HttpResponseBase
    if form == CSV:
        response = StreamingHttpResponse(export.csv_lines(), content_type="text/csv; charset=utf-8")
    else:
        response = FileResponse(_book(export), content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{key}.{form}"'
    response["Cache-Control"] = "no-store"
    return response


def _book(export: Export) -> tempfile._TemporaryFileWrapper[bytes]:
    """The Excel file; it is gone once it was sent."""
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    export.write_xlsx(Path(file.name))
    file.seek(0)
    return file

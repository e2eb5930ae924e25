"""Which SOPs the firm works by."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fairway.people import audit
from fairway.people.actions.access import require_admin
from fairway.people.errors import Reason, Refused
from fairway.people.models import User
from fairway.sops.models import SopRetired, SopVersion

FIRST = "new-business"
"""The SOP that leads come in by; without it nothing begins."""


def set_in_use(keys: Collection[str], *, by: User | None, now: datetime) -> list[str]:
    """Let new runs begin by these published SOPs and by no others; runs under way go on. Returns what changed.

    Saving the same again writes nothing. Raises Forbidden, Refused for what is not published or may not be left out.
    """
    require_admin(by)
    published = set(SopVersion.objects.values_list("key", flat=True).distinct())
    if unknown := sorted(set(keys) - published):
        raise Refused(Reason("unknown", _("No version is published: %s") % ", ".join(unknown), "keys"))
    if FIRST in published and FIRST not in keys:
        raise Refused(Reason("needed", _("Leads come in by the SOP of new business: it stays in use."), "keys"))
    with transaction.atomic():
        retired = set(SopRetired.objects.select_for_update().values_list("key", flat=True))
        wanted = published - set(keys)
        changed = sorted(retired ^ wanted)
        SopRetired.objects.filter(key__in=retired - wanted).delete()
        SopRetired.objects.bulk_create([SopRetired(key=key, at=now) for key in sorted(wanted - retired)])
        for key in changed:
            action = "sop.retired" if key in wanted else "sop.used_again"
            audit.record(action, by=by, now=now, kind="sop", name=key)
    return changed

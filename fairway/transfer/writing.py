"""Writing the settings file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import yaml
from django.conf import settings

from fairway.catalog.models import Product
from fairway.leads.models import Campaign, Source
from fairway.people.models import Team, User
from fairway.people.queries import firm
from fairway.sops.models import SopVersion, WorkCalendar
from fairway.sops.queries import current_versions, retired
from fairway.transfer.shapes import FORMAT

SEPARATOR = " / "


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks, and nothing by reference: the strict reader takes neither anchors nor aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never refer."""
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def as_text(now: datetime) -> str:
    """The file, in YAML. No password, token, secret or key is in it."""
    return yaml.dump(gathered(now), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


def gathered(now: datetime) -> dict[str, Any]:
    """What is set, as plain data."""
    own, paths = firm(), paths_of_teams()
    return {
        "fairway": FORMAT,
        "made_at": now.isoformat(timespec="seconds"),
        "firm": {"name": own.name, "language": own.language, "timezone": own.timezone},
        "teams": sorted(paths.values()),
        "people": [_person(user, paths) for user in User.objects.with_roles().order_by("username")],
        "sources": list(Source.objects.order_by("key").values("title_zh", "title_en", "family", "active")),
        "campaigns": [_dated(row) for row in Campaign.objects.order_by("name").values(
            "name", "source", "cost", "currency", "starts_on", "ends_on", "active")],
        "products": list(Product.objects.order_by("code").values(
            "code", "name", "unit", "list_price", "currency", "active")),
        "calendars": dict(WorkCalendar.objects.order_by("key").values_list("key", "table")),
        "mail": _mail(),
        "sops": dict(_documents()),
        "sops_out_of_use": sorted(retired()),
    }  # fmt: skip


def paths_of_teams() -> dict[int, str]:
    """The teams in use by id, each as the names from the top down to it. One query."""
    teams = {team.pk: team for team in Team.objects.current()}
    return {
        pk: SEPARATOR.join(teams[int(one)].name for one in team.path.strip("/").split("/") if int(one) in teams)
        for pk, team in teams.items()
    }


def _person(user: User, paths: dict[int, str]) -> dict[str, Any]:
    return {
        "login": user.username, "name": user.display_name, "email": user.email, "phone": user.phone,
        "team": paths.get(user.team_id or 0, ""), "roles": sorted(user.role_keys), "language": user.language,
        "timezone": user.timezone, "territories": list(user.territories), "industries": list(user.industries),
        "active": user.is_active,
    }  # fmt: skip


def _dated(row: Any) -> dict[str, Any]:
    return dict(row) | {name: row[name].isoformat() if row[name] else None for name in ("starts_on", "ends_on")}


def _mail() -> dict[str, str]:
    by_server = "smtp" in settings.EMAIL_BACKEND
    return {
        "server": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}" if by_server else "",
        "user": settings.EMAIL_HOST_USER if by_server else "", "sender": settings.DEFAULT_FROM_EMAIL,
        "url": settings.FAIRWAY_URL,
    }  # fmt: skip


def _documents() -> list[tuple[str, str]]:
    wanted = [version.pk for version in current_versions()]
    return list(SopVersion.objects.filter(pk__in=wanted).order_by("key").values_list("key", "text"))

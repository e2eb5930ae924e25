"""Reading a settings file in: what would change, and doing it, both by the same actions that the pages call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from fairway.catalog.actions import add_product, change_product
from fairway.catalog.models import Product
from fairway.engine.findings import DocumentRefused
from fairway.leads.campaigns import add_campaign, change_campaign
from fairway.leads.models import Campaign, Source
from fairway.leads.sources import add_source, change_source, set_source_active
from fairway.people import audit
from fairway.people.actions import roles as role_actions
from fairway.people.actions import teams as team_actions
from fairway.people.actions import users as user_actions
from fairway.people.actions.access import require_admin
from fairway.people.actions.firm import change_firm
from fairway.people.errors import Refused
from fairway.people.models import AuditEntry, Team, User
from fairway.sops.actions import publish, save_calendar, set_in_use
from fairway.sops.errors import NotPublishable
from fairway.sops.models import SopVersion
from fairway.transfer.shapes import PersonPart, SettingsFile
from fairway.transfer.writing import SEPARATOR, paths_of_teams

MOST_BYTES = 2**21
DEEPEST = 40


class NotRead(ValueError):
    """The file is none; the message says why, in the reader's language."""


@dataclass
class Outcome:
    """What was (or would be) changed, as entries of the audit trail, and what stood in the way, by part."""

    changes: list[AuditEntry] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def read(text: str) -> SettingsFile:
    """The file, checked for its shape. Raises NotRead."""
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise NotRead(_("The file is larger than 2 MB."))
    try:
        _check_plain(text)
        data = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - the base loader makes texts, lists, mappings only
    except yaml.YAMLError as error:
        raise NotRead(_("This is neither YAML nor JSON: %(why)s") % {"why": error}) from error
    if not isinstance(data, dict) or "fairway" not in data:
        raise NotRead(_("This is no settings file of Fairway: it does not begin with “fairway: 1”."))
    try:
        return SettingsFile.model_validate(_emptied(data))
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:8]]
        raise NotRead("\n".join(lines)) from error


def _check_plain(text: str) -> None:
    """Refuse references, which could make a small file a huge one, and nesting without end."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise NotRead(_("The file refers to parts of itself (anchors), which is not read."))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise NotRead(_("The file is nested too deep."))


def _emptied(data: Any) -> Any:
    """`null` as a file writes it is nothing."""
    if isinstance(data, dict):
        return {key: None if value in ("null", "~") else _emptied(value) for key, value in data.items()}
    return [_emptied(one) for one in data] if isinstance(data, list) else data


def preview(wanted: SettingsFile, *, by: User | None, now: datetime) -> Outcome:
    """What applying would change; nothing is kept. Raises Forbidden."""
    return _run(wanted, by=by, now=now, keep=False)


def apply(wanted: SettingsFile, *, by: User | None, now: datetime) -> Outcome:
    """Change everything in one transaction, or nothing where anything stands in the way. Raises Forbidden."""
    return _run(wanted, by=by, now=now, keep=True)


def _run(wanted: SettingsFile, *, by: User | None, now: datetime, keep: bool) -> Outcome:
    require_admin(by)
    outcome = Outcome()
    last = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with transaction.atomic():
        for part, step in _steps(wanted, by, now):
            _try(part, step, outcome)
        outcome.changes = list(AuditEntry.objects.select_related("by").filter(pk__gt=last).order_by("pk"))
        if outcome.changes and not outcome.problems:
            audit.record("settings.applied", by=by, now=now, kind="settings", after={"changes": len(outcome.changes)})
        if outcome.problems or not keep:
            transaction.set_rollback(True)
    return outcome


def _try(part: str, step: Callable[[], object], outcome: Outcome) -> None:
    try:
        with transaction.atomic():
            step()
    except Refused as refused:
        outcome.problems += [(part, reason.message) for reason in refused.reasons]
    except (DocumentRefused, NotPublishable) as refused:
        outcome.problems += [(part, finding.located()) for finding in refused.findings[:5]]


def _steps(wanted: SettingsFile, by: User | None, now: datetime) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every step with what it is about, in the order in which one rests on another."""
    firm = wanted.firm
    if firm is not None:
        yield _("Company"), lambda: change_firm(**firm.model_dump(), by=by, now=now)
    for path in sorted(wanted.teams, key=lambda one: one.count(SEPARATOR)):
        yield f"{_('Team')} {path}", _Team(path, by, now)
    for one in wanted.people:
        yield f"{_('User')} {one.login}", _Person(one, by, now)
    for source in wanted.sources:
        yield f"{_('Source')} {source.title_en}", _Keep(_source, source.model_dump(), by, now)
    for campaign in wanted.campaigns:
        yield f"{_('Campaign')} {campaign.name}", _Keep(_campaign, campaign.model_dump(), by, now)
    for product in wanted.products:
        yield f"{_('Product')} {product.code}", _Keep(_product, product.model_dump(), by, now)
    for key, table in wanted.calendars.items():
        yield f"{_('Calendar')} {key}", _Calendar(key, table, by, now)
    for key, text in wanted.sops.items():
        yield f"{_('SOP')} {key}", _Document(key, text, by, now)
    if wanted.sops_out_of_use is not None:
        yield _("SOPs in use"), _InUse(wanted.sops_out_of_use, by, now)


@dataclass
class _Team:
    path: str
    by: User | None
    now: datetime

    def __call__(self) -> None:
        ids = {path: pk for pk, path in paths_of_teams().items()}
        above, _sep, name = self.path.rpartition(SEPARATOR)
        if self.path not in ids:
            parent = Team.objects.get(pk=ids[above]) if above in ids else None
            team_actions.create_team(name, parent=parent, by=self.by, now=self.now)


@dataclass
class _Person:
    part: PersonPart
    by: User | None
    now: datetime

    def __call__(self) -> None:
        values = self.part.model_dump(exclude={"login", "name", "team", "roles", "active"})
        ids = {path: pk for pk, path in paths_of_teams().items()}
        team = Team.objects.filter(pk=ids.get(self.part.team, 0)).first()
        user = User.objects.filter(username__iexact=self.part.login).first()
        fields = {**values, "display_name": self.part.name, "team": team}
        if user is None:
            user = user_actions.create_user(
                username=self.part.login, roles=self.part.roles, by=self.by, now=self.now, **fields
            )
        else:
            user_actions.change_user(user, by=self.by, now=self.now, **fields)
            role_actions.set_roles(user, self.part.roles, by=self.by, now=self.now)
        switch = user_actions.reactivate if self.part.active else user_actions.deactivate
        switch(user, by=self.by, now=self.now)


@dataclass
class _Keep:
    keep: Callable[[dict[str, Any], User | None, datetime], None]
    values: dict[str, Any]
    by: User | None
    now: datetime

    def __call__(self) -> None:
        self.keep(self.values, self.by, self.now)


def _source(values: dict[str, Any], by: User | None, now: datetime) -> None:
    fields = {name: values[name] for name in ("title_zh", "title_en", "family")}
    source = Source.objects.filter(title_en__iexact=values["title_en"]).first()
    if source is None:
        source = add_source(**fields, by=by, now=now)
    else:
        change_source(source.pk, **fields, by=by, now=now)
    set_source_active(source.pk, active=values["active"], by=by, now=now)


def _campaign(values: dict[str, Any], by: User | None, now: datetime) -> None:
    found = Campaign.objects.filter(name=values["name"]).first()
    if found is None:
        add_campaign(**values, by=by, now=now)
    else:
        change_campaign(found.pk, **values, by=by, now=now)


def _product(values: dict[str, Any], by: User | None, now: datetime) -> None:
    found = Product.objects.filter(code__iexact=values["code"]).first()
    if found is None:
        add_product(**values, by=by, now=now)
    else:
        change_product(found.pk, **values, by=by, now=now)


@dataclass
class _Calendar:
    key: str
    table: dict[str, Any]
    by: User | None
    now: datetime

    def __call__(self) -> None:
        save_calendar(self.key, self.table, by=self.by, now=self.now)


@dataclass
class _Document:
    key: str
    text: str
    by: User | None
    now: datetime

    def __call__(self) -> None:
        publish(self.text, key=self.key, note=_("From a settings file"), by=self.by, now=self.now)


@dataclass
class _InUse:
    out: list[str]
    by: User | None
    now: datetime

    def __call__(self) -> None:
        keys = set(SopVersion.objects.values_list("key", flat=True).distinct()) - set(self.out)
        set_in_use(keys, by=self.by, now=self.now)

"""What each role may do, read from the sets of roles by which the actions themselves decide, and from the documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fairway.care.actions import TAKERS
from fairway.customers.actions import WRITERS
from fairway.deals.actions import SELLERS
from fairway.engine.program import Program
from fairway.intake.access import IMPORTERS
from fairway.leads.actions import REGISTERERS
from fairway.leads.pool import CLAIMERS
from fairway.people.directory import ABOVE, OWNER
from fairway.people.roles import ADMIN, MANAGER, POOL_ROLES, REP, ROLES
from fairway.runs.texts import step_title
from fairway.sops.access import PUBLISHERS
from fairway.sops.programs import program_of
from fairway.sops.queries import current_versions
from fairway.web.nav import NAVIGATION, place_of

Words = str | Promise
EVERYBODY = frozenset(ROLES)


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that may be done, and by which roles."""

    what: Words
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    """Rights that belong together."""

    title: Words
    rights: list[Right]


def groups() -> list[Group]:
    """Every right that does not depend on an SOP."""
    return [
        Group(_("See"), [
            Right(_("Own records, those of the own team, and what one is asked to judge"), EVERYBODY),
            Right(_("Records of the teams below the own one"), frozenset({MANAGER})),
            Right(_("The pool: what nobody owns yet"), POOL_ROLES),
            Right(_("Every record"), frozenset({ADMIN})),
        ]),
        Group(_("Sell and serve"), [
            Right(_("Register leads"), REGISTERERS),
            Right(_("Claim from the pool"), CLAIMERS),
            Right(_("Start deals"), SELLERS),
            Right(_("Take in complaints"), TAKERS),
            Right(_("Write companies and contacts"), WRITERS),
            Right(_("Import leads"), IMPORTERS),
            Right(_("Move own records on, fill their forms, hand them over"), EVERYBODY - {ADMIN}),
            Right(_("Do so for the team, assign, judge the team's work"), frozenset({MANAGER})),
        ]),
        Group(_("Shape and administer"), [
            Right(_("Write and publish SOPs"), PUBLISHERS),
            Right(_("Users, teams, roles, sources, products, calendar, mail, backups, audit"), frozenset({ADMIN})),
        ]),
        Group(_("Pages in the navigation"), list(_pages())),
    ]  # fmt: skip


def _pages() -> Iterable[Right]:
    for group in NAVIGATION:
        for entry in group:
            found = place_of(entry.name)
            if found is not None:
                roles = frozenset(role for role in ROLES if found.admits((role,)))
                yield Right(entry.label, roles)


@dataclass(frozen=True, slots=True)
class Part:
    """What an SOP asks of one role: the steps it does and those it judges, by title."""

    role: Words
    does: list[str]
    judges: list[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One SOP, and what it asks of whom."""

    key: str
    title: str
    parts: list[Part]


def asked_by_sops() -> list[Asked]:
    """What the current version of each SOP asks of each role. Two queries and what is kept in memory."""
    return [
        Asked(version.key, version.title, list(_parts(program_of(version.pk)))) for version in current_versions()
    ]  # fmt: skip


def _parts(program: Program) -> Iterable[Part]:
    does: dict[str, list[str]] = {}
    judges: dict[str, list[str]] = {}
    for key, step in program.steps.items():
        title = step_title(program, key)
        for judge in step.judges:
            judges.setdefault(MANAGER if judge.role == ABOVE else judge.role, []).append(title)
        if not step.judges:
            does.setdefault(REP if step.role == OWNER else step.role, []).append(title)
    for role, one in ROLES.items():
        if role in does or role in judges:
            yield Part(one.name, does.get(role, []), list(dict.fromkeys(judges.get(role, []))))

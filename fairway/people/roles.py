"""The eight roles of a sales team, a closed set (F1). A role says what one may do; scope.py says what one sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REP = "rep"
MANAGER = "manager"
PRODUCT = "product"
SUPPORT = "support"
LEGAL = "legal"
FINANCE = "finance"
SERVICE = "service"
ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Role:
    """One role: its key in documents and JSON, its name on the screen, and what its holder does."""

    key: str
    name: str | Promise
    does: str | Promise


_ALL = (
    Role(REP, _("Sales rep"), _("Works leads and deals, fills the forms of each stage, claims from the pool.")),
    Role(
        MANAGER,
        _("Sales manager"),
        _("Sees the work of the team and the teams below it, judges scores and exceptions, assigns, grants waivers."),
    ),
    Role(PRODUCT, _("Product manager"), _("Joins second talks, says what is feasible, reviews proposals.")),
    Role(SUPPORT, _("Technical support"), _("Reviews feasibility, delivers, trains, keeps the delivery dates.")),
    Role(LEGAL, _("Legal"), _("Reviews contracts and clauses that depart from the template.")),
    Role(FINANCE, _("Finance"), _("Reviews payment terms, confirms money received, issues invoices.")),
    Role(SERVICE, _("Customer service"), _("Takes in complaints, answers the customer, follows them to the end.")),
    Role(
        ADMIN,
        _("Administrator"),
        _("Keeps users, teams, roles and settings. Sees every record, but judges none and passes no gate."),
    ),
)

ROLES: MappingProxyType[str, Role] = MappingProxyType({role.key: role for role in _ALL})
"""Every role by key, in the order of the screen."""

POOL_ROLES = frozenset({REP, MANAGER, ADMIN})
"""Who sees objects that nobody owns (the public pool, L12)."""


def role_choices() -> list[tuple[str, str | Promise]]:
    """(key, name) pairs for model and form fields."""
    return [(role.key, role.name) for role in _ALL]


def unknown_roles(keys: Iterable[str]) -> list[str]:
    """Return the keys that are no role, sorted."""
    return sorted(set(keys) - set(ROLES))

"""Tables of people: who uses Fairway, in which team, with which roles."""

from fairway.people.models.absence import Absence
from fairway.people.models.api_token import ApiToken
from fairway.people.models.audit_entry import AuditEntry
from fairway.people.models.firm import Firm
from fairway.people.models.role_grant import RoleGrant
from fairway.people.models.team import Team
from fairway.people.models.user import User

__all__ = ["Absence", "ApiToken", "AuditEntry", "Firm", "RoleGrant", "Team", "User"]

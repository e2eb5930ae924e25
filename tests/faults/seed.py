"""Fills a data folder for the fault tests: a rep with a token, and leads whose clocks are due. Prints the token."""

import sys
from datetime import UTC, datetime, timedelta

from fairway import home

home.prepare()

from fairway.leads.actions import register_lead  # noqa: E402 - Django has to be set up first
from fairway.people.actions.teams import create_team  # noqa: E402
from fairway.people.actions.tokens import create_token  # noqa: E402
from fairway.people.actions.users import create_user  # noqa: E402
from fairway.people.models import User  # noqa: E402
from tests.fixtures_runs import LEAD  # noqa: E402

NOW = datetime.now(UTC)


def main(late):
    """Make the people, and so many leads that came in ten days ago and were left lying."""
    team = create_team("East", by=None, now=NOW)
    for name, role in (("rep", "rep"), ("boss", "manager"), ("admin", "admin")):
        create_user(
            username=name, email=f"{name}@example.com", display_name=name, team=team, roles=[role], by=None, now=NOW
        )
    rep = User.objects.with_roles().get(username="rep")
    for number in range(late):
        values = {**LEAD, "company_name": f"晚了{number}", "contact_phone": f"1370000{number:04d}"}
        register_lead(values, by=rep, owner=rep, now=NOW - timedelta(days=10))
    _token, clear = create_token(
        rep, name="faults", scopes=("leads:read", "leads:write"), expires_at=NOW + timedelta(days=1), by=rep, now=NOW
    )
    print(clear)


main(int(sys.argv[1]))
